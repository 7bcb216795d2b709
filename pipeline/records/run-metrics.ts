/** What CloudWatch is told about a run, in PutMetricData's own shape (PascalCase, as the integration wants it). */
import { metric } from "../gate/rule.ts";
import type { Training } from "../planning/run.ts";
import { haveItemUpdatesStopped } from "./item-updates.ts";
import type { ContestRecord, RunRecord } from "./run-record.ts";
import { servedMetrics } from "./served.ts";

export const metricNamespace = "Outrank";

export interface Datum {
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  readonly Value: number;
  readonly Unit: "None" | "Count" | "Seconds";
}

/** When things last went well before this run; null when never. */
export interface Past {
  readonly succeededAt: string | null;
  readonly promotedAt: string | null;
}

const hoursBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 3_600_000;

function contestData({ group, options }: RunRecord, contest: ContestRecord, trainings: readonly Training[]): Datum[] {
  const { solution, outcome, decision } = contest;
  const dimensions = [
    { Name: "Group", Value: group },
    { Name: "Solution", Value: solution },
  ];
  const datum = (name: string, value: number): Datum => ({
    MetricName: name,
    Dimensions: dimensions,
    Value: value,
    Unit: "None",
  });
  const name = decision?.policy.values.primaryMetric ?? "";
  const { trainingMode = "FULL" } = trainings.find(({ key }) => key === solution) ?? {};
  const stopped = haveItemUpdatesStopped(contest, { trainingMode, recall: options?.recall?.kind ?? null });
  return [
    datum("CandidatePrimary", decision ? metric(decision.candidate.metrics, name) : Number.NaN),
    datum("BaselinePrimary", decision ? metric(decision.baseline.metrics, name) : Number.NaN),
    datum("LivePrimary", metric(servedMetrics(contest) ?? {}, name)),
    datum("RelativeLift", decision?.verdict.lift ?? Number.NaN),
    datum("Promoted", outcome === "PROMOTE" ? 1 : 0),
    datum("ItemUpdatesStopped", stopped === null ? Number.NaN : Number(stopped)),
  ];
}

/** CloudWatch refuses numbers that are none, so they are left out: a gap in the graph is the truth. */
export function runMetrics(record: RunRecord, past: Past, trainings: readonly Training[] = []): Datum[] {
  const dimensions = [{ Name: "Group", Value: record.group }];
  const { startedAt, finishedAt, outcome } = record;
  const hasSucceeded = outcome !== "FAILED";
  const sinceSuccess = hasSucceeded
    ? 0
    : past.succeededAt === null
      ? Number.NaN
      : hoursBetween(past.succeededAt, finishedAt);
  const sincePromotion =
    outcome === "PROMOTE" ? 0 : past.promotedAt === null ? Number.NaN : hoursBetween(past.promotedAt, finishedAt);
  const data: Datum[] = [
    { MetricName: "RunFailed", Dimensions: dimensions, Value: hasSucceeded ? 0 : 1, Unit: "Count" },
    { MetricName: "HoursSinceSuccess", Dimensions: dimensions, Value: sinceSuccess, Unit: "None" },
    { MetricName: "HoursSincePromotion", Dimensions: dimensions, Value: sincePromotion, Unit: "None" },
    {
      MetricName: "RunDurationSeconds",
      Dimensions: dimensions,
      Value: hoursBetween(startedAt, finishedAt) * 3600,
      Unit: "Seconds",
    },
    ...record.contests.flatMap((contest) => contestData(record, contest, trainings)),
  ];
  return data.filter((datum) => Number.isFinite(datum.Value));
}
