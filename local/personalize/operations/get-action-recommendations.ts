/** GetActionRecommendations: what a user is most likely to do next, from a campaign of aws-next-best-action. */
import type {
  GetActionRecommendationsRequest,
  GetActionRecommendationsResponse,
} from "@aws-sdk/client-personalize-runtime";
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import type { Checked } from "../model.ts";
import { bestActions } from "../serving/best-actions.ts";
import { withCampaign } from "../serving/open.ts";

const defaultCount = 5;
const mostActions = 100;

export const getActionRecommendations =
  (plane: ControlPlane) =>
  async (input: Checked<GetActionRecommendationsRequest>): Promise<GetActionRecommendationsResponse> => {
    const { campaignArn, userId, numResults: count = defaultCount } = input;
    if (campaignArn === undefined) throw new InvalidInputException("campaignArn is required.");
    if (!userId) throw new InvalidInputException("userId is required.");
    if (count > mostActions) {
      throw new InvalidInputException(`numResults is ${count}; at most ${mostActions} are allowed.`);
    }
    return withCampaign(plane, campaignArn, (campaign) => {
      const { type, name } = campaign.recipe;
      if (type !== "PERSONALIZED_ACTIONS") {
        throw new InvalidInputException(`${name} does not recommend actions: a campaign of aws-next-best-action does.`);
      }
      const actionList = bestActions(plane, campaign, { ...input, userId }, count);
      return { actionList, recommendationId: plane.answered.remember(actionList, campaignArn) };
    });
  };
