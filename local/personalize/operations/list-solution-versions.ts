/** The versions of a solution, or all. Unlike the other lists it looks whether the solution exists. */
import type {
  ListSolutionVersionsRequest,
  ListSolutionVersionsResponse,
  SolutionVersionSummary,
} from "@aws-sdk/client-personalize";
import { find, type ControlPlane } from "../control-plane.ts";
import { listRows } from "../paging.ts";

export const solutionVersionSummary = [
  "solutionVersionArn",
  "status",
  "trainingMode",
  "trainingType",
  "creationDateTime",
  "lastUpdatedDateTime",
  "failureReason",
] as const;

export const listSolutionVersions =
  (plane: ControlPlane) =>
  (input: ListSolutionVersionsRequest): ListSolutionVersionsResponse => {
    if (input.solutionArn !== undefined) find(plane, "solution", input.solutionArn);
    const { items, nextToken } = listRows<"solutionVersion", SolutionVersionSummary>(plane, "solutionVersion", {
      ...input,
      filter: input.solutionArn,
      where: (row) => row.solutionArn === input.solutionArn,
      members: solutionVersionSummary,
    });
    return { solutionVersions: items, nextToken };
  };
