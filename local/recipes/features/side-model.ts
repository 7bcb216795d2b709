/** What a trained model keeps of features: their embeddings, and what it needs to read those of items, users and requests. */
import { bytesOf, bytesOfJson, floats, integers, json, type Blobs } from "../blobs.ts";
import type { Query, TrainingData } from "../recipe.ts";
import { addFeatures, encodeColumns, type FeatureRows } from "./encode.ts";
import type { SideInputs } from "./side-batches.ts";
import { askingFeatures, eventFeatures, learnSideVocabulary, type SideVocabulary } from "./side-features.ts";

export interface SideSettings {
  /** The chance that an item's own vector is left out of a batch. */
  readonly idDropout: number;
  /** An item of n events trusts its own vector by n / (n + this): what is rare is known by its features. */
  readonly trustEvents: number;
}

/** Chosen by measurement, see docs/recipes.md. */
export const sideSettings: SideSettings = { idDropout: 0, trustEvents: 5 };

/** Features of a model's items and users, before there are embeddings of them. */
export interface SideRecords {
  readonly vocabulary: SideVocabulary;
  readonly items: FeatureRows; // (I)
  readonly users: FeatureRows; // (U) of the training data, at the input
  readonly trust: Float32Array; // (I)
}

export interface SideParts extends SideRecords {
  readonly table: Float32Array; // (K, H)
}

/**
 * Undefined when the data say nothing of items, users or context.
 *
 * @param vocabulary an earlier model's, to go on with (trainingMode UPDATE)
 */
export function readSide(
  data: TrainingData,
  { trustEvents }: SideSettings,
  vocabulary = learnSideVocabulary(data),
): SideRecords | undefined {
  if (!vocabulary) return undefined;
  const events = new Uint32Array(data.items.length);
  for (const item of data.item) events[item]!++;
  return {
    vocabulary,
    items: encodeColumns(vocabulary.items, data.itemColumns, data.items.length),
    users: encodeColumns(vocabulary.users, data.userColumns, data.users.length),
    trust: Float32Array.from(events, (n) => (n === 0 ? 0 : n / (n + trustEvents))),
  };
}

export const sideInputs = (records: SideRecords, data: TrainingData, { idDropout }: SideSettings): SideInputs => ({
  rows: records.vocabulary.rows,
  ...{ items: records.items, trust: records.trust, idDropout },
  events: eventFeatures(records.vocabulary, data, records.users),
});

/** The table as the network reads it: see side-memory.ts. Rows that are no items stay as they are. */
export function effectiveTable(table: Float32Array, { items, trust, table: side }: SideParts, width: number) {
  const effective = table.slice();
  for (let i = 0; i < trust.length; i++) {
    for (let x = i * width; x < (i + 1) * width; x++) effective[x]! *= trust[i]!;
    addFeatures(items, i, side, width, effective, i * width);
  }
  return effective;
}

/** What to add to each event's input and to the last state, H each. */
export interface SideVectors {
  readonly input: Float32Array;
  readonly output: Float32Array;
}

/** Undefined when nothing is known of who asks and how. */
export function vectorsFor(
  side: SideParts,
  { user, context }: Pick<Query, "user" | "context">,
  width: number,
): SideVectors | undefined {
  const { inputs, outputs } = askingFeatures(side.vocabulary, side.users, user, context);
  if (outputs.rows.length === 0) return undefined;
  const vector = (features: FeatureRows) => {
    const sum = new Float32Array(width);
    addFeatures(features, 0, side.table, width, sum, 0);
    return sum;
  };
  return { input: vector(inputs), output: vector(outputs) };
}

const features = (name: string, { offsets, rows, weights }: FeatureRows) => ({
  [`${name}FeatureOffsets`]: bytesOf(offsets),
  [`${name}FeatureRows`]: bytesOf(rows),
  [`${name}FeatureWeights`]: bytesOf(weights),
});

export const saveSide = (side: SideParts): Record<string, Uint8Array> => ({
  sideVocabulary: bytesOfJson(side.vocabulary),
  side: bytesOf(side.table),
  trust: bytesOf(side.trust),
  ...features("item", side.items),
  ...features("user", side.users),
});

/** Undefined for a model that was trained without features. */
export function loadSide(blobs: Blobs): SideParts | undefined {
  if (!blobs["side"]) return undefined;
  const read = (name: string): FeatureRows => ({
    offsets: integers(blobs, `${name}FeatureOffsets`),
    rows: integers(blobs, `${name}FeatureRows`),
    weights: floats(blobs, `${name}FeatureWeights`),
  });
  return {
    vocabulary: json<SideVocabulary>(blobs, "sideVocabulary"),
    ...{ table: floats(blobs, "side"), trust: floats(blobs, "trust") },
    ...{ items: read("item"), users: read("user") },
  };
}
