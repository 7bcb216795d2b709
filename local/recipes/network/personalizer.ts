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
import { requireInteractions, UnlearnableDataError, usersWithin, type HistoryPercentiles } from "../learnable.ts";
import { pause } from "../pause.ts";
import { countDistinctUsers } from "../popularity.ts";
import type { TrainingData, TrainingEnvironment } from "../recipe.ts";
import { fitBlend, type Choice, type Signals } from "./blend.ts";
import { makeModel, type PersonalizerModel } from "./model.ts";
import { makeRandom, shuffle } from "./random.ts";
import { cutSequences, eventWeights } from "./sequences.ts";
import { serveNetwork, type Network } from "./serve.ts";
import { createSignals, signalCount } from "./signals.ts";
import { learnTransitions } from "./transitions.ts";
import { trainNetwork, type NetworkOptions } from "./train.ts";

export interface Settings {
  readonly recipe: string;
  readonly network: NetworkOptions;
  readonly percentiles: HistoryPercentiles;
  readonly recencyBias: boolean;
}

/** Longest stretch of a history that one training sequence and one query read. */
export const longestHistory = 256;
const mostChoices = 1500;
const mostChoiceNumbers = 12_000_000; // logits kept for the fit
const fewestUsersToSplit = 20;

export const compiledKernels = (): WebAssembly.Module =>
  new WebAssembly.Module(readFileSync(builtFile("kernels.wasm")));

export async function trainPersonalizer(
  data: TrainingData,
  settings: Settings,
  environment: TrainingEnvironment,
): Promise<PersonalizerModel> {
  environment.signal.throwIfAborted();
  requireInteractions(data);
  const users = usersWithin(data, settings.percentiles, 2);
  if (users.length === 0) throw new UnlearnableDataError(noSequences(settings.percentiles));
  const { learners, kept } = keepApart(users, environment.seed);
  const vocabulary = { items: data.items.length, eventTypes: data.eventTypes.length };
  const weight = eventWeights(data.timestamp, settings.recencyBias);
  const share = eventShares(data, weight);
  const prior = share.map(Math.log);
  const weights = await trainNetwork(
    {
      sequences: cutSequences(data, learners, { vocabulary, weight, longest: longestHistory }),
      ...{ vocabulary, prior, proposal: Float64Array.from(share, (p) => p ** 0.75), options: settings.network },
      files: { kernels: builtFile("kernels.wasm"), worker: builtFile("kernel-worker.mjs") },
    },
    environment,
  );
  const network = serveNetwork(compiledKernels(), weights, { vocabulary, prior, longest: longestHistory });
  const transitions = learnTransitions(data, learners);
  const signals = createSignals(transitions, prior);
  const choices = choicesOf(data, kept, network, signals);
  const blend = await fitBlend(choices, signalCount, () => pause(environment.signal));
  const facts = { recipe: settings.recipe, items: [...data.items], eventTypes: [...data.eventTypes] };
  return makeModel({ facts, weights, prior, blend, transitions, users: countDistinctUsers(data) }, network);
}

const noSequences = ({ min, max }: HistoryPercentiles) =>
  `No user has two interactions or more between the percentiles ${min} and ${max} of history length, so there is no sequence to ` +
  `learn from: import more interactions per user, or widen min_/max_user_history_length_percentile`;

/** A twentieth of the users, chosen by the seed, whom the network does not learn from; none when there are too few users. */
function keepApart(users: Uint32Array, seed: number): { learners: Uint32Array; kept: Uint32Array } {
  if (users.length < fewestUsersToSplit) return { learners: users, kept: new Uint32Array(0) };
  const shuffled = users.slice();
  shuffle(shuffled, makeRandom(seed ^ 0x5eed));
  const count = Math.ceil(users.length / 20);
  return { learners: shuffled.slice(count).sort(), kept: shuffled.slice(0, count).sort() };
}

/** Each item's share of the weighted events, never nothing: half an event is added to each. */
function eventShares(data: TrainingData, weight: Float32Array): Float32Array {
  const share = new Float32Array(data.items.length).fill(0.5);
  data.item.forEach((item, n) => (share[item]! += weight[n]!));
  const total = share.reduce((sum, value) => sum + value, 0);
  return share.map((value) => value / total);
}

/** What came next at evenly spread places in the newer half of each history. */
function choicesOf(
  data: TrainingData,
  users: Uint32Array,
  network: Network,
  signals: (history: Uint32Array) => Signals,
): Choice[] {
  const most = Math.min(mostChoices, Math.max(1, Math.floor(mostChoiceNumbers / data.items.length)));
  const each = Math.max(1, Math.floor(most / Math.max(1, users.length)));
  const choices: Choice[] = [];
  for (const u of users) {
    const from = Math.max(data.offsets[u]!, data.offsets[u + 1]! - longestHistory - 1);
    const to = data.offsets[u + 1]!;
    const part = <T extends Uint32Array | Float64Array | Uint16Array>(array: T) => array.subarray(from, to - 1) as T;
    const history = { item: part(data.item), timestamp: part(data.timestamp), eventType: part(data.eventType) };
    const states = network.states(history).slice();
    const length = history.item.length;
    const places = Math.min(each, Math.ceil(length / 2));
    for (let k = 0; k < places; k++) {
      const n = length - 1 - Math.floor((k * Math.ceil(length / 2)) / places);
      const logits = network.logits(states.subarray(n * network.width, (n + 1) * network.width)).slice();
      choices.push({ logits, signals: signals(history.item.subarray(0, n + 1)), chosen: data.item[from + n + 1]! });
    }
  }
  return choices;
}
