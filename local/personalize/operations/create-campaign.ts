/** Deploys a trained solution version. */
import type { CreateCampaignRequest, CreateCampaignResponse } from "@aws-sdk/client-personalize";
import { bear, born, find, freeArn, those, type ControlPlane } from "../control-plane.ts";
import { deployableVersion } from "../deployable-version.ts";
import { tooManyResources } from "../errors.ts";
import type { Checked } from "../model.ts";

export const createCampaign =
  (plane: ControlPlane) =>
  async (input: Checked<CreateCampaignRequest>): Promise<CreateCampaignResponse> => {
    const { name, minProvisionedTPS = 1, campaignConfig, tags } = input;
    const version = deployableVersion(plane, input.solutionVersionArn, campaignConfig);
    const campaignArn = freeArn(plane, "campaign", name);
    const quota = plane.settings.quotas.campaignsPerDatasetGroup;
    if (campaignsOf(plane, version.datasetGroupArn).length >= quota) throw tooManyResources("a campaign", quota);
    const row = {
      name,
      campaignArn,
      solutionVersionArn: version.solutionVersionArn,
      minProvisionedTPS,
      campaignConfig: campaignConfig,
      status: "CREATE PENDING",
      ...born(plane),
    };
    await bear(plane, "campaign", row, tags);
    return { campaignArn };
  };

const campaignsOf = (plane: ControlPlane, datasetGroupArn: string) =>
  those(
    plane,
    "campaign",
    (row) => find(plane, "solutionVersion", row.solutionVersionArn).datasetGroupArn === datasetGroupArn,
  );
