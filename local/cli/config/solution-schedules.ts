/**
 * Schedules of the parameter file. There each solution has its own; a group has one for each stage here, so that the
 * first of a kind is taken and others that differ are named.
 */
import { scheduleFault } from "../../../pipeline/config/schedule.ts";
import { dueTimes, expressionFault } from "./due-times.ts";
import type { Source } from "./source.ts";

export interface GroupSchedules {
  readonly schedule?: object;
  readonly cadence?: object;
}

export interface FoundSchedules {
  readonly imports: Source;
  /** Of all solutions that stay. */
  readonly full: readonly Source[];
  readonly update: readonly Source[];
  readonly batch: readonly Source[];
  readonly eventTracker: boolean;
}

/** The Solution reads its schedules in UTC. */
const timezone = "UTC";

/** The expression, or undefined with a reason said. */
export function expressionFrom(source: Source): string | undefined {
  if (source.value === undefined) return undefined;
  const expression = source.text()?.trim() ?? "";
  const fault = scheduleFault(expression) ?? expressionFault({ expression, timezone });
  if (fault === undefined) return expression;
  source.leave(`no schedule: ${fault}`);
  return undefined;
}

/** The first one; the others are told to be the same or left. */
function oneOf(sources: readonly Source[], what: string): string | undefined {
  let first: string | undefined;
  for (const source of sources) {
    const expression = expressionFrom(source);
    first ??= expression;
    if (expression !== undefined && expression !== first) {
      source.leave(`a group ${what} on one schedule, and ${first} was taken; for another one make another group`);
    }
  }
  return first;
}

/** With UPDATE versions the run follows the more frequent schedule, and fullTrainingDays says when to train anew. */
export function schedulesFrom({ imports, full, update, batch, eventTracker }: FoundSchedules): GroupSchedules {
  const importing = expressionFrom(imports);
  const training = oneOf(update, "updates its models") ?? oneOf(full, "trains");
  const jobs = oneOf(batch, "runs its batch jobs");
  const timed = (expression: string) => ({ expression, timezone });
  // Streamed events change no file, and the Solution trains whenever its schedule says so.
  const trained = (expression: string) => ({
    ...timed(expression),
    ...(eventTracker ? { whenUnchanged: "retrain" } : {}),
  });
  const own = {
    ...(importing === undefined ? {} : { import: timed(importing) }),
    ...(importing !== undefined && training !== undefined ? { onUpload: "import", train: trained(training) } : {}),
    ...(jobs === undefined ? {} : { batch: timed(jobs) }),
  };
  return {
    ...(importing === undefined && training !== undefined ? { schedule: trained(training) } : {}),
    ...(Object.keys(own).length === 0 ? {} : { cadence: own }),
  };
}

/** Days between two full trainings, by their schedule. */
export function daysBetween(expression: string): number | undefined {
  const [first, second] = dueTimes({ expression, timezone }, Date.UTC(2026, 0, 1), 2);
  return first === undefined || second === undefined
    ? undefined
    : Math.max(1, Math.round((second - first) / 86_400_000));
}
