/** Deletes a solution and all its versions, once no campaign serves one and nothing is under way. */
import type { DeleteSolutionRequest } from "@aws-sdk/client-personalize";
import { solutionOf } from "../arns.ts";
import { busyBatchJobs } from "../batch-rules.ts";
import {
  assertDeletable,
  assertNoDependents,
  find,
  isUnderWay,
  startDeleting,
  those,
  type ControlPlane,
} from "../control-plane.ts";
import { ResourceInUseException } from "../errors.ts";
import type { Checked } from "../model.ts";

export const deleteSolution =
  (plane: ControlPlane) =>
  async ({ solutionArn }: Checked<DeleteSolutionRequest>): Promise<void> => {
    assertDeletable("solution", solutionArn, find(plane, "solution", solutionArn).status);
    if (plane.transitions.isUnderWay("solution.update", solutionArn)) {
      throw new ResourceInUseException(`The solution ${solutionArn} is being updated. Please try again later.`);
    }
    const isServed = (row: { solutionVersionArn?: string | undefined } | undefined) =>
      solutionOf(row?.solutionVersionArn ?? "") === solutionArn;
    const dependents = [
      ...those(
        plane,
        "campaign",
        (row) =>
          isServed(row) ||
          (isServed(row.latestCampaignUpdate) && plane.transitions.isUnderWay("campaign.update", row.campaignArn)),
      ).map((row) => row.campaignArn),
      ...those(
        plane,
        "solutionVersion",
        (row) => row.solutionArn === solutionArn && (isUnderWay(row.status) || row.status === "CREATE STOPPING"),
      ).map((row) => row.solutionVersionArn),
      ...busyBatchJobs(plane, isServed),
    ];
    assertNoDependents("solution", solutionArn, dependents);
    await startDeleting(plane, "solution", solutionArn);
  };
