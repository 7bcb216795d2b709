/** The batch segment job with its status; there are none as long as none can be created. */
import type { DescribeBatchSegmentJobRequest, DescribeBatchSegmentJobResponse } from "@aws-sdk/client-personalize";
import { describe, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const describeBatchSegmentJob =
  (plane: ControlPlane) =>
  ({ batchSegmentJobArn }: Checked<DescribeBatchSegmentJobRequest>): DescribeBatchSegmentJobResponse => ({
    batchSegmentJob: describe(plane, "batchSegmentJob", batchSegmentJobArn),
  });
