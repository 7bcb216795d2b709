/** The metric attribution; its metrics are ListMetricAttributionMetrics' to tell. */
import type { DescribeMetricAttributionRequest, DescribeMetricAttributionResponse } from "@aws-sdk/client-personalize";
import { describe, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const describeMetricAttribution =
  (plane: ControlPlane) =>
  ({ metricAttributionArn }: Checked<DescribeMetricAttributionRequest>): DescribeMetricAttributionResponse => ({
    metricAttribution: describe(plane, "metricAttribution", metricAttributionArn),
  });
