/** The solution, with its newest version whatever became of it. */
import type {
  DescribeSolutionRequest,
  DescribeSolutionResponse,
  SolutionVersionSummary,
} from "@aws-sdk/client-personalize";
import { describe, those, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";
import { summaryOf } from "../paging.ts";
import { solutionVersionSummary } from "./list-solution-versions.ts";

export const describeSolution =
  (plane: ControlPlane) =>
  ({ solutionArn }: Checked<DescribeSolutionRequest>): DescribeSolutionResponse => {
    const solution = describe(plane, "solution", solutionArn);
    const newest = those(plane, "solutionVersion", (row) => row.solutionArn === solutionArn).at(-1);
    return {
      solution: {
        ...solution,
        ...(newest ? { latestSolutionVersion: summaryOf<SolutionVersionSummary>(newest, solutionVersionSummary) } : {}),
      },
    };
  };
