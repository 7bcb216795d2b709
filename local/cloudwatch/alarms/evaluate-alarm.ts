/**
 * What state an alarm is in, from the metric's minutes. Pure. As CloudWatch does it: the newest period counts as soon as
 * it has data; a period without data counts as the alarm says; so many of the last periods must breach.
 */
import type { PutMetricAlarmCommandInput, StateValue } from "@aws-sdk/client-cloudwatch";
import type { Minute } from "../metric-store.ts";
import { periodsOf, statisticOf } from "../statistics.ts";

export type Settings = Omit<PutMetricAlarmCommandInput, "Tags">;

export interface Judgement {
  readonly state: StateValue;
  readonly reason: string;
}

const breaches: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

export const periodOf = ({ Period = 60 }: Settings): number => Math.max(60, Period) * 1000;
export const periodsLookedAt = ({ EvaluationPeriods = 1 }: Settings): number => EvaluationPeriods;

/** False for what this cloud does not evaluate: metric math, percentiles, anomaly bands. */
export const isEvaluated = ({ MetricName, Statistic, ComparisonOperator }: Settings): boolean =>
  MetricName !== undefined && Statistic !== undefined && Object.hasOwn(breaches, ComparisonOperator ?? "");

/** The value of each period looked at, oldest first; null where there is no data. */
export function valuesOf(settings: Settings, minutes: readonly Minute[], now: number): (number | null)[] {
  const length = periodOf(settings);
  const value = statisticOf(settings.Statistic ?? "");
  const byStart = new Map(periodsOf(minutes, length / 1000).map((period) => [period.at, value(period)]));
  const current = Math.floor(now / length) * length;
  const newest = byStart.has(current) ? current : current - length;
  const count = periodsLookedAt(settings);
  return Array.from({ length: count }, (_, at) => byStart.get(newest - (count - 1 - at) * length) ?? null);
}

/** @param before the state until now, kept where missing data are ignored. */
export function judgeAlarm(settings: Settings, values: readonly (number | null)[], before: StateValue): Judgement {
  const { Threshold = 0, ComparisonOperator, TreatMissingData = "missing" } = settings;
  const needed = settings.DatapointsToAlarm ?? values.length;
  const known = values.filter((value) => value !== null);
  const shown = known.length === 0 ? "no data" : known.map((value) => Number(value.toPrecision(6))).join(", ");
  const reason = `Threshold Crossed: ${shown} in the last ${values.length} periods, against ${ComparisonOperator} ${Threshold}`;
  if (known.length === 0 && TreatMissingData === "ignore") return { state: before, reason };
  if (known.length === 0 && TreatMissingData === "missing") {
    return { state: "INSUFFICIENT_DATA", reason: `Insufficient Data: ${values.length} periods without any` };
  }
  const isBreaching = breaches[ComparisonOperator ?? ""] ?? (() => false);
  const missing = TreatMissingData === "breaching" ? values.length - known.length : 0;
  const breaching = known.filter((value) => isBreaching(value, Threshold)).length + missing;
  // Of periods that are ignored or missing, the others decide.
  const decisive = TreatMissingData === "ignore" || TreatMissingData === "missing" ? known.length : values.length;
  return { state: breaching >= Math.min(needed, decisive) ? "ALARM" : "OK", reason };
}
