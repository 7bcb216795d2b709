/** The job with its status; finished jobs stay. */
import type { DescribeBatchInferenceJobRequest, DescribeBatchInferenceJobResponse } from "@aws-sdk/client-personalize";
import { describe, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const describeBatchInferenceJob =
  (plane: ControlPlane) =>
  ({ batchInferenceJobArn }: Checked<DescribeBatchInferenceJobRequest>): DescribeBatchInferenceJobResponse => ({
    batchInferenceJob: describe(plane, "batchInferenceJob", batchInferenceJobArn),
  });
