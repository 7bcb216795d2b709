/** The batch segment jobs of a solution version, or all. */
import type {
  BatchSegmentJobSummary,
  ListBatchSegmentJobsRequest,
  ListBatchSegmentJobsResponse,
} from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import { listRows } from "../paging.ts";

export const listBatchSegmentJobs =
  (plane: ControlPlane) =>
  (input: ListBatchSegmentJobsRequest): ListBatchSegmentJobsResponse => {
    const { items, nextToken } = listRows<"batchSegmentJob", BatchSegmentJobSummary>(plane, "batchSegmentJob", {
      ...input,
      filter: input.solutionVersionArn,
      where: (row) => row.solutionVersionArn === input.solutionVersionArn,
      members: [
        "jobName",
        "batchSegmentJobArn",
        "status",
        "creationDateTime",
        "lastUpdatedDateTime",
        "failureReason",
        "solutionVersionArn",
      ],
    });
    return { batchSegmentJobs: items, nextToken };
  };
