/**
 * GetPersonalizedRanking: the given items in a user's order. Scores are a softmax over those that the model knows; the others follow
 * in the order given, without a score. A filter takes items out of the list.
 */
import type {
  GetPersonalizedRankingRequest,
  GetPersonalizedRankingResponse,
} from "@aws-sdk/client-personalize-runtime";
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import type { Checked } from "../model.ts";
import { assertMetadataAllowed, contextOf, withMetadata } from "../serving/campaign-request.ts";
import { type Serving, withCampaign } from "../serving/open.ts";
import { rankItems } from "../serving/rank-items.ts";

type Request = Checked<GetPersonalizedRankingRequest>;

export const getPersonalizedRanking =
  (plane: ControlPlane) =>
  async (input: Request): Promise<GetPersonalizedRankingResponse> =>
    withCampaign(plane, input.campaignArn, (campaign) => {
      assertFits(plane, campaign, input);
      const context = contextOf(plane, campaign.datasetGroupArn, input.context);
      const ranked = rankItems(plane, campaign, { ...input, context });
      return {
        personalizedRanking: withMetadata(plane, campaign.datasetGroupArn, ranked, input.metadataColumns),
        recommendationId: plane.answered.remember(ranked, campaign.arn),
      };
    });

function assertFits(plane: ControlPlane, serving: Serving, input: Request): void {
  const { type, name } = serving.recipe;
  if (type !== "PERSONALIZED_RANKING") {
    throw new InvalidInputException(`${name} does not rank given items: call GetRecommendations for this campaign.`);
  }
  assertMetadataAllowed(plane, serving, input.metadataColumns);
  const { numResults, numResultsWithMetadata } = plane.settings.quotas;
  const most = input.metadataColumns ? numResultsWithMetadata : numResults;
  if (input.inputList.length > most) {
    throw new InvalidInputException(`inputList has ${input.inputList.length} items; at most ${most} are allowed.`);
  }
}
