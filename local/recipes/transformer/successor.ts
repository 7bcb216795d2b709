/**
 * The personaliser of the second versions: the self-attention network (forward.ts) and a recurrent one (../network) side by side, each with its
 * own embeddings of items and of their metadata, as a product of experts, and the blend with what the history says directly.
 *
 *   logit(i) = s h_attention · E_a[i] + (1 - s) h_recurrent · E_r[i] + prior(i)
 *
 *   1. learn from every user with two events; a twentieth of them is kept apart
 *   2. train the recurrent network, then the transformer
 *   3. fit the share s and the blend on the newer half of what the transformer reads of the histories kept apart
 *
 * A catalogue of more than a million items is learnt by the transformer alone, without metadata and with one moment a row: the tables
 * must fit into 4 GiB.
 */
import { builtFile } from "../../cloud/project-root.ts";
import { readSide, sideInputs, sideSettings, type SideRecords } from "../features/side-model.ts";
import { kernelsName } from "../../kernels/kernels.ts";
import { requireInteractions, UnlearnableDataError, usersWithin } from "../learnable.ts";
import { fitBlend, fitBlendNow, type Fitted } from "../network/blend.ts";
import { choicesOf, longestHistory, lookAt } from "../network/kept-users.ts";
import { askedBy, compiledKernels, eventShares, keepApart } from "../network/personalizer.ts";
import { cutSequences, eventWeights } from "../network/sequences.ts";
import { createSignals, signalCount } from "../network/signals.ts";
import { trainNetwork, type NetworkOptions, type TrainingFiles, type Weights } from "../network/train.ts";
import { learnTransitionsCalmly, type Transitions } from "../network/transitions.ts";
import { pause } from "../pause.ts";
import { countDistinctUsers, popularityOf } from "../popularity.ts";
import type { TrainingData, TrainingEnvironment } from "../recipe.ts";
import { rowCount, type Vocabulary } from "./events.ts";
import type { Shape } from "./layout.ts";
import { makePair, type PairWeights } from "./pair.ts";
import { phasesOf } from "./phases.ts";
import { jointSide, successorModel, type SuccessorModel } from "./saved.ts";
import { trainTransformer, type TransformerOptions } from "./train.ts";

export interface Settings {
  readonly recipe: string;
  readonly transformer: Omit<TransformerOptions, "rowMoments">;
  readonly recurrent: NetworkOptions;
  readonly recencyBias: boolean;
  /** Items from which on the transformer learns alone, with one moment a row. */
  readonly largeCatalogue: number;
}

export async function trainSuccessor(
  data: TrainingData,
  settings: Settings,
  environment: TrainingEnvironment,
): Promise<SuccessorModel> {
  const { seed, signal } = environment;
  signal.throwIfAborted();
  requireInteractions(data);
  const users = usersWithin(data, { min: 0, max: 1 }, 2);
  if (users.length === 0) throw new UnlearnableDataError(noSequences);
  const { learners, kept } = keepApart(users, seed);
  const isLarge = data.items.length > settings.largeCatalogue;
  const common = commonOf(data, settings.recencyBias, isLarge ? undefined : readSide(data, sideSettings));
  const { recurrent: first, transformer: second } = settings;
  const [before, after] = phasesOf(environment, [
    { name: "recurrent", epochs: isLarge ? 0 : first.epochs, share: isLarge ? 0 : recurrentShare },
    { name: "transformer", epochs: second.epochs, share: isLarge ? 1 : 1 - recurrentShare },
  ]) as [TrainingEnvironment, TrainingEnvironment]; // one for each
  const recurrent = isLarge ? undefined : await trainRecurrent(data, learners, common, first, before);
  const transitions = await learnTransitionsCalmly(data, learners, () => pause(signal));
  const whole = assemble(data, kept, {
    recipe: settings.recipe,
    shape: shapeOf(second),
    transitions,
    recurrent,
    common,
  });
  const epochsBefore = isLarge ? 0 : first.epochs;
  const weights = await trainTransformer(
    {
      ...{ ...networksOf(data, common), data, users: learners, weight: common.weight },
      options: { ...second, rowMoments: isLarge },
      // an evaluation reads the whole table, which would cost more than an epoch where the catalogue is large
      ...(!isLarge && { metric: (now: Weights) => lookAt(data, kept, whole.networkOf(now)) }),
      afterEpoch: (epoch, now) => environment.afterEpoch?.(epochsBefore + epoch, () => whole.modelNow(now())) ?? true,
    },
    after,
  );
  return whole.model(weights, () => pause(signal));
}

const noSequences =
  "No user has two interactions or more, so there is no sequence to learn from: import more interactions per user, and check the " +
  "solution's eventType and eventValueThreshold";

/** Of the time of a training, roughly. */
const recurrentShare = 0.4;

interface Common {
  readonly vocabulary: Vocabulary;
  readonly prior: Float32Array;
  readonly proposal: Float64Array;
  readonly weight: Float32Array;
  readonly records: SideRecords | undefined;
  readonly files: TrainingFiles;
}

function commonOf(data: TrainingData, recencyBias: boolean, records: SideRecords | undefined): Common {
  const weight = eventWeights(data.timestamp, recencyBias, data.eventWeight);
  const share = eventShares(data, weight);
  return {
    ...{ vocabulary: { items: data.items.length, eventTypes: data.eventTypes.length }, prior: share.map(Math.log) },
    ...{ weight, records, proposal: Float64Array.from(share, (p) => p ** 0.75) },
    files: { kernels: builtFile(kernelsName()), worker: builtFile("kernel-worker.mjs") },
  };
}

/** What both networks' trainings are given. */
const networksOf = (data: TrainingData, { vocabulary, prior, proposal, files, records }: Common) => ({
  ...{ vocabulary, prior, proposal, files },
  ...(records && { side: sideInputs(records, data, sideSettings) }),
});

const shapeOf = ({ width, heads, blocks, inner, steps }: Shape): Shape => ({ width, heads, blocks, inner, steps });

function trainRecurrent(
  data: TrainingData,
  learners: Uint32Array,
  common: Common,
  options: NetworkOptions,
  environment: TrainingEnvironment,
): Promise<Weights> {
  const { vocabulary, weight } = common;
  const sequences = cutSequences(data, learners, { vocabulary, weight, longest: longestHistory, newerThan: undefined });
  return trainNetwork({ ...networksOf(data, common), sequences, options }, environment);
}

interface Known {
  readonly recipe: string;
  readonly shape: Shape;
  readonly transitions: Transitions;
  readonly recurrent: Weights | undefined;
  readonly common: Common;
}

/** Fewer than of a network alone: each is asked of two. */
const choicesOfThePair = 750;
const choicesOfALook = 300;

/** From the transformer's weights to a model, shares and blend being fitted on the users kept apart: at the end, and at once for a look in between. */
function assemble(data: TrainingData, kept: Uint32Array, { recipe, shape, transitions, recurrent, common }: Known) {
  const kernels = compiledKernels();
  const { vocabulary, prior, records } = common;
  const signals = createSignals(transitions, prior);
  const users = countDistinctUsers(data);
  const { rank } = popularityOf(users);
  const newest = data.timestamp.reduce((latest, time) => Math.max(latest, time), -Infinity);
  const facts = { recipe, items: [...data.items], eventTypes: [...data.eventTypes], newest };
  const fitted = { networks: recurrent ? 2 : 1, signals: signalCount };
  const sideOf = (weights: PairWeights) => {
    const table = records && jointSide(weights, rowCount(vocabulary));
    return records && table ? { side: { ...records, table } } : {};
  };
  const serve = (transformer: Weights, shares?: Float64Array) =>
    makePair(kernels, { transformer, recurrent }, { vocabulary, shape, prior, rank, records, shares });
  const networkOf = (transformer: Weights) => askedBy(serve(transformer), sideOf({ transformer, recurrent }));
  const whole = (weights: Weights, { shares, weights: blend }: Fitted) => {
    const side = sideOf({ transformer: weights, recurrent });
    const parts = { ...{ facts, weights, prior, blend, transitions, users }, ...side };
    return successorModel({ parts, shape, recurrent, shares }, serve(weights, shares));
  };
  return {
    networkOf,
    model: async (weights: Weights, breathe: () => Promise<void>) => {
      const choices = choicesOf(data, kept, networkOf(weights), signals, choicesOfThePair);
      return whole(weights, await fitBlend(choices, fitted, breathe));
    },
    modelNow: (weights: Weights) => {
      const choices = choicesOf(data, kept, networkOf(weights), signals, choicesOfALook);
      return whole(weights, fitBlendNow(choices, fitted));
    },
  };
}
