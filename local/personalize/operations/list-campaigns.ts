/** The campaigns that serve a solution, or all. Which version each serves only DescribeCampaign tells. */
import type { CampaignSummary, ListCampaignsRequest, ListCampaignsResponse } from "@aws-sdk/client-personalize";
import { solutionOf } from "../arns.ts";
import type { ControlPlane } from "../control-plane.ts";
import { listRows } from "../paging.ts";

export const listCampaigns =
  (plane: ControlPlane) =>
  (input: ListCampaignsRequest): ListCampaignsResponse => {
    const { items, nextToken } = listRows<"campaign", CampaignSummary>(plane, "campaign", {
      ...input,
      filter: input.solutionArn,
      where: (row) => solutionOf(row.solutionVersionArn) === input.solutionArn,
      members: ["name", "campaignArn", "status", "creationDateTime", "lastUpdatedDateTime", "failureReason"],
    });
    return { campaigns: items, nextToken };
  };
