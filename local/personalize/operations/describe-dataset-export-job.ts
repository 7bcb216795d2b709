/** The job with its status; finished jobs stay. */
import type { DescribeDatasetExportJobRequest, DescribeDatasetExportJobResponse } from "@aws-sdk/client-personalize";
import { describe, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const describeDatasetExportJob =
  (plane: ControlPlane) =>
  ({ datasetExportJobArn }: Checked<DescribeDatasetExportJobRequest>): DescribeDatasetExportJobResponse => ({
    datasetExportJob: describe(plane, "datasetExportJob", datasetExportJobArn),
  });
