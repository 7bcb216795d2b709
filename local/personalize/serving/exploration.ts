/**
 * How much a campaign, recommender or batch job explores, and which items it does so with that its model has never seen: the
 * automatic update of the service, which every two hours lets new items into the exploration of the latest fully trained
 * version (reference, section 2.3). Nothing is learnt by it.
 */
import type { PredictedItem } from "@aws-sdk/client-personalize-runtime";
import type { RandomSource } from "../../cloud/ports/clock.ts";
import type { CatalogRecipe } from "../catalog/recipe-catalog.ts";
import { those, type ControlPlane } from "../control-plane.ts";
import type { ServingModel } from "../job-runner.ts";

export interface ExplorationConfig {
  readonly weight: number;
  readonly itemAgeCutOffDays: number;
}

const defaults: ExplorationConfig = { weight: 0.3, itemAgeCutOffDays: 30 };

/** Those that take an itemExplorationConfig. */
const configurable = [
  "aws-user-personalization",
  "aws-next-best-action",
  "aws-ecomm-recommended-for-you",
  "aws-vod-top-picks",
];

/** @param config strings, checked when they were given; the older spelling exploration_weight is one as well */
export function explorationOf(
  { name }: CatalogRecipe,
  config: Readonly<Record<string, string>> | undefined,
): ExplorationConfig | undefined {
  if (!configurable.includes(name)) return undefined;
  const weight = config?.explorationWeight ?? config?.exploration_weight;
  const age = config?.explorationItemAgeCutOff;
  return {
    weight: weight === undefined ? defaults.weight : Number(weight),
    itemAgeCutOffDays: age === undefined ? defaults.itemAgeCutOffDays : Number(age),
  };
}

/** The recipes whose campaigns are updated with new items, and the share of places that these get at full weight. */
const shareOfNewItems: Readonly<Record<string, number>> = {
  "aws-user-personalization": 0.1,
  "aws-user-personalization-v2": 0.001, // it configures exploration itself; about what users report of it
  "aws-ecomm-recommended-for-you": 0.1,
  "aws-vod-top-picks": 0.1,
};

/** The chance of each place of a list to go to a new item. */
export const newItemChance = ({ name }: CatalogRecipe, exploration: ExplorationConfig | undefined): number =>
  (shareOfNewItems[name] ?? 0) * (exploration?.weight ?? 1);

export interface Mixing {
  readonly count: number;
  readonly chance: number;
  readonly random: RandomSource;
  /** Which of the new items that are left gets a place; any of them when absent. */
  readonly pick?: (left: readonly PredictedItem[]) => number;
}

/**
 * Gives each place of a list to a new item with this chance; what stood there moves down. Every new item at most once. Pure but for
 * `random`.
 */
export function mixInNew(
  items: readonly PredictedItem[],
  newcomers: readonly PredictedItem[],
  { count, chance, random, pick = ({ length }) => Math.floor(random() * length) }: Mixing,
): PredictedItem[] {
  const left = [...newcomers];
  const mixed: PredictedItem[] = [];
  for (let next = 0; mixed.length < count && (next < items.length || left.length > 0);) {
    const isNew = left.length > 0 && random() < chance;
    if (isNew) mixed.push(...left.splice(pick(left), 1));
    else if (next < items.length) mixed.push(items[next++] as PredictedItem);
    else break;
  }
  return mixed;
}

export interface NewItems {
  /** The items that this model's answers may be mixed with; none when it is not to be updated. */
  of(served: Served): readonly string[];
}

export interface Served {
  readonly datasetGroupArn: string;
  readonly serving: ServingModel;
  /** The version; absent for recommenders, which have none and are always updated. */
  readonly solutionVersionArn?: string;
}

interface Update {
  readonly due: number;
  readonly revision: number;
  readonly items: readonly string[];
}

const none: readonly string[] = [];

/** Looked at when somebody asks and the next update is due; the first is when the model is first asked. */
export function createNewItems(plane: () => ControlPlane): NewItems {
  const updates = new WeakMap<ServingModel, Update>();
  return {
    of(served) {
      const { clock, settings } = plane();
      const last = updates.get(served.serving);
      if (settings.itemUpdatesEveryMs === 0 || (last && clock.now() < last.due)) return last?.items ?? none;
      const due = clock.deadline(settings.itemUpdatesEveryMs);
      const update = { ...(isLatest(plane(), served) ? updated(plane(), served, last) : kept(last)), due };
      updates.set(served.serving, update);
      return update.items;
    },
  };
}

/** A version that is not the latest any more keeps the new items it has and gets no others. */
const kept = (last: Update | undefined) => ({ revision: last?.revision ?? 0, items: last?.items ?? none });

function updated({ jobs }: ControlPlane, { datasetGroupArn, serving }: Served, last: Update | undefined) {
  const { revision } = jobs.metadataChanges(datasetGroupArn, "ITEMS", last?.revision);
  if (last?.revision === revision) return kept(last);
  const items = [...jobs.idsOf(datasetGroupArn, "ITEMS")].filter((id) => serving.itemIndex(id) === undefined);
  return { revision, items };
}

/** Only the newest version of a solution is updated, and only when all data trained it. */
function isLatest(plane: ControlPlane, { solutionVersionArn }: Served): boolean {
  if (solutionVersionArn === undefined) return true;
  const version = plane.tables.solutionVersion.get(solutionVersionArn);
  const ofSolution = those(
    plane,
    "solutionVersion",
    (row) => row.solutionArn === version?.solutionArn && row.status === "ACTIVE",
  );
  return ofSolution.at(-1)?.solutionVersionArn === solutionVersionArn && version?.trainingMode !== "UPDATE";
}
