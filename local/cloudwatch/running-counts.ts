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
  calls: number;
}

export interface RunningCounts extends CallCounter {
  /** The store, with everything counted so far in it. */
  settled(): MetricStore;
}

export function createRunningCounts(metrics: MetricStore, { now }: Pick<Clock, "now">): RunningCounts {
  const running = new Map<string, Running>();
  let minute = 0;
  const settled = () => {
    for (const { namespace, name, dimensions, calls } of running.values()) {
      const named = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
      const amount = { at: minute * minuteMilliseconds, unit: "Count", count: calls, sum: calls, min: 1, max: 1 };
      metrics.add(metricId(namespace, name, named), amount);
    }
    running.clear();
    return metrics;
  };
  return {
    count(namespace, name, dimensions) {
      const current = Math.floor(now() / minuteMilliseconds);
      if (current !== minute) {
        settled();
        minute = current;
      }
      const key = JSON.stringify([namespace, name, dimensions]);
      const found = running.get(key);
      if (found) found.calls += 1;
      else running.set(key, { namespace, name, dimensions, calls: 1 });
    },
    settled,
  };
}
