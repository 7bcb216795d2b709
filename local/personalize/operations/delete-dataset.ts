/** Deletes a dataset with all its rows, once nothing reads it any more. */
import type { DeleteDatasetRequest } from "@aws-sdk/client-personalize";
import { busyBatchJobs } from "../batch-rules.ts";
import {
  assertDeletable,
  assertNoDependents,
  find,
  isUnderWay,
  startDeleting,
  those,
  type ControlPlane,
} from "../control-plane.ts";
import type { Checked, Rows } from "../model.ts";

export const deleteDataset =
  (plane: ControlPlane) =>
  async ({ datasetArn }: Checked<DeleteDatasetRequest>): Promise<void> => {
    const dataset = find(plane, "dataset", datasetArn);
    assertDeletable("dataset", datasetArn, dataset.status);
    assertNoDependents("dataset", datasetArn, readersOf(plane, dataset));
    await startDeleting(plane, "dataset", datasetArn);
  };

/** Filters and metric attribution of the group, the tracker that feeds the interactions, imports, exports, deletions and trainings under way, campaigns and recommenders. */
function readersOf(plane: ControlPlane, { datasetArn, datasetGroupArn, datasetType }: Rows["dataset"]): string[] {
  const inGroup = (row: { datasetGroupArn: string }) => row.datasetGroupArn === datasetGroupArn;
  const versions = those(plane, "solutionVersion", inGroup);
  const versionArns = new Set(versions.map((row) => row.solutionVersionArn));
  return [
    ...those(plane, "filter", inGroup).map((row) => row.filterArn),
    ...(datasetType === "INTERACTIONS" ? those(plane, "eventTracker", inGroup) : []).map((row) => row.eventTrackerArn),
    ...those(plane, "datasetImportJob", (row) => row.datasetArn === datasetArn && isUnderWay(row.status)).map(
      (row) => row.datasetImportJobArn,
    ),
    ...those(plane, "datasetExportJob", (row) => row.datasetArn === datasetArn && isUnderWay(row.status)).map(
      (row) => row.datasetExportJobArn,
    ),
    ...those(plane, "dataDeletionJob", (row) => inGroup(row) && ["PENDING", "IN_PROGRESS"].includes(row.status)).map(
      (row) => row.dataDeletionJobArn,
    ),
    ...versions
      .filter(({ status }) => isUnderWay(status) || status === "CREATE STOPPING")
      .map((row) => row.solutionVersionArn),
    ...those(plane, "metricAttribution", inGroup).map((row) => row.metricAttributionArn),
    ...those(plane, "recommender", inGroup).map((row) => row.recommenderArn),
    ...busyBatchJobs(plane, (row) => versionArns.has(row.solutionVersionArn)),
    ...those(plane, "campaign", (row) => versionArns.has(row.solutionVersionArn)).map((row) => row.campaignArn),
  ];
}
