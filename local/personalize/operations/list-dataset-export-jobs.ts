/** The export jobs of a dataset, or all. */
import type {
  DatasetExportJobSummary,
  ListDatasetExportJobsRequest,
  ListDatasetExportJobsResponse,
} from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import { listRows } from "../paging.ts";

export const listDatasetExportJobs =
  (plane: ControlPlane) =>
  (input: ListDatasetExportJobsRequest): ListDatasetExportJobsResponse => {
    const { items, nextToken } = listRows<"datasetExportJob", DatasetExportJobSummary>(plane, "datasetExportJob", {
      ...input,
      filter: input.datasetArn,
      where: (row) => row.datasetArn === input.datasetArn,
      members: ["datasetExportJobArn", "jobName", "status", "creationDateTime", "lastUpdatedDateTime", "failureReason"],
    });
    return { datasetExportJobs: items, nextToken };
  };
