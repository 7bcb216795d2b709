/** The metric attributions of a dataset group, or all. */
import type {
  ListMetricAttributionsRequest,
  ListMetricAttributionsResponse,
  MetricAttributionSummary,
} from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import { listRows } from "../paging.ts";

export const listMetricAttributions =
  (plane: ControlPlane) =>
  (input: ListMetricAttributionsRequest): ListMetricAttributionsResponse => {
    const { items, nextToken } = listRows<"metricAttribution", MetricAttributionSummary>(plane, "metricAttribution", {
      ...input,
      filter: input.datasetGroupArn,
      where: (row) => row.datasetGroupArn === input.datasetGroupArn,
      members: ["name", "metricAttributionArn", "status", "creationDateTime", "lastUpdatedDateTime", "failureReason"],
    });
    return { metricAttributions: items, nextToken };
  };
