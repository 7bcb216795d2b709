/** The batch inference jobs of a solution version, or all. */
import type {
  BatchInferenceJobSummary,
  ListBatchInferenceJobsRequest,
  ListBatchInferenceJobsResponse,
} from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import { listRows } from "../paging.ts";

export const listBatchInferenceJobs =
  (plane: ControlPlane) =>
  (input: ListBatchInferenceJobsRequest): ListBatchInferenceJobsResponse => {
    const { items, nextToken } = listRows<"batchInferenceJob", BatchInferenceJobSummary>(plane, "batchInferenceJob", {
      ...input,
      filter: input.solutionVersionArn,
      where: (row) => row.solutionVersionArn === input.solutionVersionArn,
      members: [
        "batchInferenceJobArn",
        "jobName",
        "status",
        "creationDateTime",
        "lastUpdatedDateTime",
        "failureReason",
        "solutionVersionArn",
        "batchInferenceJobMode",
      ],
    });
    return { batchInferenceJobs: items, nextToken };
  };
