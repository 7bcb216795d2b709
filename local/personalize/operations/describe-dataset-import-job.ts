/** The import job; the service tells no row counts. */
import type { DescribeDatasetImportJobRequest, DescribeDatasetImportJobResponse } from "@aws-sdk/client-personalize";
import { describe, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const describeDatasetImportJob =
  (plane: ControlPlane) =>
  ({ datasetImportJobArn }: Checked<DescribeDatasetImportJobRequest>): DescribeDatasetImportJobResponse => ({
    datasetImportJob: describe(plane, "datasetImportJob", datasetImportJobArn),
  });
