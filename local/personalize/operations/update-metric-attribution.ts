/** Adds and removes metrics, or changes where reports go; takes effect at once. */
import type { UpdateMetricAttributionRequest, UpdateMetricAttributionResponse } from "@aws-sdk/client-personalize";
import { change, findActive, type ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import { assertMeasurable, assertOutputFits, changedMetrics } from "../metric-attribution-rules.ts";
import type { Checked } from "../model.ts";

export const updateMetricAttribution =
  (plane: ControlPlane) =>
  async (input: Checked<UpdateMetricAttributionRequest>): Promise<UpdateMetricAttributionResponse> => {
    const { metricAttributionArn: arn, metricsOutputConfig, addMetrics = [], removeMetrics = [] } = input;
    if (arn === undefined) throw new InvalidInputException("metricAttributionArn is required.");
    const { metricsOutputConfig: before, datasetGroupArn } = findActive(plane, "metricAttribution", arn);
    if (metricsOutputConfig) assertOutputFits(plane, metricsOutputConfig);
    assertMeasurable(plane, datasetGroupArn, addMetrics);
    const most = plane.settings.quotas.metricsPerAttribution;
    const known = plane.side.attributedMetrics.get(arn) ?? [];
    const metrics = changedMetrics(arn, known, { add: addMetrics, remove: removeMetrics, most });
    plane.side.attributedMetrics.put(arn, metrics);
    change(plane, "metricAttribution", arn, { metricsOutputConfig: metricsOutputConfig ?? before });
    await plane.store.commit();
    return { metricAttributionArn: arn };
  };
