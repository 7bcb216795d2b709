/** Says which metrics a dataset group's recommendations are to be judged by, and where reports go. */
import type { CreateMetricAttributionRequest, CreateMetricAttributionResponse } from "@aws-sdk/client-personalize";
import { bear, born, findActive, freeArn, those, type ControlPlane } from "../control-plane.ts";
import { LimitExceededException, ResourceAlreadyExistsException } from "../errors.ts";
import { assertMeasurable, assertOutputFits, changedMetrics } from "../metric-attribution-rules.ts";
import type { Checked } from "../model.ts";

export const createMetricAttribution =
  (plane: ControlPlane) =>
  async (input: Checked<CreateMetricAttributionRequest>): Promise<CreateMetricAttributionResponse> => {
    const { name, datasetGroupArn, metricsOutputConfig } = input;
    assertOutputFits(plane, metricsOutputConfig);
    findActive(plane, "datasetGroup", datasetGroupArn);
    const metricAttributionArn = freeArn(plane, "metricAttribution", name);
    const [other] = those(plane, "metricAttribution", (row) => row.datasetGroupArn === datasetGroupArn);
    if (other) throw new ResourceAlreadyExistsException(other.metricAttributionArn);
    const most = plane.settings.quotas.metricsPerAttribution;
    if (input.metrics.length > most) {
      throw new LimitExceededException(`${input.metrics.length} metrics; a metric attribution has at most ${most}.`);
    }
    assertMeasurable(plane, datasetGroupArn, input.metrics);
    const metrics = changedMetrics(metricAttributionArn, [], { add: input.metrics, most });
    plane.side.attributedMetrics.put(metricAttributionArn, metrics);
    const status = "CREATE PENDING";
    const row = { name, metricAttributionArn, datasetGroupArn, metricsOutputConfig, status, ...born(plane) };
    await bear(plane, "metricAttribution", row);
    return { metricAttributionArn };
  };
