/** Which retrier or catcher answers a failure, and how long a retrier makes the state wait. */
import type { RandomSource } from "../../cloud/ports/clock.ts";
import type { StateFailure } from "../language/failure.ts";
import type { Catcher, Retrier } from "../program/definition.ts";

type Failed = Pick<StateFailure, "error" | "origin">;

const defaultMaxAttempts = 3;

/** States.Runtime is not caught even when named; a size error only where a called service caused it (fact 22). */
function isTerminal({ error, origin }: Failed): boolean {
  return error === "States.Runtime" || (error === "States.DataLimitExceeded" && origin.kind !== "task");
}

export function matchesError(errorEquals: readonly string[], failed: Failed): boolean {
  if (isTerminal(failed)) return false;
  const { error, origin } = failed;
  const byTask = origin.kind === "task";
  return errorEquals.some(
    (name) =>
      name === error ||
      name === "States.ALL" ||
      (name === "States.TaskFailed" && byTask && error !== "States.Timeout") ||
      (name === "States.HeartbeatTimeout" && byTask && origin.missedHeartbeat === true),
  );
}

/** Seconds before the attempt after `used` retries by this retrier: interval × rate^used, capped, then jittered. */
export function retryDelaySeconds(retrier: Retrier, used: number, random: RandomSource): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Infinity, JitterStrategy = "NONE" } = retrier;
  const delay = Math.min(IntervalSeconds * BackoffRate ** used, MaxDelaySeconds);
  return JitterStrategy === "FULL" ? delay * random() : delay;
}

/** The retrier to use, by its index; undefined when none matches or the first that matches is used up. */
export function chooseRetrier(
  retriers: readonly Retrier[],
  used: readonly number[],
  failed: Failed,
): number | undefined {
  const index = retriers.findIndex((retrier) => matchesError(retrier.ErrorEquals, failed));
  const retrier = retriers[index];
  if (!retrier) return undefined;
  return (used[index] ?? 0) < (retrier.MaxAttempts ?? defaultMaxAttempts) ? index : undefined;
}

export function chooseCatcher(catchers: readonly Catcher[], failed: Failed): number | undefined {
  const index = catchers.findIndex((catcher) => matchesError(catcher.ErrorEquals, failed));
  return index < 0 ? undefined : index;
}
