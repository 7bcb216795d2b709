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
import { requireInteractions, UnlearnableDataError, usersWithin, type HistoryPercentiles } from "../learnable.ts";
import { pause } from "../pause.ts";
import { countDistinctUsers } from "../popularity.ts";
import type { TrainingData, TrainingEnvironment } from "../recipe.ts";
import { fitBlend, fitBlendNow } from "./blend.ts";
import { choicesOf, longestHistory, lookAt, mostChoices } from "./kept-users.ts";
import { makeModel, type PersonalizerModel } from "./model.ts";
import { makeRandom, shuffle } from "./random.ts";
import { cutSequences, eventWeights, type Vocabulary } from "./sequences.ts";
import { serveNetwork, type Network } from "./serve.ts";
import { createSignals, signalCount } from "./signals.ts";
import { learnTransitionsCalmly, type Transitions } from "./transitions.ts";
import { trainNetwork, type NetworkOptions, type Weights } from "./train.ts";
import { warmStart } from "./warm-start.ts";

export interface Settings {
  readonly recipe: string;
  readonly network: NetworkOptions;
  readonly percentiles: HistoryPercentiles;
  readonly recencyBias: boolean;
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
  const { learners, kept } = keepApart(users, seed);
  const vocabulary = { items: data.items.length, eventTypes: data.eventTypes.length };
  const weight = eventWeights(data.timestamp, settings.recencyBias, data.eventWeight);
  const share = eventShares(data, weight);
  const start = warmStart(environment.base, data, settings.network, seed);
  const transitions = await learnTransitionsCalmly(data, learners, () => pause(signal));
  const apart = makeApart(data, kept, { recipe: settings.recipe, vocabulary, transitions, prior: share.map(Math.log) });
  const longest = longestHistory;
  const weights = await trainNetwork(
    {
      sequences: cutSequences(data, learners, { vocabulary, weight, longest, newerThan: start?.newerThan }),
      ...{ vocabulary, prior: apart.prior, proposal: Float64Array.from(share, (p) => p ** 0.75) },
      options: start?.options ?? settings.network,
      start: start?.weights,
      files: { kernels: builtFile(kernelsName()), worker: builtFile("kernel-worker.mjs") },
      metric: (now) => lookAt(data, kept, apart.serve(now)),
      afterEpoch: (epoch, now) => environment.afterEpoch?.(epoch, () => apart.modelNow(now())) ?? true,
    },
    environment,
  );
  return apart.model(weights, () => pause(signal));
}

interface Known {
  readonly recipe: string;
  readonly vocabulary: Vocabulary;
  readonly transitions: Transitions;
  readonly prior: Float32Array;
}

const choicesOfALook = 300;

/** From weights to a model, the blend being fitted on the users kept apart: after the training, and at once for a look in between. */
function makeApart(data: TrainingData, kept: Uint32Array, { recipe, vocabulary, transitions, prior }: Known) {
  const kernels = compiledKernels();
  const signals = createSignals(transitions, prior);
  const users = countDistinctUsers(data);
  const newest = data.timestamp.reduce((latest, time) => Math.max(latest, time), -Infinity);
  const facts = { recipe, items: [...data.items], eventTypes: [...data.eventTypes], newest };
  const serve = (weights: Weights) => serveNetwork(kernels, weights, { vocabulary, prior, longest: longestHistory });
  const whole = (weights: Weights, blend: Float64Array, network: Network) =>
    makeModel({ facts, weights, prior, blend, transitions, users }, network);
  return {
    prior,
    serve,
    model: async (weights: Weights, breathe: () => Promise<void>) => {
      const network = serve(weights);
      const choices = choicesOf(data, kept, network, signals);
      return whole(weights, await fitBlend(choices, signalCount, breathe), network);
    },
    modelNow: (weights: Weights) => {
      const network = serve(weights);
      return whole(weights, fitBlendNow(choicesOf(data, kept, network, signals, choicesOfALook), signalCount), network);
    },
  };
}

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

/** Each item's share of the weighted events, never nothing: half an event is added to each. */
export function eventShares(data: TrainingData, weight: Float32Array): Float32Array {
  const share = new Float32Array(data.items.length).fill(0.5);
  data.item.forEach((item, n) => (share[item]! += weight[n]!));
  const total = share.reduce((sum, value) => sum + value, 0);
  return share.map((value) => value / total);
}
