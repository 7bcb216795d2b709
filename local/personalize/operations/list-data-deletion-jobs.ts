/** The data deletion jobs of a dataset group, or all, newest first. */
import type {
  DataDeletionJobSummary,
  ListDataDeletionJobsRequest,
  ListDataDeletionJobsResponse,
} from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import { listRows } from "../paging.ts";

export const listDataDeletionJobs =
  (plane: ControlPlane) =>
  (input: ListDataDeletionJobsRequest): ListDataDeletionJobsResponse => {
    const { items, nextToken } = listRows<"dataDeletionJob", DataDeletionJobSummary>(plane, "dataDeletionJob", {
      ...input,
      filter: input.datasetGroupArn,
      where: (row) => row.datasetGroupArn === input.datasetGroupArn,
      members: [
        "jobName",
        "dataDeletionJobArn",
        "status",
        "creationDateTime",
        "lastUpdatedDateTime",
        "failureReason",
        "datasetGroupArn",
      ],
    });
    return { dataDeletionJobs: items, nextToken };
  };
