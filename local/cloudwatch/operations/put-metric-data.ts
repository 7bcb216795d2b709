/** PutMetricData: single values, values with counts, or ready statistics. */
import type { MetricDatum, PutMetricDataCommandInput } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { metricId, type Minute } from "../metric-store.ts";
import type { CloudWatch } from "../alarms-and-dashboards.ts";

export async function putMetricData(
  { metrics, deps, watch }: CloudWatch,
  input: PutMetricDataCommandInput,
): Promise<void> {
  const fromEntities = (input.EntityMetricData ?? []).flatMap(({ MetricData }) => MetricData ?? []);
  const data = [...(input.MetricData ?? []), ...fromEntities];
  if (data.length === 0) {
    throw new AwsError("MissingParameter", "The parameter MetricData is required.");
  }
  const amounts = data.map((datum) => ({ datum, amount: amountOf(datum, deps.clock.now()) }));
  for (const { datum, amount } of amounts) {
    metrics.add(metricId(input.Namespace, datum.MetricName, datum.Dimensions), amount);
  }
  await metrics.commit();
  for (const { datum } of amounts) watch.touch(metricId(input.Namespace, datum.MetricName, datum.Dimensions));
}

function amountOf(datum: MetricDatum, now: number): Minute {
  const at = datum.Timestamp?.getTime() ?? now;
  const unit = datum.Unit ?? "None";
  const { StatisticValues: given, Values: values = datum.Value === undefined ? [] : [datum.Value] } = datum;
  if (given) {
    const { SampleCount: count = 0, Sum: sum = 0, Minimum: min = 0, Maximum: max = 0 } = given;
    return checked({ at, unit, count, sum, min, max });
  }
  const counts = datum.Counts ?? values.map(() => 1);
  if (values.length === 0 || counts.length !== values.length) {
    throw invalid(`MetricData.${datum.MetricName} needs Value, StatisticValues, or Values with as many Counts`);
  }
  const count = counts.reduce((sum, n) => sum + n, 0);
  const sum = values.reduce((total, value, index) => total + value * (counts[index] ?? 0), 0);
  return checked({ at, unit, count, sum, min: Math.min(...values), max: Math.max(...values) });
}

function checked(minute: Minute): Minute {
  const numbers = [minute.count, minute.sum, minute.min, minute.max];
  if (numbers.every(Number.isFinite)) return minute;
  throw invalid("The values NaN, +Infinity and -Infinity are not supported");
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterValue", message);
}
