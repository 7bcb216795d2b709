/** The schema; it has no status. */
import type { DescribeSchemaRequest, DescribeSchemaResponse } from "@aws-sdk/client-personalize";
import { describe, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const describeSchema =
  (plane: ControlPlane) =>
  ({ schemaArn }: Checked<DescribeSchemaRequest>): DescribeSchemaResponse => ({
    schema: describe(plane, "schema", schemaArn),
  });
