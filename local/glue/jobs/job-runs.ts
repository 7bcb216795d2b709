/**
 * The life of job runs: STARTING, RUNNING, then SUCCEEDED, FAILED, STOPPED or TIMEOUT; a failed one is run again as often
 * as the job says.
 *
 * Invariants
 *   R1  RUNNING is on disk before the script starts: a run found STARTING after a crash has done nothing and begins again;
 *       one found RUNNING may have done anything and is FAILED, and retried only when the job asks for retries.
 *   R2  A retry is on disk together with the failure that it follows.
 */
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { withWaits } from "../runs/busy-waits.ts";
import { glueArn, type Glue, type JobRunRecord, type JobRunStatus, keptMilliseconds } from "../state.ts";
import { JobUnrunnable } from "./interpreters.ts";
import { performJobRun } from "./perform-job-run.ts";
import type { ScriptEnd } from "./run-script.ts";

/** What the service takes to find workers. Scaled like every wait. */
const startingMilliseconds = 10_000;

/** In minutes, where neither the run nor the job names one. */
export const defaultTimeout = 2880;

const longestMessage = 2000;

export interface JobRuns {
  begin(run: JobRunRecord): void;
  /** Resolves once the run will not go on. */
  stop(id: string): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

class Ended extends Error {
  readonly status: "STOPPED" | "TIMEOUT" | undefined;
  constructor(status: "STOPPED" | "TIMEOUT" | undefined) {
    super(`ended as ${status ?? "the cloud closed"}`);
    this.status = status;
  }
}

interface Going {
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

export function createJobRuns(glue: Glue): JobRuns {
  const { clock } = glue.deps;
  const going = new Map<string, Going>();
  let isClosed = false;

  function begin(run: JobRunRecord): void {
    const controller = new AbortController();
    const work = withWaits(clock, controller.signal, (wait) => perform(glue, run, controller, wait));
    const done = work.then((next) => {
      going.delete(run.id);
      if (next && !isClosed) begin(next);
    });
    going.set(run.id, { controller, done });
  }

  async function stop(id: string, reason: Ended): Promise<void> {
    const one = going.get(id);
    one?.controller.abort(reason);
    await one?.done;
  }

  return {
    begin,
    stop: (id) => stop(id, new Ended("STOPPED")),
    async resume() {
      forgetOld(glue);
      for (const run of [...glue.jobRuns.values()].filter(isUnderWay)) {
        const isUntouched = run.status === "STARTING";
        const error =
          "The embedded cloud ended while the job was running; what the script had done by then stays done.";
        const next = isUntouched ? run : await finish(glue, run, { status: "FAILED", error });
        if (next) begin(next);
      }
    },
    async close() {
      isClosed = true;
      await Promise.all([...going.keys()].map((id) => stop(id, new Ended(undefined))));
    },
  };
}

export const isUnderWay = ({ status }: Pick<JobRunRecord, "status">): boolean =>
  status === "STARTING" || status === "RUNNING" || status === "STOPPING";

/** @returns the run that follows, where the job asks for one. */
async function perform(
  glue: Glue,
  run: JobRunRecord,
  controller: AbortController,
  wait: (milliseconds: number) => Promise<void>,
): Promise<JobRunRecord | undefined> {
  const { realClock } = glue.deps;
  const { signal } = controller;
  let begun: number | undefined;
  const ending = (status: JobRunStatus, error?: string) => {
    const executionSeconds = begun === undefined ? 0 : Math.ceil((realClock.now() - begun) / 1000);
    return finish(glue, run, { status, executionSeconds, ...(error !== undefined && { error }) });
  };
  try {
    await wait(startingMilliseconds);
    await put(glue, run, { status: "RUNNING" });
    begun = realClock.now();
    const minutes = run.request.Timeout ?? run.job.Timeout ?? defaultTimeout;
    const limit = realClock.at(begun + minutes * 60_000, () => controller.abort(new Ended("TIMEOUT")));
    const end = await performJobRun(glue, run, signal).finally(() => limit.cancel());
    signal.throwIfAborted();
    return await (end.exitCode === 0 ? ending("SUCCEEDED") : ending("FAILED", failureOf(end)));
  } catch (error) {
    if (!(signal.reason instanceof Ended)) {
      begun = undefined; // the script did not run, so that no time of it counts
      return ending("FAILED", reasonOf(glue, run, error));
    }
    const { status } = signal.reason;
    // The cloud closes: the record stays as it is for the next start to find.
    return status && ending(status, status === "TIMEOUT" ? "Job timed out" : undefined);
  }
}

function failureOf({ exitCode, lastErrors }: ScriptEnd): string {
  const how = exitCode === undefined ? "Command was killed" : `Command failed with exit code ${exitCode}`;
  const said = lastErrors.join("\n").trim();
  return said === "" ? how : said.slice(-longestMessage);
}

/** What the run's ErrorMessage says when the script never ran. */
function reasonOf({ deps }: Glue, { id }: JobRunRecord, error: unknown): string {
  if (error instanceof AwsError) return `${error.name}: ${error.message}`;
  if (error instanceof JobUnrunnable) return error.message;
  deps.log(`glue: job run ${id}: ${(error as Error | undefined)?.stack ?? String(error)}`);
  return `The run failed inside the embedded cloud; its log has the details under ${id}`;
}

async function put(glue: Glue, run: JobRunRecord, change: Partial<JobRunRecord>): Promise<JobRunRecord> {
  const after = { ...run, ...change, modifiedAt: glue.deps.clock.now() };
  glue.jobRuns.put(run.id, after);
  await glue.deps.store.commit();
  return after;
}

async function finish(
  glue: Glue,
  run: JobRunRecord,
  change: Pick<JobRunRecord, "status"> & Partial<JobRunRecord>,
): Promise<JobRunRecord | undefined> {
  const now = glue.deps.clock.now();
  const next = change.status === "FAILED" && run.attempt < (run.job.MaxRetries ?? 0) ? retryOf(run, now) : undefined;
  if (next) glue.jobRuns.put(next.id, next);
  await announce(glue, await put(glue, run, { ...change, completedAt: now }));
  return next;
}

/** `jr_…`, `jr_…_attempt_1`, `jr_…_attempt_2`. */
function retryOf({ error: _, completedAt: __, ...run }: JobRunRecord, now: number): JobRunRecord {
  const attempt = run.attempt + 1;
  return {
    ...run,
    ...{ id: `${run.id.replace(/_attempt_\d+$/, "")}_attempt_${attempt}`, previousRunId: run.id, attempt },
    ...{ status: "STARTING", startedAt: now, modifiedAt: now, executionSeconds: 0 },
  };
}

/** Tells EventBridge's default bus, as Glue does. */
async function announce({ deps }: Glue, { id, jobName, status, error }: JobRunRecord): Promise<void> {
  const messages: Partial<Record<JobRunStatus, string>> = {
    SUCCEEDED: "Job run succeeded",
    STOPPED: "Job run stopped",
  };
  await deps.events.emit({
    source: "aws.glue",
    detailType: "Glue Job State Change",
    resources: [glueArn(deps, `job/${jobName}`)],
    detail: {
      ...{ jobName, state: status, jobRunId: id, message: messages[status] ?? error ?? status },
      severity: status === "SUCCEEDED" ? "INFO" : status === "STOPPED" ? "WARN" : "ERROR",
    },
  });
}

function forgetOld({ deps, jobRuns }: Glue): void {
  const oldest = deps.clock.now() - keptMilliseconds;
  for (const [id, { completedAt = Infinity }] of [...jobRuns.entries()]) if (completedAt < oldest) jobRuns.delete(id);
}
