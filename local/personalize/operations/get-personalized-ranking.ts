/**
 * GetPersonalizedRanking: the given items in a user's order. Scores are a softmax over those that the model knows; the others follow
 * in the order given, without a score. A filter takes items out of the list.
 */
import type {
  GetPersonalizedRankingRequest,
  GetPersonalizedRankingResponse,
  PredictedItem,
} from "@aws-sdk/client-personalize-runtime";
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import { applyFilter } from "../filters/apply-filter.ts";
import type { Checked } from "../model.ts";
import {
  assertMetadataAllowed,
  filterOf,
  openCampaign,
  rounded,
  withMetadata,
  type Serving,
} from "../serving/campaign-request.ts";

type Request = Checked<GetPersonalizedRankingRequest>;

export const getPersonalizedRanking =
  (plane: ControlPlane) =>
  async (input: Request): Promise<GetPersonalizedRankingResponse> => {
    const campaign = await openCampaign(plane, input.campaignArn);
    assertFits(plane, campaign, input);
    const matchers = filterOf(plane, campaign.datasetGroupArn, input, input);
    const wanted = [...new Set(input.inputList)].filter(matchers ? applyFilter(matchers) : () => true);
    const ranked = rank(plane, campaign, input.userId, wanted);
    return {
      personalizedRanking: withMetadata(plane, campaign.datasetGroupArn, ranked, input.metadataColumns),
      recommendationId: `RID-${plane.ids.uuid()}`,
    };
  };

function assertFits(plane: ControlPlane, serving: Serving, input: Request): void {
  const { type, name } = serving.recipe;
  if (type !== "PERSONALIZED_RANKING") {
    throw new InvalidInputException(`${name} does not rank given items: call GetRecommendations for this campaign.`);
  }
  assertMetadataAllowed(serving, input.metadataColumns);
  const { numResults, numResultsWithMetadata } = plane.settings.quotas;
  const most = input.metadataColumns ? numResultsWithMetadata : numResults;
  if (input.inputList.length > most) {
    throw new InvalidInputException(`inputList has ${input.inputList.length} items; at most ${most} are allowed.`);
  }
}

function rank(plane: ControlPlane, { serving }: Serving, userId: string, wanted: readonly string[]): PredictedItem[] {
  const known = wanted.flatMap((id) => serving.itemIndex(id) ?? []);
  const history = serving.history(userId);
  const user = serving.userIndex(userId);
  const query = {
    count: known.length,
    now: Math.floor(plane.clock.now() / 1000),
    ...(history ? { history } : {}),
    ...(user === undefined ? {} : { user }),
  };
  const scored = serving.model.rank(query, Uint32Array.from(known)).map(({ item, score }) => ({
    itemId: serving.model.items[item],
    ...(score === undefined ? {} : { score: rounded(score) }),
  }));
  const tail = wanted.filter((id) => serving.itemIndex(id) === undefined).map((itemId) => ({ itemId }));
  return [...scored, ...tail];
}
