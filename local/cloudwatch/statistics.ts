/** Statistics over periods, from minutes. Pure. */
import { AwsError } from "../cloud/ports/aws-error.ts";
import { mergeMinutes, type Minute } from "./metric-store.ts";

type Statistic = (minute: Minute) => number;

const statistics: Readonly<Record<string, Statistic>> = {
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ min }) => min,
  Maximum: ({ max }) => max,
};

/** The statistic of that name. Percentiles and trimmed means need every single value, which is not kept. */
export function statisticOf(name: string): Statistic {
  const statistic = Object.hasOwn(statistics, name) ? statistics[name] : undefined;
  if (statistic) return statistic;
  throw new AwsError(
    "InvalidParameterValue",
    `The statistic ${name} is not supported by this cloud: use one of ${Object.keys(statistics).join(", ")}`,
  );
}

/** Merges minutes into periods that begin at multiples of the period; ascending. */
export function periodsOf(minutes: readonly Minute[], periodSeconds: number): Minute[] {
  const length = Math.max(60, periodSeconds) * 1000;
  const periods = new Map<string, Minute>();
  for (const minute of minutes) {
    const at = Math.floor(minute.at / length) * length;
    const key = `${at} ${minute.unit}`;
    periods.set(key, { ...mergeMinutes(periods.get(key), minute), at });
  }
  return [...periods.values()].sort((a, b) => a.at - b.at);
}
