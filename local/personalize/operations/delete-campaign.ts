/** Takes a campaign out of service; nothing hinders that but work on the campaign itself. */
import type { DeleteCampaignRequest } from "@aws-sdk/client-personalize";
import { assertDeletable, find, startDeleting, type ControlPlane } from "../control-plane.ts";
import { ResourceInUseException } from "../errors.ts";
import type { Checked } from "../model.ts";

export const deleteCampaign =
  (plane: ControlPlane) =>
  async ({ campaignArn }: Checked<DeleteCampaignRequest>): Promise<void> => {
    assertDeletable("campaign", campaignArn, find(plane, "campaign", campaignArn).status);
    if (plane.transitions.isUnderWay("campaign.update", campaignArn)) {
      throw new ResourceInUseException(`The campaign ${campaignArn} is being updated. Please try again later.`);
    }
    await startDeleting(plane, "campaign", campaignArn);
  };
