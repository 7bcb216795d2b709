/**
 * The best items for a user, or those related to an item, as every caller needs them: GetRecommendations of campaigns and
 * recommenders, and batch jobs. Unknown users and items get the popular items.
 */
import type { PredictedItem } from "@aws-sdk/client-personalize-runtime";
import type { Query, Scored } from "../../recipes/recipe.ts";
import type { ControlPlane } from "../control-plane.ts";
import { type Bitmap, intersect, isAllowed } from "../filters/bitmaps.ts";
import type { CompiledFilter } from "../filters/compile-filter.ts";
import type { ServingModel } from "../job-runner.ts";
import type { UseCase } from "../recommenders/use-cases.ts";
import { rounded, schemaInGroup } from "./campaign-request.ts";
import { mixInNew, newItemChance, type Mixing } from "./exploration.ts";
import { filterOf, type FilterRequest } from "./filtering.ts";
import { isSecondVersion, type Serving } from "./open.ts";
import { createResemblance, mostAlike } from "./resemblance.ts";

/** Whom or what recommendations are for. */
export interface Subject {
  readonly userId?: string | undefined;
  readonly itemId?: string | undefined;
  /** Under the names of the Interactions schema. */
  readonly context?: Readonly<Record<string, string>> | undefined;
}

/** What the model is to be asked, if it has anything to say, and what its answer becomes. */
export interface Question {
  readonly query: Query | undefined;
  readonly answer: (scored: readonly Scored[] | undefined) => PredictedItem[];
}

export function bestItems(
  plane: ControlPlane,
  answering: Serving,
  subject: Subject,
  request: FilterRequest,
  count: number,
): PredictedItem[] {
  if (count === 0) return [];
  const { query, answer } = questionOf(plane, answering, subject, request, count);
  return answer(query && plane.refreshed.of(answering.serving).recommend(query));
}

/** What is made of a list that will never change, made once; of others each time. */
export type Named = (list: readonly Scored[], make: () => PredictedItem[]) => PredictedItem[];

/** A model's own lists are of one recipe and one use case, and so is what is made of them. */
export function rememberNamed(): Named {
  const known = new WeakMap<readonly Scored[], PredictedItem[]>();
  return (list, make) => {
    if (!Object.isFrozen(list)) return make();
    let found = known.get(list);
    if (!found) {
      found = make();
      Object.freeze(found);
      known.set(list, found);
    }
    return found;
  };
}

/** The answers to several questions, in their order; the model is asked once where it can. */
export function answerTogether({ serving }: Serving, questions: readonly Question[]): PredictedItem[][] {
  const { model } = serving;
  const queries = questions.flatMap(({ query }) => query ?? []);
  const scored = model.recommendMany?.(queries) ?? queries.map((query) => model.recommend(query));
  let next = 0;
  return questions.map(({ query, answer }) => answer(query && scored[next++]));
}

export function questionOf(
  plane: ControlPlane,
  answering: Serving,
  subject: Subject,
  request: FilterRequest,
  count: number,
): Question {
  const { recipe, serving, useCase } = answering;
  const filters = filtersOf(plane, answering, request);
  const allowed = allowedBy(plane, answering, filters, subject);
  const query = queryOf(plane, answering, subject, count, allowed);
  const isSecond = isSecondVersion(recipe);
  const manner = { useCase, isSecond };
  const named = (list: readonly Scored[]) =>
    plane.named(list, () => list.map((entry) => predicted(serving, entry, manner)));
  // v2 recipes say which items are there for being popular, and fill a short list with them.
  const asPopular = (list: readonly Scored[]) => named(list).map((item) => ({ ...item, reason: ["Popular item"] }));
  const answer = (scored: readonly Scored[] | undefined): PredictedItem[] => {
    if (!scored) return (isSecond ? asPopular : named)(popularItems(serving, count, allowed));
    const filler = isSecond ? asPopular(popularItems(serving, count - scored.length, allowed, scored)) : [];
    const items = filler.length > 0 ? [...named(scored), ...filler] : named(scored);
    return withNewItems(plane, answering, { items, filters, subject, count });
  };
  return { query, answer };
}

/** What the model is asked; undefined when it has nothing to say of this user or item. Built member by member: every request does. */
function queryOf(
  plane: ControlPlane,
  { recipe, serving, exploration }: Serving,
  { userId, itemId, context }: Subject,
  count: number,
  allowed: Bitmap | undefined,
): Query | undefined {
  const query: Writable<Query> = { count, now: Math.floor(plane.clock.now() / 1000) };
  const isRelated = recipe.type === "RELATED_ITEMS";
  const item = isRelated ? serving.itemIndex(itemId ?? "") : undefined;
  const history = isRelated || userId === undefined ? undefined : serving.history(userId);
  const isKnown = item !== undefined || (history !== undefined && history.item.length > 0);
  if (!isKnown && recipe.type !== "POPULAR_ITEMS") return undefined;
  if (item !== undefined) query.item = item;
  if (isKnown && history && userId !== undefined) {
    query.history = history;
    const user = serving.userIndex(userId);
    if (user !== undefined) query.user = user;
  }
  if (context) query.context = context;
  if (exploration) query.exploration = { ...exploration, random: plane.random };
  if (allowed) query.allowed = allowed;
  return query;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The request's filter, and what the use case never recommends: e.g. what the user has purchased. */
function filtersOf(plane: ControlPlane, { datasetGroupArn, useCase }: Serving, request: FilterRequest) {
  const asked = filterOf(plane, datasetGroupArn, request);
  const { leavesOut } = useCase ?? {};
  if (leavesOut === undefined) return asked ? [asked] : [];
  const expression = `EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("${leavesOut}")`;
  const left = plane.filtering.compiled(expression, {}, "ItemID");
  return asked ? [asked, left] : [left];
}

function allowedBy(
  plane: ControlPlane,
  { datasetGroupArn, serving }: Serving,
  filters: readonly CompiledFilter[],
  subject: Subject,
): Bitmap | undefined {
  const ids = { ids: serving.model.items, position: serving.itemIndex };
  const about = { datasetGroupArn, userId: subject.userId, itemId: subject.itemId };
  const bitmaps = filters.flatMap((filter) => plane.filtering.allowed(filter, ids, about) ?? []);
  const [first, ...others] = bitmaps;
  if (!first || others.length === 0) return first;
  return others.reduce(intersect, Uint8Array.from(first));
}

interface Listed {
  readonly items: PredictedItem[];
  readonly filters: readonly CompiledFilter[];
  readonly subject: Subject;
  readonly count: number;
}

/** Explores items that came after the model was trained, where the service updates the recipe with them. */
function withNewItems(plane: ControlPlane, answering: Serving, { items, filters, subject, count }: Listed) {
  const chance = newItemChance(answering.recipe, answering.exploration);
  if (chance === 0) return items;
  const newcomers = plane.newItems.of(answering);
  if (newcomers.length === 0) return items;
  const about = { datasetGroupArn: answering.datasetGroupArn, userId: subject.userId, itemId: subject.itemId };
  const candidates = someOf(newcomers, count, plane.random).filter((id) =>
    filters.every((filter) => plane.filtering.allows(filter, id, about)),
  );
  const reason = isSecondVersion(answering.recipe) ? { reason: ["Exploration"] } : {};
  const news = candidates.map((itemId) => ({ itemId, ...reason }));
  const pick = likeTheList(plane, answering, items);
  return mixInNew(items, news, { count, chance, random: plane.random, ...(pick ? { pick } : {}) });
}

/** Prefers new items whose categories are those of the list; undefined where items have none. */
function likeTheList(
  plane: ControlPlane,
  { datasetGroupArn }: Serving,
  items: readonly PredictedItem[],
): Mixing["pick"] | undefined {
  const fields = schemaInGroup(plane, datasetGroupArn, "ITEMS")?.fields ?? [];
  const columns = fields.filter(({ categorical }) => categorical).map(({ name }) => name);
  if (columns.length === 0) return undefined;
  const ids = (list: readonly PredictedItem[]) => list.map(({ itemId = "" }) => itemId);
  const rowOf = (id: string) => plane.jobs.metadataOf(datasetGroupArn, "ITEMS", id, columns);
  let resemblance: ((itemId: string) => number) | undefined;
  return (left) => mostAlike(ids(left), (resemblance ??= createResemblance(ids(items), rowOf)), plane.random);
}

/** At most `count` of them, beginning anywhere. */
function someOf(ids: readonly string[], count: number, random: () => number): string[] {
  const begin = Math.floor(random() * ids.length);
  return Array.from({ length: Math.min(count, ids.length) }, (_, n) => ids[(begin + n) % ids.length] as string);
}

/** The most popular items that may be recommended and are not listed yet. */
function popularItems(
  { popular }: ServingModel,
  count: number,
  allowed: Bitmap | undefined,
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

/** Use cases give no scores, and only v2 recipes give reasons. */
function predicted(
  { model }: ServingModel,
  { item, score, reason }: Scored,
  { useCase, isSecond }: { readonly useCase: UseCase | undefined; readonly isSecond: boolean },
): PredictedItem {
  const found: PredictedItem = { itemId: model.items[item] };
  if (score !== undefined && !useCase) found.score = rounded(score);
  if (reason && isSecond) found.reason = [reason];
  return found;
}
