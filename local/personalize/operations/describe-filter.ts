/** The filter with its expression. */
import type { DescribeFilterRequest, DescribeFilterResponse } from "@aws-sdk/client-personalize";
import { describe, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const describeFilter =
  (plane: ControlPlane) =>
  ({ filterArn }: Checked<DescribeFilterRequest>): DescribeFilterResponse => ({
    filter: describe(plane, "filter", filterArn),
  });
