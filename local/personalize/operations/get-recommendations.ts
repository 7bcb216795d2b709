/**
 * GetRecommendations: the best items for a user, or those related to an item, from a campaign's live version or a recommender.
 * A user or an item that nobody knows is no error: the popular items answer.
 */
import type {
  GetRecommendationsRequest,
  GetRecommendationsResponse,
  PredictedItem,
} from "@aws-sdk/client-personalize-runtime";
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import type { Checked } from "../model.ts";
import { bestItems } from "../serving/best-items.ts";
import { assertMetadataAllowed, contextOf, withMetadata } from "../serving/campaign-request.ts";
import { isSecondVersion, type Serving, withCampaign, withRecommender } from "../serving/open.ts";
import { mixIn } from "../serving/promote.ts";

type Request = Checked<GetRecommendationsRequest>;

const defaultCount = 25;

export const getRecommendations =
  (plane: ControlPlane) =>
  async (input: Request): Promise<GetRecommendationsResponse> =>
    withAsked(plane, input, (answering) => {
      assertFits(plane, answering, input);
      const items = listFor(plane, answering, input);
      return {
        itemList: withMetadata(plane, answering.datasetGroupArn, items, input.metadataColumns),
        recommendationId: plane.answered.remember(items, answering.arn),
      };
    });

function withAsked<T>(
  plane: ControlPlane,
  { campaignArn, recommenderArn }: Request,
  answer: (serving: Serving) => T,
): T | Promise<T> {
  if (campaignArn !== undefined && recommenderArn !== undefined) {
    throw new InvalidInputException("campaignArn and recommenderArn exclude each other.");
  }
  if (campaignArn !== undefined) return withCampaign(plane, campaignArn, answer);
  if (recommenderArn !== undefined) return withRecommender(plane, recommenderArn, answer);
  throw new InvalidInputException("campaignArn or recommenderArn is required.");
}

function assertFits(plane: ControlPlane, serving: Serving, input: Request): void {
  const { type, name } = serving.recipe;
  if (type === "PERSONALIZED_RANKING") {
    throw new InvalidInputException(`${name} ranks given items: call GetPersonalizedRanking for this campaign.`);
  }
  if (type === "PERSONALIZED_ACTIONS") {
    throw new InvalidInputException(`${name} recommends actions: call GetActionRecommendations for this campaign.`);
  }
  if (type === "RELATED_ITEMS" && !input.itemId) throw new InvalidInputException(`itemId is required by ${name}.`);
  if ((type === "USER_PERSONALIZATION" || serving.useCase?.needsUser) && !input.userId)
    throw new InvalidInputException(`userId is required by ${name}.`);
  assertMetadataAllowed(plane, serving, input.metadataColumns);
  const { numResults, numResultsWithMetadata } = plane.settings.quotas;
  const most = input.metadataColumns ? numResultsWithMetadata : numResults;
  if ((input.numResults ?? 0) > most) {
    throw new InvalidInputException(`numResults is ${input.numResults}; at most ${most} are allowed.`);
  }
}

/** The organic list with the promotion's items mixed in. */
function listFor(plane: ControlPlane, answering: Serving, input: Request): PredictedItem[] {
  const count = input.numResults ?? defaultCount;
  const { userId, itemId } = input;
  const subject = { userId, itemId, context: contextOf(plane, answering.datasetGroupArn, input.context) };
  const organic = bestItems(plane, answering, subject, input, count);
  const promotion = input.promotions?.[0];
  if (!promotion) return organic;
  const percent = promotion.percentPromotedItems;
  if (percent === undefined)
    throw new InvalidInputException("The promotion needs percentPromotedItems, from 1 to 100.");
  const promoted = bestItems(plane, answering, subject, promotion, count).map((item) => ({
    ...item,
    promotionName: promotion.name,
    ...(isSecondVersion(answering.recipe) ? { reason: ["Promoted item"] } : {}),
  }));
  const isPromoted = new Set(promoted.map(({ itemId }) => itemId));
  const others = organic.filter(({ itemId }) => !isPromoted.has(itemId));
  return mixIn(others, promoted, { count, percent, random: plane.random });
}
