/** The metrics of a metric attribution, or of all, by name. */
import type {
  ListMetricAttributionMetricsRequest,
  ListMetricAttributionMetricsResponse,
} from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import { pageOf } from "../paging.ts";

export const listMetricAttributionMetrics =
  (plane: ControlPlane) =>
  (input: ListMetricAttributionMetricsRequest): ListMetricAttributionMetricsResponse => {
    const { metricAttributionArn: wanted } = input;
    const entries = [...plane.side.attributedMetrics.entries()]
      .filter(([arn]) => wanted === undefined || arn === wanted)
      .flatMap(([arn, metrics]) =>
        metrics.map((metric) => ({ created: 0, id: `${metric.metricName} ${arn}`, metric })),
      );
    const { items, nextToken } = pageOf(entries, `metrics ${wanted ?? ""}`, input);
    return { metrics: items.map(({ metric }) => metric as Required<typeof metric>), nextToken };
  };
