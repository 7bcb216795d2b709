/** Changes what an ACTIVE (or failed) campaign serves; until the update is ACTIVE the old version serves on. */
import type { UpdateCampaignRequest, UpdateCampaignResponse } from "@aws-sdk/client-personalize";
import { find, type ControlPlane } from "../control-plane.ts";
import { deployableVersion } from "../deployable-version.ts";
import { ResourceInUseException } from "../errors.ts";
import { beginCampaignUpdate } from "../lifecycles/campaign.ts";
import type { Checked, Rows } from "../model.ts";

export const updateCampaign =
  (plane: ControlPlane) =>
  async (input: Checked<UpdateCampaignRequest>): Promise<UpdateCampaignResponse> => {
    const campaign = find(plane, "campaign", input.campaignArn);
    assertUpdatable(plane, campaign);
    const campaignConfig = input.campaignConfig ?? campaign.campaignConfig;
    const version = input.solutionVersionArn
      ? deployableVersion(plane, input.solutionVersionArn, input.campaignConfig)
      : find(plane, "solutionVersion", campaign.solutionVersionArn);
    beginCampaignUpdate(plane, campaign, {
      solutionVersionArn: version.solutionVersionArn,
      minProvisionedTPS: input.minProvisionedTPS ?? campaign.minProvisionedTPS,
      campaignConfig,
    });
    await plane.store.commit();
    return { campaignArn: campaign.campaignArn };
  };

function assertUpdatable(plane: ControlPlane, { campaignArn, status }: Rows["campaign"]): void {
  if (status !== "ACTIVE" && status !== "CREATE FAILED") {
    throw new ResourceInUseException(`The campaign ${campaignArn} is ${status}; it can be updated once it is ACTIVE.`);
  }
  if (plane.transitions.isUnderWay("campaign.update", campaignArn)) {
    throw new ResourceInUseException(`The campaign ${campaignArn} is being updated already. Please try again later.`);
  }
}
