/**
 * The life of evaluation runs: STARTING, RUNNING, then SUCCEEDED with a result for each ruleset, or FAILED, STOPPED, TIMEOUT.
 *
 * Invariants
 *   E1  A run that was under way when the process ended begins again; it has written nothing but its own record.
 *   E2  A run and its results become durable together: SUCCEEDED without results is never seen.
 */
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { TableUnreadable } from "../data/table-format.ts";
import { type EvaluationRunRecord, type EvaluationStatus, type Glue, keptMilliseconds } from "../state.ts";
import { evaluateRun, type RulesetEvaluation } from "./evaluate-run.ts";
import { announceResult } from "./announce-result.ts";
import { withWaits } from "./busy-waits.ts";
import { toResult } from "./result-record.ts";

/** What the service takes to find workers, and at least to look at data. Scaled like every wait. */
const startingMilliseconds = 15_000;
const runningMilliseconds = 30_000;

/** In minutes, when the request names none. */
const defaultTimeout = 120;

export interface EvaluationRuns {
  begin(run: EvaluationRunRecord): void;
  /** Resolves once the run will not go on. */
  cancel(id: string): Promise<void>;
  resume(): void;
  close(): Promise<void>;
}

class Ended extends Error {
  readonly status: EvaluationStatus | undefined;
  constructor(status: EvaluationStatus | undefined) {
    super(`ended as ${status ?? "the cloud closed"}`);
    this.status = status;
  }
}

interface Going {
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

export function createEvaluationRuns(glue: Glue): EvaluationRuns {
  const { clock } = glue.deps;
  const going = new Map<string, Going>();

  function begin(run: EvaluationRunRecord): void {
    const controller = new AbortController();
    const limit = (run.request.Timeout ?? defaultTimeout) * 60_000;
    const timer = clock.at(clock.now() + limit, () => controller.abort(new Ended("TIMEOUT")));
    const done = perform(glue, run, controller.signal).finally(() => {
      timer.cancel();
      going.delete(run.id);
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
    cancel: (id) => stop(id, new Ended("STOPPED")),
    resume() {
      forgetOld(glue);
      for (const run of [...glue.evaluationRuns.values()]) if (isUnderWay(run)) begin(run);
    },
    async close() {
      await Promise.all([...going.keys()].map((id) => stop(id, new Ended(undefined))));
    },
  };
}

export const isUnderWay = ({ status }: Pick<EvaluationRunRecord, "status">): boolean =>
  status === "STARTING" || status === "RUNNING" || status === "STOPPING";

function perform(glue: Glue, run: EvaluationRunRecord, signal: AbortSignal): Promise<void> {
  return withWaits(glue.deps.clock, signal, async (wait) => {
    try {
      await put(glue, run, { status: "STARTING" });
      await wait(startingMilliseconds);
      await put(glue, run, { status: "RUNNING" });
      const evaluations = await evaluateRun(glue, run, signal);
      await wait(runningMilliseconds);
      await succeed(glue, run, evaluations);
    } catch (error) {
      if (signal.aborted && signal.reason instanceof Ended) await end(glue, run, signal.reason);
      else await put(glue, run, { status: "FAILED", error: reasonOf(glue, run, error) });
    }
  });
}

async function succeed(glue: Glue, run: EvaluationRunRecord, evaluations: readonly RulesetEvaluation[]): Promise<void> {
  const { ids, clock } = glue.deps;
  const times = { startedAt: run.startedAt, completedAt: clock.now() };
  const results = evaluations.map((evaluation) => toResult(`dqresult-${ids.hex(40)}`, run, evaluation, times));
  for (const result of results) glue.results.put(result.ResultId ?? "", result);
  await put(glue, run, { status: "SUCCEEDED", resultIds: results.map(({ ResultId = "" }) => ResultId) });
  for (const result of results) await announceResult(glue, result);
}

/** Closing leaves the record as it is: the run begins again at the next start. */
async function end(glue: Glue, run: EvaluationRunRecord, { status }: Ended): Promise<void> {
  if (status === undefined) return;
  const error = status === "TIMEOUT" ? { error: "The run exceeded its timeout." } : {};
  await put(glue, run, { status, ...error });
}

async function put(glue: Glue, run: EvaluationRunRecord, change: Partial<EvaluationRunRecord>): Promise<void> {
  const now = glue.deps.clock.now();
  const before = glue.evaluationRuns.get(run.id) ?? run;
  const after = { ...before, ...change, modifiedAt: now };
  glue.evaluationRuns.put(run.id, isUnderWay(after) ? after : { ...after, completedAt: now });
  await glue.deps.store.commit();
}

/** What the run's ErrorString says. */
function reasonOf({ deps }: Glue, { id }: EvaluationRunRecord, error: unknown): string {
  if (error instanceof AwsError) return `${error.name}: ${error.message}`;
  if (error instanceof TableUnreadable) return error.message;
  deps.log(`glue: evaluation run ${id}: ${(error as Error | undefined)?.stack ?? String(error)}`);
  return `The run failed inside the embedded cloud; its log has the details under ${id}`;
}

function forgetOld(glue: Glue): void {
  const oldest = glue.deps.clock.now() - keptMilliseconds;
  for (const [id, { completedAt = Infinity, resultIds }] of [...glue.evaluationRuns.entries()]) {
    if (completedAt >= oldest) continue;
    for (const resultId of resultIds) glue.results.delete(resultId);
    glue.evaluationRuns.delete(id);
  }
}
