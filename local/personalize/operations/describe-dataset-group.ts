/** The dataset group as it is. */
import type { DescribeDatasetGroupRequest, DescribeDatasetGroupResponse } from "@aws-sdk/client-personalize";
import { describe, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const describeDatasetGroup =
  (plane: ControlPlane) =>
  ({ datasetGroupArn }: Checked<DescribeDatasetGroupRequest>): DescribeDatasetGroupResponse => ({
    datasetGroup: describe(plane, "datasetGroup", datasetGroupArn),
  });
