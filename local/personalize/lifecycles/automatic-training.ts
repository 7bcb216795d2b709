/**
 * Solutions that train by themselves (reference, section 2.1): the first version within the hour, then one every N days from the start
 * of the previous training, and only when interactions have arrived since. Due times are rows, so they outlive the process.
 */
import type { Clock, Timer } from "../../cloud/ports/clock.ts";
import type { Table } from "../../cloud/ports/store.ts";
import type { AutoTrainingRow } from "../model.ts";

export interface AutomaticTraining {
  /** (Re)starts the schedule of a solution, or ends it when the solution does not train by itself. */
  schedule(solutionArn: string): void;
  unschedule(solutionArn: string): void;
  resume(): void;
  close(): void;
}

/** What a look at a solution sees; instants in epoch milliseconds, durations as the clock scales them. */
export interface Sight {
  readonly intervalMs: number;
  /** Start of the newest training of any type. */
  readonly lastStart: number | undefined;
  /** When interactions last arrived. */
  readonly newInteractionsAt: number | undefined;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A duration as `clock` takes it: shorter under a time scale. */
const scaled = (clock: Clock, milliseconds: number) => clock.deadline(milliseconds) - clock.now();

/** Train now? And how long until the next look. Pure. */
export function decideTraining(
  { intervalMs, lastStart, newInteractionsAt }: Sight,
  { now, graceMs, firstLook }: { now: number; graceMs: number; firstLook: boolean },
): { train: boolean; nextLookMs: number } {
  const sinceLast = lastStart === undefined ? Infinity : now - lastStart;
  const hasNews = newInteractionsAt !== undefined && newInteractionsAt > (lastStart ?? -Infinity);
  // The first look comes an hour after the solution (or its schedule) was made; a training within that hour stands for it.
  const isDue = firstLook ? sinceLast > graceMs : sinceLast >= intervalMs;
  if (isDue && hasNews) return { train: true, nextLookMs: intervalMs };
  return { train: false, nextLookMs: sinceLast < intervalMs ? intervalMs - sinceLast : intervalMs };
}

/** `rate(7 days)` in milliseconds; undefined when it is not 1 to 30 whole days. */
export function intervalOf(expression: string): number | undefined {
  const match = /^rate\((\d+) days?\)$/.exec(expression);
  const days = Number(match?.[1]);
  return match && days >= 1 && days <= 30 ? days * dayMs : undefined;
}

export interface AutomaticTrainingDeps {
  readonly clock: Clock;
  readonly table: Table<AutoTrainingRow>;
  readonly commit: () => Promise<void>;
  readonly log: (line: string) => void;
  /** Undefined when the solution is gone or does not train by itself. */
  readonly look: (solutionArn: string) => Sight | undefined;
  readonly train: (solutionArn: string) => Promise<unknown>;
}

export function createAutomaticTraining(deps: AutomaticTrainingDeps): AutomaticTraining {
  const { clock, table, commit, log, look, train } = deps;
  const timers = new Map<string, Timer>();

  function arm(arn: string, row: AutoTrainingRow): void {
    table.put(arn, row);
    timers.get(arn)?.cancel();
    timers.set(
      arn,
      clock.at(row.due, () => {
        const release = clock.busy();
        lookAt(arn, row)
          .catch((error: unknown) => log(`personalize: automatic training of ${arn}: ${String(error)}`))
          .finally(release);
      }),
    );
  }

  async function lookAt(arn: string, { firstLook }: AutoTrainingRow): Promise<void> {
    const sight = look(arn);
    if (!sight) return unschedule(arn);
    const now = clock.now();
    const intervalMs = scaled(clock, sight.intervalMs);
    const decision = decideTraining({ ...sight, intervalMs }, { now, graceMs: scaled(clock, hourMs), firstLook });
    arm(arn, { due: now + decision.nextLookMs, firstLook: false });
    if (decision.train) await train(arn);
    await commit();
  }

  function unschedule(arn: string): void {
    timers.get(arn)?.cancel();
    timers.delete(arn);
    table.delete(arn);
  }

  return {
    schedule: (arn) => (look(arn) ? arm(arn, { due: clock.deadline(hourMs), firstLook: true }) : unschedule(arn)),
    unschedule,
    resume() {
      for (const [arn, row] of [...table.entries()]) arm(arn, row);
    },
    close() {
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
}

/** For installations that want no surprises: flags are kept and shown, nothing trains by itself. */
export const noAutomaticTraining: AutomaticTraining = {
  schedule: () => {},
  unschedule: () => {},
  resume: () => {},
  close: () => {},
};
