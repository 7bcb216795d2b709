/** The dataset, with the latest change of its schema. */
import type { DescribeDatasetRequest, DescribeDatasetResponse } from "@aws-sdk/client-personalize";
import { describe, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const describeDataset =
  (plane: ControlPlane) =>
  ({ datasetArn }: Checked<DescribeDatasetRequest>): DescribeDatasetResponse => ({
    dataset: describe(plane, "dataset", datasetArn),
  });
