/** The import jobs of a dataset, or all. */
import type {
  DatasetImportJobSummary,
  ListDatasetImportJobsRequest,
  ListDatasetImportJobsResponse,
} from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import { listRows } from "../paging.ts";

export const listDatasetImportJobs =
  (plane: ControlPlane) =>
  (input: ListDatasetImportJobsRequest): ListDatasetImportJobsResponse => {
    const { items, nextToken } = listRows<"datasetImportJob", DatasetImportJobSummary>(plane, "datasetImportJob", {
      ...input,
      filter: input.datasetArn,
      where: (row) => row.datasetArn === input.datasetArn,
      members: [
        "jobName",
        "datasetImportJobArn",
        "status",
        "creationDateTime",
        "lastUpdatedDateTime",
        "failureReason",
        "importMode",
      ],
    });
    return { datasetImportJobs: items, nextToken };
  };
