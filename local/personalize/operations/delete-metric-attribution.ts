/** Deletes a metric attribution with its metrics. */
import type { DeleteMetricAttributionRequest } from "@aws-sdk/client-personalize";
import { assertDeletable, find, startDeleting, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const deleteMetricAttribution =
  (plane: ControlPlane) =>
  async ({ metricAttributionArn }: Checked<DeleteMetricAttributionRequest>): Promise<void> => {
    const { status } = find(plane, "metricAttribution", metricAttributionArn);
    assertDeletable("metricAttribution", metricAttributionArn, status);
    await startDeleting(plane, "metricAttribution", metricAttributionArn);
  };
