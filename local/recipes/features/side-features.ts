/**
 * What a network reads beside ids: features of items, of users, and of the context of an interaction. Rows of the side table, in this order:
 *
 *   items     at both ends of the network: an item's embedding is its own vector plus its features' (side-memory.ts)
 *   users     as an input with each of the user's events, and again, with rows of their own, where the next item is predicted
 *   context   where the next item is predicted: what a request says of itself, and in training the next event of itself
 *
 * A history holds no context of past events (recipe.ts), so that context is no input: training would see what serving does not.
 */
import type { TrainingData } from "../recipe.ts";
import { encodeColumns, encodeTexts, nothing, type FeatureRows, type Put } from "./encode.ts";
import { learnVocabulary, type FeatureVocabulary } from "./vocabulary.ts";

export interface SideVocabulary {
  readonly items: FeatureVocabulary;
  readonly users: FeatureVocabulary;
  readonly context: FeatureVocabulary;
  readonly rows: number; // K
}

/** Undefined when no column says anything. */
export function learnSideVocabulary(data: TrainingData): SideVocabulary | undefined {
  const items = learnVocabulary(data.itemColumns);
  const users = learnVocabulary(data.userColumns, { first: items.rows });
  const context = learnVocabulary(data.contextColumns, { first: items.rows + 2 * users.rows });
  const rows = items.rows + 2 * users.rows + context.rows;
  return rows === 0 ? undefined : { items, users, context, rows };
}

/** A user's rows at the output lie this far behind those at the input. */
const outputShift = ({ users }: SideVocabulary) => users.rows;

/** Features of the events of a training, by position in its data. */
export interface EventFeatures {
  readonly mostInputs: number; // that one event has
  readonly mostOutputs: number;
  /** With event n as an input. */
  putInputs(n: number, put: Put): void;
  /** Where event n is what is to be predicted; `withContext` false leaves its context out, as a request may. */
  putOutputs(n: number, withContext: boolean, put: Put): void;
}

export function eventFeatures(vocabulary: SideVocabulary, data: TrainingData, users: FeatureRows): EventFeatures {
  const context = encodeColumns(vocabulary.context, data.contextColumns, data.item.length);
  const userOf = usersOfEvents(data);
  const shift = outputShift(vocabulary);
  return {
    mostInputs: most(users),
    mostOutputs: most(users) + most(context),
    putInputs: (n, put) => each(users, userOf[n]!, put),
    putOutputs: (n, withContext, put) => {
      each(users, userOf[n]!, (row, weight) => put(row + shift, weight));
      if (withContext) each(context, n, put);
    },
  };
}

/** What is known of who asks and how, as features of one record each. */
export interface Asking {
  readonly inputs: FeatureRows;
  readonly outputs: FeatureRows;
}

export function askingFeatures(
  vocabulary: SideVocabulary,
  users: FeatureRows,
  user: number | undefined,
  context: Readonly<Record<string, string>> = {},
): Asking {
  const inputs = user === undefined || user + 1 >= users.offsets.length ? nothing(1) : recordOf(users, user);
  const said = encodeTexts(vocabulary.context, context);
  const shift = outputShift(vocabulary);
  const rows = Uint32Array.of(...inputs.rows.map((row) => row + shift), ...said.rows);
  const weights = Float32Array.of(...inputs.weights, ...said.weights);
  return { inputs, outputs: { offsets: Uint32Array.of(0, rows.length), rows, weights } };
}

function each({ offsets, rows, weights }: FeatureRows, n: number, put: Put): void {
  for (let k = offsets[n]!; k < offsets[n + 1]!; k++) put(rows[k]!, weights[k]!);
}

function recordOf({ offsets, rows, weights }: FeatureRows, n: number): FeatureRows {
  const [from, to] = [offsets[n]!, offsets[n + 1]!];
  return {
    offsets: Uint32Array.of(0, to - from),
    rows: rows.subarray(from, to),
    weights: weights.subarray(from, to),
  };
}

const most = ({ offsets }: FeatureRows) =>
  offsets.reduce((longest, end, n) => (n === 0 ? 0 : Math.max(longest, end - offsets[n - 1]!)), 0);

function usersOfEvents({ offsets, item }: TrainingData): Uint32Array {
  const userOf = new Uint32Array(item.length);
  for (let u = 0; u + 1 < offsets.length; u++) userOf.fill(u, offsets[u], offsets[u + 1]);
  return userOf;
}
