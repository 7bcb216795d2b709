/** The job with its status; finished jobs stay. */
import type { DescribeBatchSegmentJobRequest, DescribeBatchSegmentJobResponse } from "@aws-sdk/client-personalize";
import { describe, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const describeBatchSegmentJob =
  (plane: ControlPlane) =>
  ({ batchSegmentJobArn }: Checked<DescribeBatchSegmentJobRequest>): DescribeBatchSegmentJobResponse => ({
    batchSegmentJob: describe(plane, "batchSegmentJob", batchSegmentJobArn),
  });
