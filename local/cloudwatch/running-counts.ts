/**
 * Calls counted in memory while their minute runs, and put into the store as one amount when it is over or somebody
 * reads: a row for every request would cost more than the requests.
 */
import type { Clock } from "../cloud/ports/clock.ts";
import type { CallCounter } from "../cloud/ports/metrics.ts";
import { metricId, type MetricStore, minuteMilliseconds } from "./metric-store.ts";

type Dimensions = Readonly<Record<string, string>>;

interface Running {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
  readonly unit: "Count" | "Milliseconds";
  values: number;
  sum: number;
  min: number;
  max: number;
}

/** Compared value by value: making a key of them took longer than counting. */
function haveSameValues(a: Dimensions, b: Dimensions): boolean {
  for (const name in a) if (a[name] !== b[name]) return false;
  for (const name in b) if (!(name in a)) return false;
  return true;
}

export interface RunningCounts extends Required<CallCounter> {
  /** The store, with everything counted so far in it. */
  settled(): MetricStore;
}

export function createRunningCounts(metrics: MetricStore, { now }: Pick<Clock, "now">): RunningCounts {
  const running = new Map<string, Running[]>(); // by name
  let minute = 0;
  const settled = () => {
    for (const { namespace, name, dimensions, unit, values, sum, min, max } of [...running.values()].flat()) {
      const named = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
      metrics.add(metricId(namespace, name, named), {
        at: minute * minuteMilliseconds,
        ...{ unit, count: values, sum, min, max },
      });
    }
    running.clear();
    return metrics;
  };
  function runningOf(namespace: string, name: string, dimensions: Dimensions, unit: Running["unit"]): Running {
    const current = Math.floor(now() / minuteMilliseconds);
    if (current !== minute) {
      settled();
      minute = current;
    }
    let named = running.get(name);
    if (!named) running.set(name, (named = []));
    let found = named.find((one) => one.namespace === namespace && haveSameValues(one.dimensions, dimensions));
    if (!found) {
      found = { namespace, name, dimensions, unit, values: 0, sum: 0, min: Infinity, max: -Infinity };
      named.push(found);
    }
    return found;
  }
  function add(one: Running, value: number): void {
    one.values += 1;
    one.sum += value;
    one.min = Math.min(one.min, value);
    one.max = Math.max(one.max, value);
  }
  return {
    count: (namespace, name, dimensions) => add(runningOf(namespace, name, dimensions, "Count"), 1),
    measure: (namespace, name, dimensions, value) => add(runningOf(namespace, name, dimensions, "Milliseconds"), value),
    settled,
  };
}
