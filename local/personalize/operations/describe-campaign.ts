/** The campaign. While an update runs its own status stays ACTIVE: look at latestCampaignUpdate. */
import type { DescribeCampaignRequest, DescribeCampaignResponse } from "@aws-sdk/client-personalize";
import { describe, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const describeCampaign =
  (plane: ControlPlane) =>
  ({ campaignArn }: Checked<DescribeCampaignRequest>): DescribeCampaignResponse => ({
    campaign: describe(plane, "campaign", campaignArn),
  });
