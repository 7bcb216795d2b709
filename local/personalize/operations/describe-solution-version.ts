/** The solution version as it trains. */
import type { DescribeSolutionVersionRequest, DescribeSolutionVersionResponse } from "@aws-sdk/client-personalize";
import { describe, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const describeSolutionVersion =
  (plane: ControlPlane) =>
  ({ solutionVersionArn }: Checked<DescribeSolutionVersionRequest>): DescribeSolutionVersionResponse => ({
    solutionVersion: describe(plane, "solutionVersion", solutionVersionArn),
  });
