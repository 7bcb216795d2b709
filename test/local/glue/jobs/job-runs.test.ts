/** A job run's life where the SDK does not reach: its real time limit, retries after a crash, what the bus hears. */
import type { JobRun } from "@aws-sdk/client-glue";
import { describe, expect, it } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createJumpingClock } from "../../../../local/cloud/clock/jumping-clock.ts";
import { createSystemClock } from "../../../../local/cloud/clock/system-clock.ts";
import { AccessDeniedException } from "../../../../local/cloud/ports/aws-error.ts";
import type { Authorizer, ObjectStore } from "../../../../local/cloud/ports/service.ts";
import { createGlue } from "../../../../local/glue/create-glue.ts";
import { openDoor, rootContext, testDeps, type TestDeps } from "../../../support/service-deps.ts";

const roleArn = "arn:aws:iam::000000000000:role/job";

interface World {
  readonly deps: TestDeps;
  readonly events: unknown[];
  readonly printed: Map<string, string[]>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests name the operation whose output they read
  run(operation: string, input?: object): Promise<any>;
  runs(): Promise<JobRun[]>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

interface Options {
  readonly store?: TestDeps["store"];
  readonly authorizer?: Authorizer;
  /** Real time, too, jumps to the next limit. */
  readonly isHurried?: boolean;
}

function world(script: string, more: Options = {}): World {
  const deps = testDeps(more.store ? { store: more.store } : {});
  const events: unknown[] = [];
  const printed = new Map<string, string[]>();
  const scratchDirectory = mkdtempSync(join(tmpdir(), "outrank-jobs-"));
  const objects: Pick<ObjectStore, "read"> = { read: () => Promise.resolve(Readable.from([Buffer.from(script)])) };
  const { service } = createGlue({
    ...{ ...deps, authorizer: more.authorizer ?? openDoor, objects: objects as ObjectStore, scratchDirectory },
    ...{
      realClock: more.isHurried ? createJumpingClock() : createSystemClock(),
      endpointUrl: () => "http://127.0.0.1:1",
    },
    issueCredentials: () => ({ accessKeyId: "ASIA", secretAccessKey: "s", sessionToken: "t" }),
    events: { emit: (event) => Promise.resolve(void events.push(event)) },
    appendLog: (group, _, lines) => void printed.set(group, [...(printed.get(group) ?? []), ...lines]),
  });
  const run: World["run"] = async (operation, input = {}) => service.operations[operation]?.(input, rootContext);
  return {
    ...{ deps, events, printed, run },
    runs: async () => ((await run("GetJobRuns", { JobName: "prepare" })) as { JobRuns: JobRun[] }).JobRuns,
    resume: async () => service.resume?.(),
    close: async () => {
      await service.close?.();
      rmSync(scratchDirectory, { recursive: true, force: true });
    },
  };
}

const job = (more: object = {}) => ({
  ...{ Name: "prepare", Role: roleArn, Command: { Name: "glueetl", ScriptLocation: "s3://lake/job.cjs" } },
  ...more,
});
const start = { JobName: "prepare" };
const forEver = "setInterval(() => {}, 1000)";

describe("a job run", () => {
  it("ends as TIMEOUT when its real minutes are over", async () => {
    const { run, runs, deps, events, close } = world(forEver, { isHurried: true });
    await run("CreateJob", job({ Timeout: 30, MaxRetries: 1 }));
    await run("StartJobRun", { ...start, Timeout: 2 });
    await deps.clock.idle();

    expect(await runs()).toMatchObject([{ JobRunState: "TIMEOUT", ErrorMessage: "Job timed out", Timeout: 2 }]);
    expect((await runs())[0]?.ExecutionTime).toBe(120);
    expect(events).toMatchObject([
      {
        ...{ source: "aws.glue", detailType: "Glue Job State Change" },
        detail: { jobName: "prepare", state: "TIMEOUT", severity: "ERROR", message: "Job timed out" },
      },
    ]);
    await close();
  });

  it("that was running at a crash has failed, and is tried again when the job says so", async () => {
    const first = world("");
    first.deps.clock.hold();
    await first.run("CreateJob", job({ MaxRetries: 1 }));
    const { JobRunId: id } = (await first.run("StartJobRun", start)) as { JobRunId: string };
    const before = first.deps.store.table<object>("glue/job-runs");
    before.put(id, { ...before.get(id), status: "RUNNING" });
    await first.close();
    const second = world("", { store: first.deps.store });
    await second.resume();
    await second.deps.clock.idle();

    const [retry, crashed] = await second.runs();
    expect(crashed).toMatchObject({ Id: id, JobRunState: "FAILED" });
    expect(retry).toMatchObject({ Id: `${id}_attempt_1`, PreviousRunId: id, Attempt: 1, JobRunState: "SUCCEEDED" });
    await second.close();
  });

  it("keeps no log that its role may not write, and says so once", async () => {
    const authorizer: Authorizer = {
      authorize: (_, { action, resource }) => {
        throw new AccessDeniedException("the role", action, resource);
      },
      assertAssumable: () => {},
    };
    const { run, runs, deps, printed, close } = world("console.log(1); console.log(2)", { authorizer });
    await run("CreateJob", job());
    await run("StartJobRun", start);
    await deps.clock.idle();

    expect(await runs()).toMatchObject([{ JobRunState: "SUCCEEDED" }]);
    expect(printed.size).toBe(0);
    expect(deps.lines.filter((line) => line.includes("the output of job prepare is lost"))).toHaveLength(1);
    await close();
  });

  it("of a role that Glue cannot assume fails before anything runs", async () => {
    const assertAssumable = () => {
      throw new AccessDeniedException("glue.amazonaws.com", "sts:AssumeRole", roleArn);
    };
    const { run, runs, deps, close } = world("", { authorizer: { ...openDoor, assertAssumable } });
    await run("CreateJob", job());
    await run("StartJobRun", start);
    await deps.clock.idle();

    const error = expect.stringMatching(/^AccessDeniedException: .*sts:AssumeRole/) as unknown;
    expect(await runs()).toMatchObject([{ JobRunState: "FAILED", ErrorMessage: error, ExecutionTime: 0 }]);
    await close();
  });
});
