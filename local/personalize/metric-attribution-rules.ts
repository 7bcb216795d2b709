/** What the metrics of a metric attribution may say: a name each, an event type, and what is summed or counted. */
import type { MetricAttribute, MetricAttributionOutput } from "@aws-sdk/client-personalize";
import { faultOf, measureOf } from "./attribution/attributed-metric.ts";
import type { ControlPlane } from "./control-plane.ts";
import { InvalidInputException, ResourceAlreadyExistsException } from "./errors.ts";
import { assertOwnRole, parseS3Location } from "./lifecycles/role-bucket.ts";
import type { Checked, Plain } from "./model.ts";
import { schemaInGroup } from "./serving/campaign-request.ts";

/** Refuses what is no expression, and sums over columns that cannot be added up. */
export function assertMeasurable(
  plane: ControlPlane,
  datasetGroupArn: string,
  metrics: readonly Checked<MetricAttribute>[],
): void {
  for (const { metricName, expression } of metrics) {
    const measure = measureOf(expression);
    if (!measure) {
      throw new InvalidInputException(
        `The expression ${expression} of ${metricName} is neither SAMPLECOUNT() nor SUM(Interactions.COLUMN) or SUM(Items.COLUMN).`,
      );
    }
    const fault = faultOf(measure, (dataset) => schemaInGroup(plane, datasetGroupArn, dataset));
    if (fault !== undefined) throw new InvalidInputException(`${expression} of ${metricName}: ${fault}.`);
  }
}

export function assertOutputFits(
  plane: ControlPlane,
  { s3DataDestination, roleArn }: Checked<MetricAttributionOutput>,
) {
  if (s3DataDestination && !parseS3Location(s3DataDestination.path)) {
    throw new InvalidInputException("Invalid S3 output path");
  }
  assertOwnRole(plane, roleArn);
}

/** The metrics with some removed and others added; the same name twice is refused. Pure. */
export function changedMetrics(
  arn: string,
  before: readonly Plain<MetricAttribute>[],
  change: {
    readonly add?: readonly Checked<MetricAttribute>[];
    readonly remove?: readonly string[];
    readonly most: number;
  },
): Plain<MetricAttribute>[] {
  const { add = [], remove = [], most } = change;
  const stranger = remove.find((name) => !before.some(({ metricName }) => metricName === name));
  if (stranger !== undefined) throw new InvalidInputException(`${arn} has no metric ${stranger} to remove.`);
  const kept = before.filter(({ metricName = "" }) => !remove.includes(metricName));
  const names = new Set(kept.map(({ metricName }) => metricName));
  for (const { metricName } of add) {
    if (names.has(metricName)) throw new ResourceAlreadyExistsException(`${arn}/${metricName}`);
    names.add(metricName);
  }
  if (names.size > most) throw new InvalidInputException(`${names.size} metrics; at most ${most} are allowed.`);
  return [...kept, ...add];
}
