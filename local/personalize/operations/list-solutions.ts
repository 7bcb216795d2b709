/** The solutions of a group, or all. */
import type { SolutionSummary, ListSolutionsRequest, ListSolutionsResponse } from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import { listRows } from "../paging.ts";

export const listSolutions =
  (plane: ControlPlane) =>
  (input: ListSolutionsRequest): ListSolutionsResponse => {
    const { items, nextToken } = listRows<"solution", SolutionSummary>(plane, "solution", {
      ...input,
      filter: input.datasetGroupArn,
      where: (row) => row.datasetGroupArn === input.datasetGroupArn,
      members: ["name", "solutionArn", "status", "creationDateTime", "lastUpdatedDateTime", "recipeArn"],
    });
    return { solutions: items, nextToken };
  };
