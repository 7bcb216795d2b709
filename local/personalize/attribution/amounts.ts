/**
 * What events amount to: one sum for each metric, source and quarter of an hour. Events that name no source, or a
 * recommendation of nobody here, are `SOURCE_NAME_UNDEFINED`'s. Pure.
 */
import type { AttributedMetric } from "./attributed-metric.ts";

export interface Amount {
  readonly metric: string;
  readonly eventType: string;
  readonly function: "samplecount" | "sum";
  /** A campaign's or recommender's ARN, or what the event says. */
  readonly source: string;
  /** Epoch seconds of the window's beginning. */
  readonly window: number;
  /** Events. */
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

export const windowSeconds = 15 * 60;
/** Older events reach no CloudWatch, here as there. */
export const oldestSeconds = 14 * 24 * 3600;
export const unknownSource = "SOURCE_NAME_UNDEFINED";

export const windowOf = (timestamp: number) => Math.floor(timestamp / windowSeconds) * windowSeconds;

/** One event as an amount. @param timestamp epoch seconds */
export function amountOf(
  { name, eventType, measure }: AttributedMetric,
  { source, timestamp, value }: { readonly source: string; readonly timestamp: number; readonly value: number },
): Amount {
  const window = windowOf(timestamp);
  return {
    ...{ metric: name, eventType, function: measure.kind, source, window },
    ...{ count: 1, sum: value, min: value, max: value },
  };
}

/** Two amounts of the same metric, source and window as one. */
export function merged(a: Amount | undefined, b: Amount): Amount {
  if (!a) return b;
  const [min, max] = [Math.min(a.min, b.min), Math.max(a.max, b.max)];
  return { ...b, count: a.count + b.count, sum: a.sum + b.sum, min, max };
}

/** What tells amounts apart; neither names nor sources have line breaks. */
export const keyOf = ({ metric, window, source }: Pick<Amount, "metric" | "window" | "source">) =>
  `${metric}\n${window}\n${source}`;

export interface EventFacts {
  readonly eventType: string;
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly source: string;
  /** The event's own number in a column of Interactions, or its item's in one of Items; undefined when it has none. */
  readonly valueOf: (dataset: "INTERACTIONS" | "ITEMS", column: string) => number | undefined;
}

/** What one event adds: nothing to metrics of other event types, or whose column it has no value for. */
export function amountsOf(metrics: readonly AttributedMetric[], event: EventFacts): Amount[] {
  return metrics.flatMap((metric) => {
    if (metric.eventType !== event.eventType) return [];
    const { measure } = metric;
    const value = measure.kind === "samplecount" ? 1 : event.valueOf(measure.dataset, measure.column);
    return value === undefined || !Number.isFinite(value) ? [] : [amountOf(metric, { ...event, value })];
  });
}
