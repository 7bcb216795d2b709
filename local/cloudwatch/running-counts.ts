/**
 * Calls counted in memory while their minute runs, and put into the store as one amount when it is over or somebody
 * reads: a row for every request would cost more than the requests.
 */
import type { Clock } from "../cloud/ports/clock.ts";
import type { CallCounter } from "../cloud/ports/metrics.ts";
import { metricId, type MetricStore, minuteMilliseconds } from "./metric-store.ts";

interface Running {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: "Count" | "Milliseconds";
  values: number;
  sum: number;
  min: number;
  max: number;
}

export interface RunningCounts extends Required<CallCounter> {
  /** The store, with everything counted so far in it. */
  settled(): MetricStore;
}

export function createRunningCounts(metrics: MetricStore, { now }: Pick<Clock, "now">): RunningCounts {
  const running = new Map<string, Running>();
  let minute = 0;
  const settled = () => {
    for (const { namespace, name, dimensions, unit, values, sum, min, max } of running.values()) {
      const named = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
      metrics.add(metricId(namespace, name, named), {
        at: minute * minuteMilliseconds,
        ...{ unit, count: values, sum, min, max },
      });
    }
    running.clear();
    return metrics;
  };
  function add(metric: Pick<Running, "namespace" | "name" | "dimensions" | "unit">, value: number): void {
    const current = Math.floor(now() / minuteMilliseconds);
    if (current !== minute) {
      settled();
      minute = current;
    }
    let key = `${metric.namespace} ${metric.name}`;
    for (const dimension in metric.dimensions) key += `\n${dimension}\n${metric.dimensions[dimension]}`;
    const found = running.get(key);
    if (!found) return void running.set(key, { ...metric, values: 1, sum: value, min: value, max: value });
    found.values += 1;
    found.sum += value;
    found.min = Math.min(found.min, value);
    found.max = Math.max(found.max, value);
  }
  return {
    count: (namespace, name, dimensions) => add({ namespace, name, dimensions, unit: "Count" }, 1),
    measure: (namespace, name, dimensions, value) => add({ namespace, name, dimensions, unit: "Milliseconds" }, value),
    settled,
  };
}
