/** The job with its status; finished jobs stay. */
import type { DescribeDataDeletionJobRequest, DescribeDataDeletionJobResponse } from "@aws-sdk/client-personalize";
import { describe, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const describeDataDeletionJob =
  (plane: ControlPlane) =>
  ({ dataDeletionJobArn }: Checked<DescribeDataDeletionJobRequest>): DescribeDataDeletionJobResponse => ({
    dataDeletionJob: describe(plane, "dataDeletionJob", dataDeletionJobArn),
  });
