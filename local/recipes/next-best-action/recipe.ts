/**
 * aws-next-best-action: the probability, from 0 to 1, that a user takes each action within the next
 * `action_optimization_period` days. How it is learnt: propensity.ts; of what: opportunities.ts.
 *
 * `items` are the actions and a query's history is the user's past with them. Actions with too few events to judge have the
 * score 0 and come last. What a user did with items counts as of the training; their events with actions count at once.
 */
import { isAllowed } from "../best-first.ts";
import { bytesOf, bytesOfJson, floats, integers, json, type Blobs } from "../blobs.ts";
import { logit, sigmoid } from "../factorisation/factorisation-machine.ts";
import { requireInteractions } from "../learnable.ts";
import { numberOf } from "../parameters.ts";
import type { History, Model, Query, Recipe, Scored } from "../recipe.ts";
import type { Calibration } from "./calibrate.ts";
import { addRow, clear, type FeatureList, type FeatureRows } from "./feature-rows.ts";
import { outcomeOf, scorableActions } from "./opportunities.ts";
import { learnPropensity, writeFeatures, type Propensity } from "./propensity.ts";

interface Facts extends Calibration {
  readonly items: readonly string[];
  readonly eventTypes: readonly string[];
  readonly width: number;
  readonly pastFirst: number;
}

interface ActionModel extends Model {
  readonly propensity: Propensity;
  readonly scorable: Uint8Array; // (actions)
}

const nothing: History = { item: new Uint32Array(0), timestamp: new Float64Array(0), eventType: new Uint16Array(0) };

function makeModel(
  { items, eventTypes }: Pick<Facts, "items" | "eventTypes">,
  propensity: Propensity,
  scorable: Uint8Array,
): ActionModel {
  const outcomes = eventTypes.map(outcomeOf);
  const { machine, calibration, userRows } = propensity;
  const sums = new Float64Array(machine.width);

  function score({ history = nothing, user, now }: Query, action: number): number {
    if (scorable[action] !== 1) return 0;
    const list: FeatureList = { index: [], value: [] };
    clear(list);
    writeFeatures(list, propensity, outcomes, { action, now, history });
    if (user !== undefined && user + 1 < userRows.offsets.length) addRow(list, userRows, user);
    return sigmoid(calibration.slope * logit(machine, list, sums) + calibration.shift);
  }

  const scored = (query: Query, actions: Iterable<number>): Scored[] =>
    Array.from(actions, (item) => ({ item, score: score(query, item) })).sort(
      (a, b) => b.score - a.score || a.item - b.item,
    );

  return {
    recipe: "aws-next-best-action",
    items,
    eventTypes,
    propensity,
    scorable,
    recommend: (query) =>
      scored(
        query,
        [...items.keys()].filter((action) => isAllowed(query.allowed, action)),
      ).slice(0, query.count),
    rank: (query, actions) => scored(query, actions),
  };
}

const rowBlobs = (name: string, { offsets, index, value }: FeatureRows): Record<string, Uint8Array> => ({
  [`${name}Offsets`]: bytesOf(offsets),
  [`${name}Index`]: bytesOf(index),
  [`${name}Value`]: bytesOf(value),
});

const rowsOf = (blobs: Blobs, name: string): FeatureRows => ({
  offsets: integers(blobs, `${name}Offsets`),
  index: integers(blobs, `${name}Index`),
  value: floats(blobs, `${name}Value`),
});

export const nextBestAction: Recipe = {
  name: "aws-next-best-action",
  type: "PERSONALIZED_ACTIONS",
  algorithm: [{ kind: "integer", name: "action_optimization_period", default: "14", min: 7, max: 28, tunable: false }],
  featureTransformation: [],
  realTime: true,
  train: async (data, parameters, environment) => {
    environment.signal.throwIfAborted();
    requireInteractions(data);
    const propensity = await learnPropensity(data, numberOf(parameters, "action_optimization_period"), environment);
    environment.progress({ fraction: 1, epoch: 1, epochs: 1 });
    return makeModel({ items: [...data.items], eventTypes: [...data.eventTypes] }, propensity, scorableActions(data));
  },
  save: (model) => {
    const { items, eventTypes, propensity, scorable } = model as ActionModel; // made by this recipe's train or load
    const { machine, calibration, pastFirst } = propensity;
    return {
      facts: bytesOfJson({ items, eventTypes, pastFirst, width: machine.width, ...calibration } satisfies Facts),
      bias: bytesOf(machine.bias),
      linear: bytesOf(machine.linear),
      vectors: bytesOf(machine.vectors),
      scorable: bytesOf(Uint32Array.from(scorable)),
      ...rowBlobs("action", propensity.actionRows),
      ...rowBlobs("user", propensity.userRows),
    };
  },
  load: (blobs) => {
    const { width, slope, shift, pastFirst, ...facts } = json<Facts>(blobs, "facts");
    const machine = {
      ...{ width, bias: floats(blobs, "bias") },
      ...{ linear: floats(blobs, "linear"), vectors: floats(blobs, "vectors") },
    };
    const rows = { actionRows: rowsOf(blobs, "action"), userRows: rowsOf(blobs, "user") };
    const propensity = { machine, calibration: { slope, shift }, pastFirst, ...rows };
    return makeModel(facts, propensity, Uint8Array.from(integers(blobs, "scorable")));
  },
};
