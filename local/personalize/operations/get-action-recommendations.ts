/**
 * GetActionRecommendations: needs a campaign that recommends actions. No recipe here is trained on actions, so no campaign can be one; the
 * request is checked as the service checks it and answered as for a campaign of another recipe.
 */
import type {
  GetActionRecommendationsRequest,
  GetActionRecommendationsResponse,
} from "@aws-sdk/client-personalize-runtime";
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import type { Checked } from "../model.ts";
import { withCampaign } from "../serving/open.ts";

const mostActions = 100;

export const getActionRecommendations =
  (plane: ControlPlane) =>
  async (input: Checked<GetActionRecommendationsRequest>): Promise<GetActionRecommendationsResponse> => {
    if (input.campaignArn === undefined) throw new InvalidInputException("campaignArn is required.");
    if (!input.userId) throw new InvalidInputException("userId is required.");
    if ((input.numResults ?? 0) > mostActions) {
      throw new InvalidInputException(`numResults is ${input.numResults}; at most ${mostActions} are allowed.`);
    }
    const recipe = await withCampaign(plane, input.campaignArn, (campaign) => campaign.recipe);
    throw new InvalidInputException(
      `${recipe.name} does not recommend actions: a campaign of aws-next-best-action does, which the embedded Personalize cannot train; see docs/support.md.`,
    );
  };
