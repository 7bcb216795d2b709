/** The data deletion job with its status; there are none as long as none can be created. */
import type { DescribeDataDeletionJobRequest, DescribeDataDeletionJobResponse } from "@aws-sdk/client-personalize";
import { describe, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const describeDataDeletionJob =
  (plane: ControlPlane) =>
  ({ dataDeletionJobArn }: Checked<DescribeDataDeletionJobRequest>): DescribeDataDeletionJobResponse => ({
    dataDeletionJob: describe(plane, "dataDeletionJob", dataDeletionJobArn),
  });
