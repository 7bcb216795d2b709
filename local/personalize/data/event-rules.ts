/**
 * Which events train, and how much each counts: the solution's eventType and eventValueThreshold, and its eventsConfig. All of
 * them must let an event through. Pure; the same rules serve histories at serving time.
 */
import type { EventRule } from "../job-runner.ts";

export interface RowFilter {
  readonly eventType?: string;
  /** Rows whose EVENT_VALUE is at least this; rows without a value do not pass. */
  readonly eventValueThreshold?: number;
  /** Only events that one of these takes; absent or empty = no such rules. */
  readonly events?: readonly EventRule[];
}

const asksNothing = -Infinity;

const rulesFor = ({ events = [] }: RowFilter, type: string): readonly EventRule[] =>
  events.filter(({ eventType }) => eventType === undefined || eventType === type);

/**
 * The least EVENT_VALUE with which events of this type train: -Infinity where no value is asked for, undefined where no
 * event of the type trains.
 */
export function leastValue(filter: RowFilter, type: string): number | undefined {
  if (filter.eventType !== undefined && type !== filter.eventType) return undefined;
  const overall = filter.eventValueThreshold ?? asksNothing;
  if (!filter.events?.length) return overall;
  const rules = rulesFor(filter, type);
  if (rules.length === 0) return undefined;
  return Math.max(overall, Math.min(...rules.map(({ eventValueThreshold }) => eventValueThreshold ?? asksNothing)));
}

/** A value that is not there (undefined or NaN) passes only where none is asked for. */
const reaches = (value: number | undefined, least: number) =>
  least === asksNothing || (value !== undefined && value >= least);

/** Does an event with these values train? */
export function passes(filter: RowFilter, type: string, value: number | undefined): boolean {
  const least = leastValue(filter, type);
  return least !== undefined && reaches(value, least);
}

/** How much an event that passes counts: the greatest weight among the rules that take it, 1 where none says. */
export function weightOf(filter: RowFilter, type: string, value: number | undefined): number {
  const weights = rulesFor(filter, type)
    .filter(({ eventValueThreshold }) => reaches(value, eventValueThreshold ?? asksNothing))
    .map(({ weight }) => weight ?? 1);
  return weights.length === 0 ? 1 : Math.max(...weights);
}
