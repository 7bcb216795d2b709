/**
 * The transformer personaliser of the second versions: as ../network/personalizer.ts has it for the recurrent network.
 */
import { builtFile } from "../../cloud/project-root.ts";
import { kernelsName } from "../../kernels/kernels.ts";
import { fitBlend } from "../network/blend.ts";
import { makeModel, type PersonalizerModel } from "../network/model.ts";
import { compiledKernels, eventShares, keepApart } from "../network/personalizer.ts";
import { eventWeights } from "../network/sequences.ts";
import { createSignals, signalCount } from "../network/signals.ts";
import { learnTransitions } from "../network/transitions.ts";
import { requireInteractions, usersWithin } from "../learnable.ts";
import { pause } from "../pause.ts";
import { countDistinctUsers } from "../popularity.ts";
import type { TrainingData, TrainingEnvironment } from "../recipe.ts";
import { choicesOf } from "./choices.ts";
import { serveNetwork } from "./serve.ts";
import { trainTransformer, type TransformerOptions } from "./train.ts";

export interface Settings {
  readonly recipe: string;
  readonly network: TransformerOptions;
  readonly recencyBias: boolean;
}

export async function trainPersonalizer(
  data: TrainingData,
  settings: Settings,
  environment: TrainingEnvironment,
): Promise<PersonalizerModel> {
  environment.signal.throwIfAborted();
  requireInteractions(data);
  const users = usersWithin(data, { min: 0, max: 1 }, 2);
  const { learners, kept } = keepApart(users, environment.seed);
  const vocabulary = { items: data.items.length, eventTypes: data.eventTypes.length };
  const weight = eventWeights(data.timestamp, settings.recencyBias, data.eventWeight);
  const share = eventShares(data, weight);
  const prior = share.map(Math.log);
  const weights = await trainTransformer(
    {
      data,
      users: learners,
      weight,
      ...{ vocabulary, prior, proposal: Float64Array.from(share, (p) => p ** 0.75), options: settings.network },
      files: { kernels: builtFile(kernelsName()), worker: builtFile("kernel-worker.mjs") },
    },
    environment,
  );
  const network = serveNetwork(compiledKernels(), weights, { vocabulary, prior, shape: settings.network });
  const transitions = learnTransitions(data, learners);
  const signals = createSignals(transitions, prior);
  const choices = choicesOf(data, kept, { network, steps: settings.network.steps, signals });
  const blend = await fitBlend(choices, signalCount, () => pause(environment.signal));
  const facts = { recipe: settings.recipe, items: [...data.items], eventTypes: [...data.eventTypes] };
  return makeModel({ facts, weights, prior, blend, transitions, users: countDistinctUsers(data) }, network);
}
