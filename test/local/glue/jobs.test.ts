/** Jobs through the SDK: scripts that really run, with the role's credentials, and every way in which a run ends. */
import {
  BatchStopJobRunCommand,
  CreateJobCommand,
  type CreateJobCommandInput,
  GetJobRunCommand,
  GetJobRunsCommand,
  type JobRun,
  StartJobRunCommand,
  type StartJobRunCommandInput,
} from "@aws-sdk/client-glue";
import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { bucket, type GlueCloud, roleArn, startGlueCloud } from "./glue-cloud.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const withPython = hasPython ? it : it.skip;

/** And then goes on for ever. */
const saysItIsUp = `
  const body = new URLSearchParams({ Action: "GetCallerIdentity", Version: "2011-06-15" });
  fetch(process.env.AWS_ENDPOINT_URL, { method: "POST", body });
  setInterval(() => {}, 1000);`;

let lake: GlueCloud;

beforeEach(async () => {
  lake = await startGlueCloud();
});
afterEach(() => lake.close());

async function makeJob(script: string, more: Partial<CreateJobCommandInput> = {}, key = "scripts/job.mjs") {
  await lake.put(key, script);
  const Command = { Name: "pythonshell", ScriptLocation: `s3://${bucket}/${key}` };
  await lake.glue.send(new CreateJobCommand({ Name: "prepare", Role: roleArn, Command, ...more }));
}

async function start(more: Partial<StartJobRunCommandInput> = {}): Promise<string> {
  return (await lake.glue.send(new StartJobRunCommand({ JobName: "prepare", ...more }))).JobRunId ?? "";
}

async function look(RunId: string): Promise<JobRun> {
  return (await lake.glue.send(new GetJobRunCommand({ JobName: "prepare", RunId }))).JobRun ?? {};
}

async function logOf(stream: "output" | "error", RunId: string): Promise<string[]> {
  const logs = new CloudWatchLogsClient({
    ...{ endpoint: lake.cloud.url, region: "us-east-1" },
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const request = { logGroupName: `/aws-glue/python-jobs/${stream}`, logStreamName: RunId };
  const { events = [] } = await logs.send(new GetLogEventsCommand(request));
  logs.destroy();
  return events.map(({ message = "" }) => message);
}

describe("a job run", () => {
  it("gives the script the job's and the run's arguments, and keeps what it prints", async () => {
    await makeJob("console.log(JSON.stringify(process.argv.slice(2)))", {
      DefaultArguments: { "--group": "books", "--days": "7" },
      NonOverridableArguments: { "--safe": "yes" },
    });
    const id = await start({ Arguments: { "--days": "30", "--safe": "no" } });
    await lake.clock.idle();

    expect(await look(id)).toMatchObject({
      JobRunState: "SUCCEEDED",
      Attempt: 0,
      LogGroupName: "/aws-glue/python-jobs",
    });
    const [line = ""] = await logOf("output", id);
    const given = ["--group", "books", "--days", "30", "--safe", "yes"];
    expect(JSON.parse(line)).toEqual([...given, "--JOB_NAME", "prepare", "--JOB_RUN_ID", id]);
  });

  it("acts as the job's role, and sees nothing of the environment of this process", async () => {
    process.env.OUTRANK_SECRET = "leaked";
    const names = ["AWS_ENDPOINT_URL", "AWS_REGION", "OUTRANK_SECRET"];
    const script = `
      const seen = ${JSON.stringify(names)}.map((name) => process.env[name] ?? null);
      console.log(JSON.stringify([...seen, process.env.AWS_ACCESS_KEY_ID]));`;
    await makeJob(script);
    const id = await start();
    await lake.clock.idle();
    delete process.env.OUTRANK_SECRET;

    const [line = ""] = await logOf("output", id);
    const [url, region, secret, key] = JSON.parse(line) as string[];
    expect([url, region, secret]).toEqual([lake.cloud.url, "us-east-1", null]);
    expect(key).toMatch(/^ASIA/);
  });

  withPython("runs Python with Glue's way of reading arguments", async () => {
    const script = [
      "import sys",
      "from awsglue.utils import getResolvedOptions",
      "options = getResolvedOptions(sys.argv, ['JOB_NAME', 'input'])",
      "print(options['JOB_NAME'], options['input'])",
    ].join("\n");
    await makeJob(script, { DefaultArguments: { "--input": "raw/" } }, "scripts/job.py");
    const id = await start();
    await lake.clock.idle();

    expect(await look(id)).toMatchObject({ JobRunState: "SUCCEEDED" });
    expect(await logOf("output", id)).toEqual(["prepare raw/"]);
  });

  it.each([
    {
      why: "what the script said last on stderr",
      script: `console.error("first"); console.error("no such column: ITEM"); process.exit(3)`,
      error: "first\nno such column: ITEM",
    },
    { why: "its exit code when it said nothing", script: "process.exit(3)", error: "Command failed with exit code 3" },
  ])("fails with $why", async ({ script, error }) => {
    await makeJob(script);
    const id = await start();
    await lake.clock.idle();

    expect(await look(id)).toMatchObject({ JobRunState: "FAILED", ErrorMessage: error });
  });

  it("is tried again as often as the job says, each time as a run of its own", async () => {
    await makeJob("process.exit(1)", { MaxRetries: 2 });
    const id = await start();
    await lake.clock.idle();

    const { JobRuns = [] } = await lake.glue.send(new GetJobRunsCommand({ JobName: "prepare" }));
    expect(
      JobRuns.map(({ Id, PreviousRunId, Attempt, JobRunState }) => [Id, PreviousRunId, Attempt, JobRunState]),
    ).toEqual([
      [`${id}_attempt_2`, `${id}_attempt_1`, 2, "FAILED"],
      [`${id}_attempt_1`, id, 1, "FAILED"],
      [id, undefined, 0, "FAILED"],
    ]);
  });

  it("is refused while as many run as the job allows", async () => {
    await makeJob(";");
    const release = lake.clock.hold();
    await start();

    await expect(start()).rejects.toMatchObject({ name: "ConcurrentRunsExceededException" });
    release();
    await lake.clock.idle();
    await start();
    await lake.clock.idle();
  });

  it("is stopped with everything that its script started", async () => {
    const child = `require("node:child_process").spawn("sleep", ["600"], { stdio: "inherit" })`;
    await makeJob(`${child}; ${saysItIsUp}`, {}, "scripts/job.cjs");
    const isUp = lake.askedWho();
    const id = await start();
    await isUp;
    const request = { JobName: "prepare", JobRunIds: [id, "jr_unknown"] };
    const answer = await lake.glue.send(new BatchStopJobRunCommand(request));

    expect(answer.SuccessfulSubmissions).toEqual([{ JobName: "prepare", JobRunId: id }]);
    expect(answer.Errors).toMatchObject([
      { JobRunId: "jr_unknown", ErrorDetail: { ErrorCode: "EntityNotFoundException" } },
    ]);
    expect(await look(id)).toMatchObject({ JobRunState: "STOPPED" });
  });

  it("that was waiting for its turn when the cloud ended begins again; one that was running has failed", async () => {
    await makeJob(saysItIsUp, { ExecutionProperty: { MaxConcurrentRuns: 2 } });
    const isUp = lake.askedWho();
    const running = await start();
    await isUp;
    await lake.put("scripts/job.mjs", ";");
    const waiting = await start();
    lake = await lake.restart();
    await lake.clock.idle();

    const error = expect.stringMatching(/^The embedded cloud ended while the job was running/) as unknown;
    expect(await look(running)).toMatchObject({ JobRunState: "FAILED", ErrorMessage: error });
    expect(await look(waiting)).toMatchObject({ JobRunState: "SUCCEEDED" });
  });

  it.each([
    { why: "a script that is not there", location: `s3://${bucket}/none.py`, error: /^NoSuchKey: / },
    {
      why: "a language that this machine cannot run",
      location: `s3://${bucket}/job.scala`,
      error: /job\.scala cannot run/,
    },
  ])("fails for $why", async ({ location, error }) => {
    await makeJob(";", { Command: { Name: "glueetl", ScriptLocation: location } });
    const id = await start();
    await lake.clock.idle();

    expect(await look(id)).toMatchObject({ JobRunState: "FAILED", LogGroupName: "/aws-glue/jobs" });
    expect((await look(id)).ErrorMessage).toMatch(error);
  });
});
