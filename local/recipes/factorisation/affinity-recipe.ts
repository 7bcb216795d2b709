/** What the two segmentation recipes share: the hyperparameter, the training of the factors, the blobs. */
import { bytesOf, bytesOfJson, floats, integers, json, type Blobs } from "../blobs.ts";
import { requireInteractions } from "../learnable.ts";
import { numberOf, type Parameters } from "../parameters.ts";
import { pause } from "../pause.ts";
import type { Hyperparameter, Model, TrainingData, TrainingEnvironment } from "../recipe.ts";
import type { AffinityFacts, AffinityModel, AffinityParts } from "./affinity-model.ts";
import { factorise } from "./als.ts";
import { interactionRows, transposeWeighted } from "./weighted-rows.ts";

export const affinityHyperparameters: readonly Hyperparameter[] = [
  { kind: "integer", name: "hidden_dimension", default: "149", min: 32, max: 256, tunable: false },
];

export type TrainedAffinity = Omit<AffinityParts, "itemsOf">;

const lengths = (offsets: Uint32Array) =>
  Uint32Array.from({ length: offsets.length - 1 }, (_, r) => offsets[r + 1]! - offsets[r]!);

export async function trainAffinity(
  recipe: string,
  data: TrainingData,
  parameters: Parameters,
  { seed, signal, progress }: TrainingEnvironment,
): Promise<TrainedAffinity> {
  signal.throwIfAborted();
  requireInteractions(data);
  const rows = interactionRows(data, (n) => data.eventWeight?.[n] ?? 1);
  const sweeps = 8;
  const factors = await factorise(rows, data.items.length, {
    width: numberOf(parameters, "hidden_dimension"),
    ...{ sweeps, unobserved: 0.1, regularisation: 0.01, frequencyPower: 1, seed },
    pause: async (fraction) => {
      progress({ fraction, epoch: Math.floor(fraction * sweeps), epochs: sweeps });
      await pause(signal);
    },
  });
  progress({ fraction: 1, epoch: sweeps, epochs: sweeps });
  const { offsets, columns: users } = transposeWeighted(rows, data.items.length);
  const returning = Math.min(1, (2 * (data.item.length - users.length)) / data.item.length);
  return {
    facts: { recipe, items: [...data.items], users: [...data.users], eventTypes: [...data.eventTypes], returning },
    factors,
    activity: lengths(rows.offsets),
    popularity: lengths(offsets),
    meetings: { offsets, users },
  };
}

export function saveAffinity(model: Model): Record<string, Uint8Array> {
  const { recipe, items, userIds, eventTypes, factors, activity, popularity, meetings, returning } =
    model as AffinityModel; // made by these recipes
  return {
    facts: bytesOfJson({ recipe, items, users: userIds, eventTypes, returning, width: factors.width }),
    userFactors: bytesOf(factors.users),
    itemFactors: bytesOf(factors.items),
    activity: bytesOf(activity),
    popularity: bytesOf(popularity),
    meetingOffsets: bytesOf(meetings.offsets),
    meetingUsers: bytesOf(meetings.users),
  };
}

export function loadAffinity(blobs: Blobs): TrainedAffinity {
  const { width, ...facts } = json<AffinityFacts & { readonly width: number }>(blobs, "facts");
  return {
    facts,
    factors: { width, users: floats(blobs, "userFactors"), items: floats(blobs, "itemFactors") },
    activity: integers(blobs, "activity"),
    popularity: integers(blobs, "popularity"),
    meetings: { offsets: integers(blobs, "meetingOffsets"), users: integers(blobs, "meetingUsers") },
  };
}
