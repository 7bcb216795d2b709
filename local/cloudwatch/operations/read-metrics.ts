/** ListMetrics, GetMetricStatistics and GetMetricData. */
import type {
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  GetMetricStatisticsCommandInput,
  GetMetricStatisticsCommandOutput,
  ListMetricsCommandInput,
  ListMetricsCommandOutput,
  MetricDataQuery,
  MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { page } from "../../cloud/ports/page.ts";
import type { Answer, CloudWatch } from "../alarms-and-dashboards.ts";
import { metricId, type MetricId } from "../metric-store.ts";
import { periodsOf, statisticOf } from "../statistics.ts";

export function listMetrics({ metrics }: CloudWatch, input: ListMetricsCommandInput): Answer<ListMetricsCommandOutput> {
  const wanted = input.Dimensions ?? [];
  const isWanted = ({ namespace, name, dimensions }: MetricId) =>
    (input.Namespace === undefined || namespace === input.Namespace) &&
    (input.MetricName === undefined || name === input.MetricName) &&
    wanted.every((filter) =>
      dimensions.some(({ Name, Value }) => Name === filter.Name && (filter.Value ?? Value) === Value),
    );
  const { items, next } = page([...metrics.metrics()].filter(isWanted), input.NextToken, undefined, 500);
  return {
    Metrics: items.map((id) => ({ Namespace: id.namespace, MetricName: id.name, Dimensions: [...id.dimensions] })),
    NextToken: next,
  };
}

export function getMetricStatistics(
  { metrics }: CloudWatch,
  input: GetMetricStatisticsCommandInput,
): Answer<GetMetricStatisticsCommandOutput> {
  const id = metricId(input.Namespace, input.MetricName, input.Dimensions);
  const { from, to } = spanOf(input.StartTime, input.EndTime);
  const names = input.Statistics ?? [];
  if (names.length === 0) throw new AwsError("MissingParameter", "The parameter Statistics is required.");
  const minutes = metrics.minutes(id, from, to).filter(({ unit }) => (input.Unit ?? unit) === unit);
  const datapoints = periodsOf(minutes, input.Period ?? 60).map((period) => ({
    Timestamp: new Date(period.at),
    Unit: period.unit as "None", // stored as it was given, one of the model's units
    ...Object.fromEntries(names.map((name) => [name, statisticOf(name)(period)])),
  }));
  return { Label: input.MetricName, Datapoints: datapoints };
}

export function getMetricData(
  cloudWatch: CloudWatch,
  input: GetMetricDataCommandInput,
): Answer<GetMetricDataCommandOutput> {
  const { from, to } = spanOf(input.StartTime, input.EndTime);
  const queries = (input.MetricDataQueries ?? []).filter(({ ReturnData }) => ReturnData !== false);
  const results = queries.map((query) => resultOf(cloudWatch, query, from, to));
  if (input.ScanBy === "TimestampAscending") return { MetricDataResults: results, Messages: [] };
  const descending = results.map((result) => ({
    ...result,
    Timestamps: result.Timestamps?.toReversed(),
    Values: result.Values?.toReversed(),
  }));
  return { MetricDataResults: descending, Messages: [] };
}

function resultOf({ metrics }: CloudWatch, query: MetricDataQuery, from: number, to: number): MetricDataResult {
  const { MetricStat: stat } = query;
  if (!stat) {
    const message = `The query ${query.Id} is a math expression, which this cloud does not evaluate: use MetricStat`;
    throw new AwsError("ValidationError", message);
  }
  const id = metricId(stat.Metric?.Namespace, stat.Metric?.MetricName, stat.Metric?.Dimensions);
  const minutes = metrics.minutes(id, from, to).filter(({ unit }) => (stat.Unit ?? unit) === unit);
  const periods = periodsOf(minutes, stat.Period ?? 60);
  return {
    Id: query.Id,
    Label: query.Label ?? id.name,
    Timestamps: periods.map(({ at }) => new Date(at)),
    Values: periods.map(statisticOf(stat.Stat ?? "")),
    StatusCode: "Complete",
  };
}

function spanOf(start: Date | undefined, end: Date | undefined): { from: number; to: number } {
  const [from, to] = [start?.getTime() ?? 0, end?.getTime() ?? 0];
  if (from < to) return { from, to };
  throw new AwsError("InvalidParameterCombination", "The parameter StartTime must be less than the parameter EndTime.");
}
