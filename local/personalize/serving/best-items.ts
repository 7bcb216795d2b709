/**
 * The best items for a user, or those related to an item, as every caller needs them: GetRecommendations of campaigns and
 * recommenders, and batch jobs. Unknown users and items get the popular items.
 */
import type { PredictedItem } from "@aws-sdk/client-personalize-runtime";
import type { Scored } from "../../recipes/recipe.ts";
import type { ControlPlane } from "../control-plane.ts";
import { allowedItems, isAllowed } from "../filters/allowed-items.ts";
import type { Matcher } from "../filters/apply-filter.ts";
import type { ServingModel } from "../job-runner.ts";
import type { UseCase } from "../recommenders/use-cases.ts";
import { filterOf, matchersFor, rounded, type FilterRequest } from "./campaign-request.ts";
import { isSecondVersion, type Serving } from "./open.ts";

/** Whom or what recommendations are for. */
export interface Subject {
  readonly userId?: string | undefined;
  readonly itemId?: string | undefined;
}

export function bestItems(
  plane: ControlPlane,
  { recipe, serving, datasetGroupArn, useCase }: Serving,
  { userId, itemId }: Subject,
  filter: FilterRequest,
  count: number,
): PredictedItem[] {
  if (count === 0) return [];
  const about = { datasetGroupArn, userId, itemId };
  const matchers = joined(filterOf(plane, datasetGroupArn, filter, about), leftOut(plane, useCase, about));
  const kept = { cache: plane.filteredItems, revision: plane.jobs.itemsRevision(datasetGroupArn) };
  const allowed = matchers && allowedItems(matchers, serving, kept);
  const subject = recipe.type === "RELATED_ITEMS" ? relatedTo(serving, itemId) : knownUser(serving, userId);
  const isAnswerable = subject !== undefined || recipe.type === "POPULAR_ITEMS";
  const now = Math.floor(plane.clock.now() / 1000);
  const scored = isAnswerable
    ? serving.model.recommend({ ...subject, count, now, ...(allowed ? { allowed } : {}) })
    : popularItems(serving, count, allowed);
  const named = (list: readonly Scored[]) =>
    list.map((entry) => predicted(serving, useCase ? { item: entry.item } : entry));
  if (!isSecondVersion(recipe)) return named(scored);
  // v2 recipes say which items are there for being popular, and fill a short list with them.
  const asPopular = (list: readonly Scored[]) => named(list).map((item) => ({ ...item, reason: ["Popular item"] }));
  if (!isAnswerable) return asPopular(scored);
  return [...named(scored), ...asPopular(popularItems(serving, count - scored.length, allowed, scored))];
}

/** What a use case never recommends: e.g. what the user has purchased. */
function leftOut(
  plane: ControlPlane,
  useCase: UseCase | undefined,
  about: Subject & { readonly datasetGroupArn: string },
): Matcher[] | undefined {
  if (useCase?.leavesOut === undefined) return undefined;
  return matchersFor(plane, `EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("${useCase.leavesOut}")`, {}, about);
}

const joined = (first: Matcher[] | undefined, second: Matcher[] | undefined): Matcher[] | undefined =>
  first || second ? [...(first ?? []), ...(second ?? [])] : undefined;

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
  if (count <= 0) return [];
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
