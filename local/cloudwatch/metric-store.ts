/**
 * Metrics as CloudWatch keeps them after a while: per metric and minute the count, sum, least and greatest value. Percentiles
 * cannot be told from that; everything else can. Rows are durable; the index by metric is made from them at the start.
 */
import type { Store } from "../cloud/ports/store.ts";

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  /** Sorted by name: their order means nothing. */
  readonly dimensions: readonly Dimension[];
}

/** What one minute of one metric amounts to. */
export interface Minute {
  /** Epoch milliseconds of the minute's beginning. */
  readonly at: number;
  readonly unit: string;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

interface StoredMinute extends Minute {
  readonly metric: string;
}

export interface MetricStore {
  add(id: MetricId, minute: Minute): void;
  metrics(): IterableIterator<MetricId>;
  /** Minutes with `from <= at < to`, in no particular order. */
  minutes(id: MetricId, from: number, to: number): Minute[];
  commit(): Promise<void>;
}

export const minuteMilliseconds = 60_000;

export function openMetricStore(store: Store): MetricStore {
  const metrics = store.table<MetricId>("cloudwatch/metrics");
  const rows = store.table<StoredMinute>("cloudwatch/minutes");
  const byMetric = new Map<string, Map<string, Minute>>();
  const minutesOf = (metric: string) => {
    let found = byMetric.get(metric);
    if (!found) byMetric.set(metric, (found = new Map()));
    return found;
  };
  for (const [key, row] of rows.entries()) minutesOf(row.metric).set(key, row);

  return {
    add(id, minute) {
      const metric = keyOf(id);
      if (!metrics.has(metric)) metrics.put(metric, id);
      const at = Math.floor(minute.at / minuteMilliseconds) * minuteMilliseconds;
      const key = `${metric}\n${at}\n${minute.unit}`;
      const merged = { ...mergeMinutes(rows.get(key), minute), at, metric };
      rows.put(key, merged);
      minutesOf(metric).set(key, merged);
    },
    metrics: () => metrics.values(),
    minutes: (id, from, to) => [...minutesOf(keyOf(id)).values()].filter(({ at }) => at >= from && at < to),
    commit: () => store.commit(),
  };
}

export function metricId(
  namespace = "",
  name = "",
  dimensions: readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[] = [],
): MetricId {
  const complete = dimensions.map(({ Name = "", Value = "" }) => ({ Name, Value }));
  return { namespace, name, dimensions: complete.sort((a, b) => (a.Name < b.Name ? -1 : 1)) };
}

/** Two amounts of the same metric as one. */
export function mergeMinutes(a: Minute | undefined, b: Minute): Minute {
  if (!a) return b;
  return {
    at: a.at,
    unit: a.unit,
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}

function keyOf({ namespace, name, dimensions }: MetricId): string {
  return JSON.stringify([namespace, name, dimensions.map(({ Name, Value }) => [Name, Value])]);
}
