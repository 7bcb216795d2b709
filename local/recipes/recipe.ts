/**
 * What a recipe is. A recipe folder (`local/recipes/<name without aws->/`) exports one `Recipe`; `local/recipes/index.ts`
 * is the table by name. Recipes see columnar data and nothing else: no simulator, no bucket, no clock but the one passed.
 */

/** One metadata column, aligned with `items` or `users`. */
export type Column =
  | { readonly name: string; readonly kind: "number"; readonly values: Float64Array } // NaN = null
  /** `A|B` splits into codes; row r owns codes[offsets[r] .. offsets[r + 1]). */
  | {
      readonly name: string;
      readonly kind: "categorical";
      readonly categories: readonly string[];
      readonly offsets: Uint32Array;
      readonly codes: Uint32Array;
    }
  | { readonly name: string; readonly kind: "text"; readonly values: readonly string[] }; // "" = null

/**
 * Interactions as compressed rows: user u owns positions offsets[u] .. offsets[u + 1), oldest first (ties keep file
 * order). Already filtered by the solution's eventType / eventValueThreshold and excluded columns; exact duplicates gone.
 * A user may own no positions: those held out for the evaluation are known by their metadata alone. A model must keep
 * `items` as they are here: the evaluation compares indices.
 */
export interface TrainingData {
  readonly users: readonly string[]; // (U) ids, by user index
  readonly items: readonly string[]; // (I) ids, by item index; interactions' and Items dataset's together
  readonly offsets: Uint32Array; // (U + 1)
  readonly item: Uint32Array; // (N) item index
  readonly timestamp: Float64Array; // (N) epoch seconds
  readonly eventType: Uint16Array; // (N) index into eventTypes
  readonly eventTypes: readonly string[]; // "" where the data have none
  readonly eventValue: Float32Array; // (N) NaN where absent
  readonly contextColumns: readonly Column[]; // aligned with positions (N)
  readonly itemColumns: readonly Column[]; // aligned with items (I)
  readonly userColumns: readonly Column[]; // aligned with users (U)
  /** (I) epoch seconds, from CREATION_TIMESTAMP, else the item's first interaction. */
  readonly itemCreated: Float64Array;
  /** (N) how much each event counts against the others (eventsConfig, optimizationObjective); absent = all alike. */
  readonly eventWeight?: Float32Array;
  /** What was on the screen: position n owns items[offsets[n] .. offsets[n + 1]). Never trained on, only explored by. */
  readonly impressions?: { readonly offsets: Uint32Array; readonly items: Uint32Array };
  /** For recipes that recommend actions, whose `items` are the actions: what the same `users` did with items. */
  readonly behaviour?: TrainingData;
}

/** A user's past as seen at serving or evaluation time, oldest first; item indices are the model's own. */
export interface History {
  readonly item: Uint32Array;
  readonly timestamp: Float64Array;
  readonly eventType: Uint16Array; // codes of the model's eventTypes; unknown types carry eventTypes.length
  /**
   * The history that this one continues: its first events are all of that one's. Weak, so that histories do not keep all before them; a
   * model that remembers the state after it need only read the rest.
   */
  readonly before?: WeakRef<History>;
}

export interface Query {
  /** Absent or empty for an unknown user. */
  readonly history?: History;
  /** The user's position in the training data, when known (for user metadata); recipes must not need it. */
  readonly user?: number;
  /** For related-items recipes: the model's item index. */
  readonly item?: number;
  /** How many to return at most. */
  readonly count: number;
  /** Bitmap over the model's items, bit i of byte i >> 3 set = may be recommended. Absent = all. */
  readonly allowed?: Uint8Array;
  /** Epoch seconds of the request; recency and exploration count from it. */
  readonly now: number;
  /** The request's context: values of the contextColumns by name, as text. Unknown names and values say nothing. */
  readonly context?: Readonly<Record<string, string>>;
  /** How much to explore; absent = not at all. Recipes that do not explore leave it aside. */
  readonly exploration?: Exploration;
}

/** itemExplorationConfig, and the chance of this one answer. */
export interface Exploration {
  readonly weight: number; // [0, 1]
  readonly itemAgeCutOffDays: number; // counted back from the newest interaction that the model has seen
  readonly random: () => number; // [0, 1)
}

export interface Scored {
  readonly item: number;
  /** Absent where the service gives none (popularity-count, sims, unscored tails). */
  readonly score?: number;
  /** Why the item is there, where that is not its score. */
  readonly reason?: "Exploration" | "Popular item";
}

/** Whom a segment is to hold: users with affinity to an item, or to items with attributes. */
export interface SegmentQuery {
  readonly item?: number; // the model's item index
  /** Any of these, each of them all of its attributes. */
  readonly attributes?: readonly (readonly { readonly column: string; readonly value: string }[])[];
  readonly count: number;
  /** Bitmap over the model's users, as `Query.allowed`. */
  readonly allowed?: Uint8Array;
}

export interface ScoredUser {
  readonly user: number;
  readonly score: number;
}

/** A trained model in memory. Immutable; safe to ask from several requests in turn. */
export interface Model {
  readonly recipe: string; // "aws-hrnn"
  readonly items: readonly string[]; // (I) ids by the model's item index
  readonly eventTypes: readonly string[];
  /** Best first; at most `count`, fewer when the catalogue is smaller. Scores: softmax over the whole catalogue. */
  recommend(query: Query): Scored[];
  /** The given items best first; scores are a softmax over them. Items the model does not know are the caller's tail. */
  rank(query: Query, items: Uint32Array): Scored[];
  /** The answers to several queries, faster together than one by one where a recipe can. */
  recommendMany?(queries: readonly Query[]): Scored[][];
  /** Of USER_SEGMENTATION: the users most interested, best first. */
  segment?(query: SegmentQuery): ScoredUser[];
  /** Of models that follow the time: what they have seen ends at `until` (epoch seconds), and they are to be refreshed every `seconds`. */
  readonly intervals?: { readonly until: number; readonly seconds: number };
  /** The model as it stands at `now` (epoch seconds), given the interactions after `intervals.until`, oldest first. */
  refreshed?(events: { readonly item: Uint32Array; readonly timestamp: Float64Array }, now: number): Model;
  /** (U) ids by user index, of models that know users by name (segmentation). */
  readonly userIds?: readonly string[];
}

/** PERSONALIZED_ACTIONS: `items` are the actions, `recommend` gives propensities from 0 to 1. */
export type RecipeType =
  | "USER_PERSONALIZATION"
  | "POPULAR_ITEMS"
  | "RELATED_ITEMS"
  | "PERSONALIZED_RANKING"
  | "PERSONALIZED_ACTIONS"
  | "USER_SEGMENTATION";

export interface TrainingProgress {
  readonly fraction: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly loss?: number; // nats per event
  /** Quality on users whom the recipe keeps apart, where it looks. */
  readonly metric?: { readonly name: string; readonly value: number };
}

/** Where a long training leaves what it has so far, so that it goes on from there after a crash. */
export interface Checkpoints {
  /** What was last saved for this very training (same data, parameters, seed); undefined at its first start. */
  load(): Readonly<Record<string, Uint8Array>> | undefined;
  /** Replaces what was saved, whole or not at all. */
  save(blobs: Readonly<Record<string, Uint8Array>>): void;
}

export interface TrainingEnvironment {
  readonly seed: number;
  /** Threads to train on, this one included. */
  readonly threads: number;
  /** Rejects training with the signal's reason within a second. */
  readonly signal: AbortSignal;
  readonly progress: (progress: TrainingProgress) => void;
  /** Epoch seconds at which the training was asked for; absent = the newest interaction. */
  readonly now?: number;
  /** trainingMode UPDATE: the model to start from, of the same recipe, made of earlier data. */
  readonly base?: Model;
  readonly checkpoints?: Checkpoints;
  /** Called after each epoch with a way to look at the model so far; false ends the training with that model. */
  readonly afterEpoch?: (epoch: number, model: () => Model) => boolean;
}

/** One documented hyperparameter: a string on the wire, checked against its range when the solution is created. */
export type Hyperparameter =
  | {
      readonly kind: "integer" | "float";
      readonly name: string;
      readonly default: string;
      readonly min: number;
      readonly max: number;
      readonly tunable: boolean;
    }
  | {
      readonly kind: "choice";
      readonly name: string;
      readonly default: string;
      readonly values: readonly string[];
      readonly tunable: boolean;
    };

export interface Recipe {
  readonly name: string; // "aws-hrnn"
  readonly type: RecipeType;
  readonly algorithm: readonly Hyperparameter[];
  readonly featureTransformation: readonly Hyperparameter[];
  /** Does a sent event change the next recommendation? */
  readonly realTime: boolean;
  /** @param parameters every declared hyperparameter by name, defaults filled in, still strings as on the wire. */
  train(
    data: TrainingData,
    parameters: Readonly<Record<string, string>>,
    environment: TrainingEnvironment,
  ): Promise<Model>;
  /** Everything `load` needs, as named blobs; the caller writes them to disk with checksums, atomically. */
  save(model: Model): Record<string, Uint8Array>;
  load(blobs: Readonly<Record<string, Uint8Array>>): Model;
}
