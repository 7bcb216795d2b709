/**
 * The recurrent personaliser that aws-hrnn and aws-user-personalization-v2 share: a GRU over each user's events, a softmax over the
 * catalogue, and a small blend with what the history says directly. Recipes differ in their settings only.
 *
 *   1. learn from users whose history length lies within the percentiles; a twentieth of them is kept apart
 *   2. train the network on the others (step.ts)
 *   3. fit the blend on the newer half of the histories kept apart (blend.ts)
 */
import { readFileSync } from "node:fs";
import { builtFile } from "../../cloud/project-root.ts";
import { kernelsName } from "../../kernels/kernels.ts";
import { noveltyOf } from "../exploration/novelty.ts";
import {
  effectiveTable,
  readSide,
  sideInputs,
  vectorsFor,
  type SideRecords,
  type SideSettings,
} from "../features/side-model.ts";
import { isAllowed } from "../best-first.ts";
import { requireInteractions, UnlearnableDataError, usersWithin, type HistoryPercentiles } from "../learnable.ts";
import { pause } from "../pause.ts";
import { countDistinctUsers, popularityOf } from "../popularity.ts";
import type { TrainingData, TrainingEnvironment } from "../recipe.ts";
import { fitBlend, fitBlendNow } from "./blend.ts";
import { choicesOf, longestHistory, lookAt, mostChoices } from "./kept-users.ts";
import { makeModel, type Parts, type PersonalizerModel } from "./model.ts";
import { makeRandom, shuffle } from "./random.ts";
import { cutSequences, eventWeights, rowCount } from "./sequences.ts";
import { serveNetwork, withKnowledge, type Network } from "./serve.ts";
import { createSignals, signalCount } from "./signals.ts";
import { learnTransitionsCalmly } from "./transitions.ts";
import { trainNetwork, type NetworkOptions, type Weights } from "./train.ts";
import { replayedOf, warmStart, type WarmStart } from "./warm-start.ts";

export interface Settings {
  readonly recipe: string;
  readonly network: NetworkOptions;
  readonly percentiles: HistoryPercentiles;
  readonly recencyBias: boolean;
  /** Of recipes that read metadata and context. */
  readonly side?: SideSettings;
  /** Whether its models can explore. */
  readonly explores?: boolean;
  /** Items that begin alike, however popular they are (bitmap over the items). */
  readonly alike?: Uint8Array;
}

const fewestUsersToSplit = 20;

export const compiledKernels = (): WebAssembly.Module => new WebAssembly.Module(readFileSync(builtFile(kernelsName())));

export async function trainPersonalizer(
  data: TrainingData,
  settings: Settings,
  environment: TrainingEnvironment,
): Promise<PersonalizerModel> {
  const { seed, signal } = environment;
  signal.throwIfAborted();
  requireInteractions(data);
  const users = usersWithin(data, settings.percentiles, 2);
  if (users.length === 0) throw new UnlearnableDataError(noSequences(settings.percentiles));
  const vocabulary = { items: data.items.length, eventTypes: data.eventTypes.length };
  const weight = eventWeights(data.timestamp, settings.recencyBias, data.eventWeight);
  const share = eventShares(data, weight, settings.alike);
  const start = warmStart(environment.base, data, settings.network, seed);
  const { learners, kept } = start ? { learners: users, kept: new Uint32Array(0) } : keepApart(users, seed);
  const records = settings.side && recordsOf(data, settings.side, start);
  const transitions = await learnTransitionsCalmly(data, learners, () => pause(signal));
  const apart = makeApart(data, kept, settings, {
    transitions,
    prior: share.map(Math.log),
    records,
    blend: start?.blend,
  });
  const longest = longestHistory;
  const weights = await trainNetwork(
    {
      sequences: cutSequences(data, learners, {
        ...{ vocabulary, weight, longest, newerThan: start?.newerThan },
        replayed: start && replayedOf(learners, data, start, seed),
      }),
      ...{ vocabulary, prior: apart.prior, proposal: Float64Array.from(share, (p) => p ** 0.75) },
      ...(settings.side && records && { side: sideInputs(records, data, settings.side) }),
      options: start?.options ?? settings.network,
      start: start?.weights,
      files: { kernels: builtFile(kernelsName()), worker: builtFile("kernel-worker.mjs") },
      metric: (now) => lookAt(data, kept, apart.networkOf(now)),
      afterEpoch: (epoch, now) => environment.afterEpoch?.(epoch, () => apart.modelNow(now())) ?? true,
    },
    environment,
  );
  return apart.model(weights, () => pause(signal));
}

/** An update goes on with the features that the earlier model knows; one that knows none stays without. */
const recordsOf = (data: TrainingData, settings: SideSettings, start: WarmStart | undefined) =>
  start && !start.side ? undefined : readSide(data, settings, start?.side?.vocabulary);

interface Known extends Pick<Parts, "transitions" | "prior"> {
  readonly records: SideRecords | undefined;
  /** Fitted before; absent = to be fitted on the users kept apart. */
  readonly blend: Float64Array | undefined;
}

const choicesOfALook = 300;
const fitted = { networks: 1, signals: signalCount };

/** From weights to a model, the blend being fitted on the users kept apart: after the training, and at once for a look in between. */
function makeApart(data: TrainingData, kept: Uint32Array, settings: Settings, { records, blend, ...known }: Known) {
  const signals = createSignals(known.transitions, known.prior);
  const newest = data.timestamp.reduce((latest, time) => Math.max(latest, time), -Infinity);
  const facts = { recipe: settings.recipe, items: [...data.items], eventTypes: [...data.eventTypes], newest };
  const novelty = settings.explores ? { novelty: noveltyOf(data) } : {};
  const same = { ...known, ...novelty, facts, users: countDistinctUsers(data) };
  const unblended = (weights: Weights): Omit<Parts, "blend"> => ({
    ...{ ...same, weights },
    ...(records && weights.side && { side: { ...records, table: weights.side } }),
  });
  const networkOf = (weights: Weights) => askedBy(openNetwork(unblended(weights)), unblended(weights));
  const blended = (weights: Weights, blendWeights: Float64Array) => {
    const parts = { ...unblended(weights), blend: blendWeights };
    return makeModel(parts, openNetwork(parts));
  };
  return {
    prior: known.prior,
    networkOf,
    model: async (weights: Weights, breathe: () => Promise<void>) => {
      const choices = () => choicesOf(data, kept, networkOf(weights), signals);
      return blended(weights, blend ?? (await fitBlend(choices(), fitted, breathe)).weights);
    },
    modelNow: (weights: Weights) => {
      const choices = () => choicesOf(data, kept, networkOf(weights), signals, choicesOfALook);
      return blended(weights, blend ?? fitBlendNow(choices(), fitted).weights);
    },
  };
}

/** The network of a trained model, ready to serve. */
export function openNetwork({ facts, weights, prior, side, users }: Omit<Parts, "blend">): Network {
  const vocabulary = { items: facts.items.length, eventTypes: facts.eventTypes.length };
  const width = weights.table.length / rowCount(vocabulary);
  const table = side ? effectiveTable(weights.table, side, width) : weights.table;
  const { rank } = popularityOf(users);
  return serveNetwork(compiledKernels(), { ...weights, table }, { vocabulary, prior, rank, longest: longestHistory });
}

/** The network as a user of the training data asks it: with what is known of the user. */
export const askedBy =
  (network: Network, { side }: Pick<Parts, "side">) =>
  (user: number) => {
    const about = side && vectorsFor(side, { user }, network.width);
    return about ? withKnowledge(network, about) : network;
  };

const noSequences = ({ min, max }: HistoryPercentiles) =>
  `No user has two interactions or more between the percentiles ${min} and ${max} of history length, so there is no sequence to ` +
  `learn from: import more interactions per user, or widen min_/max_user_history_length_percentile`;

/**
 * A twentieth of the users, as many as there are choices to fit on at most, chosen by the seed, whom the network does not learn from;
 * none when there are too few users.
 */
export function keepApart(users: Uint32Array, seed: number): { learners: Uint32Array; kept: Uint32Array } {
  if (users.length < fewestUsersToSplit) return { learners: users, kept: new Uint32Array(0) };
  const shuffled = users.slice();
  shuffle(shuffled, makeRandom(seed ^ 0x5eed));
  const count = Math.min(mostChoices, Math.ceil(users.length / 20));
  return { learners: shuffled.slice(count).sort(), kept: shuffled.slice(0, count).sort() };
}

/** Each item's share of the weighted events, never nothing: half an event is added to each. Those that are `alike` share theirs evenly. */
export function eventShares(data: TrainingData, weight: Float32Array, alike?: Uint8Array): Float32Array {
  const share = new Float32Array(data.items.length).fill(0.5);
  data.item.forEach((item, n) => (share[item]! += weight[n]!));
  const total = share.reduce((sum, value) => sum + value, 0);
  const equals = alike ? [...share.keys()].filter((item) => isAllowed(alike, item)) : [];
  const mean = equals.reduce((sum, item) => sum + share[item]!, 0) / Math.max(1, equals.length);
  for (const item of equals) share[item] = mean;
  return share.map((value) => value / total);
}
