/** Deletes an empty dataset group. */
import type { DeleteDatasetGroupRequest } from "@aws-sdk/client-personalize";
import {
  arnIn,
  assertDeletable,
  assertNoDependents,
  find,
  startDeleting,
  those,
  type ControlPlane,
} from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const deleteDatasetGroup =
  (plane: ControlPlane) =>
  async ({ datasetGroupArn }: Checked<DeleteDatasetGroupRequest>): Promise<void> => {
    assertDeletable("datasetGroup", datasetGroupArn, find(plane, "datasetGroup", datasetGroupArn).status);
    const children = (
      ["eventTracker", "solution", "dataset", "filter", "recommender", "metricAttribution"] as const
    ).flatMap((kind) =>
      those(plane, kind, (row) => row.datasetGroupArn === datasetGroupArn).map((row) => arnIn(kind, row)),
    );
    assertNoDependents("datasetGroup", datasetGroupArn, children);
    await startDeleting(plane, "datasetGroup", datasetGroupArn);
  };
