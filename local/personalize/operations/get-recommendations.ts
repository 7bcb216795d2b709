/**
 * GetRecommendations: the best items for a user, or those related to an item, from the campaign's live version.
 * A user or an item that nobody knows is no error: the popular items answer.
 */
import type {
  GetRecommendationsRequest,
  GetRecommendationsResponse,
  PredictedItem,
} from "@aws-sdk/client-personalize-runtime";
import type { Scored } from "../../recipes/recipe.ts";
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import type { ServingModel } from "../job-runner.ts";
import type { Checked } from "../model.ts";
import {
  assertMetadataAllowed,
  isSecondVersion,
  openCampaign,
  filterOf,
  rounded,
  withMetadata,
  type FilterRequest,
  type Serving,
} from "../serving/campaign-request.ts";
import { allowedItems, isAllowed } from "../filters/allowed-items.ts";
import { mixIn } from "../serving/promote.ts";

type Request = Checked<GetRecommendationsRequest>;

const defaultCount = 25;

export const getRecommendations =
  (plane: ControlPlane) =>
  async (input: Request): Promise<GetRecommendationsResponse> => {
    if (input.campaignArn === undefined) {
      throw new InvalidInputException(
        input.recommenderArn === undefined
          ? "campaignArn or recommenderArn is required."
          : "Recommenders are not supported by the embedded Personalize; see docs/support.md.",
      );
    }
    const campaign = await openCampaign(plane, input.campaignArn);
    assertFits(plane, campaign, input);
    const items = listFor(plane, campaign, input);
    return {
      itemList: withMetadata(plane, campaign.datasetGroupArn, items, input.metadataColumns),
      recommendationId: `RID-${plane.ids.uuid()}`,
    };
  };

function assertFits(plane: ControlPlane, serving: Serving, input: Request): void {
  const { type, name } = serving.recipe;
  if (type === "PERSONALIZED_RANKING") {
    throw new InvalidInputException(`${name} ranks given items: call GetPersonalizedRanking for this campaign.`);
  }
  if (type === "PERSONALIZED_ACTIONS") {
    throw new InvalidInputException(`${name} recommends actions: call GetActionRecommendations for this campaign.`);
  }
  if (type === "RELATED_ITEMS" && !input.itemId) throw new InvalidInputException(`itemId is required by ${name}.`);
  if (type === "USER_PERSONALIZATION" && !input.userId)
    throw new InvalidInputException(`userId is required by ${name}.`);
  assertMetadataAllowed(serving, input.metadataColumns);
  const { numResults, numResultsWithMetadata } = plane.settings.quotas;
  const most = input.metadataColumns ? numResultsWithMetadata : numResults;
  if ((input.numResults ?? 0) > most) {
    throw new InvalidInputException(`numResults is ${input.numResults}; at most ${most} are allowed.`);
  }
}

/** The organic list with the promotion's items mixed in. */
function listFor(plane: ControlPlane, campaign: Serving, input: Request): PredictedItem[] {
  const count = input.numResults ?? defaultCount;
  const organic = bestItems(plane, campaign, input, input, count);
  const promotion = input.promotions?.[0];
  if (!promotion) return organic;
  const promoted = bestItems(plane, campaign, input, promotion, count).map((item) => ({
    ...item,
    promotionName: promotion.name,
    ...(isSecondVersion(campaign.recipe) ? { reason: ["Promoted item"] } : {}),
  }));
  const isPromoted = new Set(promoted.map(({ itemId }) => itemId));
  const others = organic.filter(({ itemId }) => !isPromoted.has(itemId));
  const percent = promotion.percentPromotedItems ?? 0;
  return mixIn(others, promoted, { count, percent, random: plane.random });
}

function bestItems(
  plane: ControlPlane,
  { recipe, serving, datasetGroupArn }: Serving,
  { userId, itemId }: Request,
  filter: FilterRequest,
  count: number,
): PredictedItem[] {
  if (count === 0) return [];
  const matchers = filterOf(plane, datasetGroupArn, filter, { userId, itemId });
  const kept = { cache: plane.filteredItems, revision: plane.jobs.itemsRevision(datasetGroupArn) };
  const allowed = matchers && allowedItems(matchers, serving, kept);
  const subject = recipe.type === "RELATED_ITEMS" ? relatedTo(serving, itemId) : knownUser(serving, userId);
  const isAnswerable = subject !== undefined || recipe.type === "POPULAR_ITEMS";
  const now = Math.floor(plane.clock.now() / 1000);
  const scored = isAnswerable
    ? serving.model.recommend({ ...subject, count, now, ...(allowed ? { allowed } : {}) })
    : popularItems(serving, count, allowed);
  const named = (list: readonly Scored[]) => list.map((entry) => predicted(serving, entry));
  if (!isSecondVersion(recipe)) return named(scored);
  // v2 recipes say which items are there for being popular, and fill a short list with them.
  const asPopular = (list: readonly Scored[]) => named(list).map((item) => ({ ...item, reason: ["Popular item"] }));
  if (!isAnswerable) return asPopular(scored);
  return [...named(scored), ...asPopular(popularItems(serving, count - scored.length, allowed, scored))];
}

function relatedTo({ itemIndex }: ServingModel, itemId: string | undefined): { item: number } | undefined {
  const item = itemIndex(itemId ?? "");
  return item === undefined ? undefined : { item };
}

function knownUser(serving: ServingModel, userId: string | undefined) {
  if (userId === undefined) return undefined;
  const history = serving.history(userId);
  if (!history || history.item.length === 0) return undefined;
  const user = serving.userIndex(userId);
  return { history, ...(user === undefined ? {} : { user }) };
}

/** The most popular items that may be recommended and are not listed yet. */
function popularItems(
  { popular }: ServingModel,
  count: number,
  allowed: Uint8Array | undefined,
  listed: readonly Scored[] = [],
): Scored[] {
  const taken = new Set(listed.map(({ item }) => item));
  const found: Scored[] = [];
  for (let n = 0; n < popular.length && found.length < count; n++) {
    const item = popular[n] ?? 0;
    if (isAllowed(allowed, item) && !taken.has(item)) found.push({ item });
  }
  return found;
}

const predicted = ({ model }: ServingModel, { item, score }: Scored): PredictedItem => ({
  itemId: model.items[item],
  ...(score === undefined ? {} : { score: rounded(score) }),
});
