/** The metrics of a trained version, by the documented protocol (reference, section 6). */
import type { GetSolutionMetricsRequest, GetSolutionMetricsResponse } from "@aws-sdk/client-personalize";
import { findActive, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const getSolutionMetrics =
  (plane: ControlPlane) =>
  ({ solutionVersionArn }: Checked<GetSolutionMetricsRequest>): GetSolutionMetricsResponse => {
    findActive(plane, "solutionVersion", solutionVersionArn);
    return { solutionVersionArn, metrics: { ...plane.side.trainings.get(solutionVersionArn)?.metrics } };
  };
