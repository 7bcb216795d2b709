/**
 * The port between Personalize's control plane (operations, lifecycles, serving) and its data plane (imports, the
 * columnar store, training, evaluation, model files). The control plane owns names, statuses and rules; the data plane
 * owns rows, models and everything large. Implemented in `local/personalize/jobs/`; types only, nobody's code.
 *
 * Invariants
 *   J1  Nothing half-done is ever visible: an import's rows and a training's model appear whole or not at all, also
 *       across a `kill -9`.
 *   J2  Jobs are idempotent by ARN. A job that is run again after a crash has the effect of one run (an INCREMENTAL
 *       import never appends twice); one whose result is already on disk succeeds at once with the same result.
 *   J3  Bulk rows (imports) and streamed rows (PutEvents, PutItems, PutUsers) are kept apart: a FULL import replaces the
 *       bulk rows of its dataset and leaves the streamed ones.
 *   J4  While a job works it holds `clock.busy()`; an outcome is a value, a rejected `done` is a bug of ours.
 */
import type { RecordEvents } from "./data/streamed-rows.ts";
import type { Readable } from "node:stream";
import type { History, Model } from "../recipes/recipe.ts";
import type { Amount } from "./attribution/amounts.ts";
import type { AttributedMetric } from "./attribution/attributed-metric.ts";
import type { Candidate } from "./tuning/search.ts";
import type { SearchSpace } from "./tuning/space.ts";

export type DatasetType = "INTERACTIONS" | "ITEMS" | "USERS" | "ACTIONS" | "ACTION_INTERACTIONS";

export type JobOutcome<Result> =
  | { readonly kind: "succeeded"; readonly result: Result }
  /** `failureReason` in the service's own wording, as the Describe operations show it (reference, section 4). */
  | { readonly kind: "failed"; readonly failureReason: string }
  | { readonly kind: "cancelled" };

export interface JobHandle<Result> {
  readonly done: Promise<JobOutcome<Result>>;
  /** Ends the work within about a second and resolves `done` with "cancelled"; no effect once it is done. */
  cancel(): void;
}

/** A dataset of the group with the schema it has now. */
export interface DatasetSource {
  readonly datasetArn: string;
  readonly datasetType: DatasetType;
  /** Avro record schema, JSON text as the caller sent it. Valid: the control plane has checked it. */
  readonly schema: string;
}

/** One CSV file to import. `open` starts reading; when it rejects, the error's message is the failureReason. */
export interface ImportFile {
  readonly key: string;
  readonly sizeBytes: number;
  open(): Promise<Readable>;
}

export interface ImportProgress {
  readonly rows: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface ImportJob extends DatasetSource {
  readonly jobArn: string;
  readonly datasetGroupArn: string;
  readonly mode: "FULL" | "INCREMENTAL";
  /** As the caller gave it, e.g. s3://bucket/folder/; for messages, the files are below. */
  readonly dataLocation: string;
  /** All files of the location, at least one, in key order. Every one starts with the same header. */
  readonly files: readonly ImportFile[];
  /** More rows than this in the end fail the import; absent = no limit. */
  readonly mostRowsStored?: number;
  readonly mostEventTypes?: number; // likewise
  /** What a metric attribution counts of the rows read. */
  readonly attribution?: ImportAttribution;
  readonly progress: (progress: ImportProgress) => void;
}

export interface ImportAttribution {
  readonly metrics: readonly AttributedMetric[];
  /** By mark (serving/recommendation-ids.ts): the campaigns and recommenders that rows may name. */
  readonly sources: Readonly<Record<string, string>>;
  /** The group's Items dataset, for sums over its columns. */
  readonly itemsArn?: string;
}

export interface ImportResult {
  /** Data rows read, header lines not counted. */
  readonly rows: number;
  /** Rows the dataset's bulk part holds now, exact duplicates counted once. */
  readonly rowsStored: number;
  /** Where it was asked for: what the rows of this import amount to, also when the job runs again. */
  readonly attributed?: readonly Amount[];
}

export interface DeletionJob {
  readonly jobArn: string;
  readonly datasetGroupArn: string;
  /** The group's datasets; those without users are left alone. */
  readonly datasets: readonly DatasetSource[];
  /** CSV files with a USER_ID column, at least one. */
  readonly files: readonly ImportFile[];
}

export interface DeletionResult {
  /** Rows that went: interactions and users, imported and streamed. */
  readonly deleted: number;
}

/** What a training reports while it works; the control plane adds who is training. */
export interface TrainingJobProgress {
  readonly fraction: number; // [0, 1]
  readonly epoch: number;
  readonly epochs: number;
  /** Mean training loss of the last epoch, nats per event; absent for counting recipes. */
  readonly loss?: number;
  /** Quality on users kept apart, where the recipe looks. */
  readonly metric?: { readonly name: string; readonly value: number };
  /** What is done beside learning: "loading the data", "trial 3 of 12", "evaluating". */
  readonly phase?: string;
  readonly secondsLeft?: number;
}

/** One of eventsConfig.eventParametersList: which events train, and how much they count. */
export interface EventRule {
  /** Absent = events of every type. */
  readonly eventType?: string;
  /** Only events whose EVENT_VALUE is at least this. */
  readonly eventValueThreshold?: number;
  readonly weight?: number; // [0, 1]; absent = 1
}

/** optimizationObjective: recommend items with much of an attribute, too. */
export interface Objective {
  readonly itemAttribute: string;
  readonly sensitivity: "LOW" | "MEDIUM" | "HIGH" | "OFF";
}

/** What is tried before the training itself: performHPO and performAutoML. */
export type TrainingSearch =
  | { readonly kind: "hyperparameters"; readonly space: SearchSpace; readonly trials: number }
  | { readonly kind: "recipes"; readonly candidates: readonly Candidate[]; readonly metric: string };

export interface TrainingJob {
  readonly solutionVersionArn: string;
  readonly datasetGroupArn: string;
  /** The group's datasets that this recipe may read. INTERACTIONS is always among them. */
  readonly datasets: readonly DatasetSource[];
  /** "aws-hrnn": a key of local/recipes/index.ts; of a search among recipes, one of them. */
  readonly recipe: string;
  /** Every declared hyperparameter of the recipe (algorithm and feature transformation), defaults filled in. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Only interactions of this type train; absent = all. */
  readonly eventType?: string;
  /** Only interactions whose EVENT_VALUE is at least this train. */
  readonly eventValueThreshold?: number;
  /** eventsConfig; absent = every event counts alike. */
  readonly events?: readonly EventRule[];
  readonly objective?: Objective;
  /** Columns kept out of training, schema spelling, by dataset type. */
  readonly excludedColumns: Readonly<Partial<Record<DatasetType, readonly string[]>>>;
  /** The same seed gives the same model from the same data. */
  readonly seed: number;
  /** Epoch seconds at which the training was asked for; absent = the newest interaction. */
  readonly now?: number;
  readonly search?: TrainingSearch;
  readonly trainingMode: "FULL" | "UPDATE";
  /** For UPDATE: the version whose model takes in the new items. */
  readonly baseSolutionVersionArn?: string;
  readonly progress: (progress: TrainingJobProgress) => void;
}

export interface TrainingResult {
  /** The eight keys of section 6.2 (fewer where a recipe has none), rounded to 4 decimals. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Billed hours, 3 decimals, greater than 0. */
  readonly trainingHours: number;
  readonly users: number;
  readonly items: number;
  /** Interactions trained on, after the event filters. */
  readonly interactions: number;
  /** Of a search for hyperparameters: the values that won, by name. */
  readonly tuned?: Readonly<Record<string, string>>;
  /** Of a search among recipes: the one that won. */
  readonly bestRecipe?: string;
}

/** A trained model with the maps between ids and its indices. Immutable but for streamed events, which `history` sees. */
export interface ServingModel {
  readonly model: Model;
  /** The model's index of an item id; undefined when the model does not know it. */
  itemIndex(itemId: string): number | undefined;
  /** The user's position in the training data; undefined for a user the training did not see. */
  userIndex(userId: string): number | undefined;
  /**
   * What to ask the model with: the user's interactions the version was trained on, and all streamed events of the user (or of an
   * anonymous session id given in its place) up to now, filtered as in training, oldest first. Undefined when none.
   */
  history(userId: string): History | undefined;
  /** Streamed events that train, of all users, with `after < timestamp <= until` (epoch seconds), oldest first; items as the model's indices. */
  eventsBetween(after: number, until: number): { readonly item: Uint32Array; readonly timestamp: Float64Array };
  /** All of the model's items by number of distinct users, most first: for users and items nobody knows. */
  readonly popular: Uint32Array;
  /** Closes the model's files; nothing may be asked of it afterwards. */
  close(): void;
}

/** One interaction as stored: bulk or streamed. */
export interface Interaction {
  readonly itemId: string;
  readonly timestamp: number; // epoch seconds
  readonly eventType: string; // "" where the data have none
  readonly eventValue?: number;
}

export interface StreamedEvent {
  /** Absent for an anonymous event; a later event with both joins the session to the user. */
  readonly userId?: string;
  readonly sessionId: string;
  /** Duplicates by eventId count once. */
  readonly eventId: string;
  readonly eventType: string;
  readonly timestamp: number; // epoch seconds
  /** Absent events say something about the user only; they train nothing. The action, for action interactions. */
  readonly itemId?: string;
  readonly eventValue?: number;
  readonly impression?: readonly string[];
  readonly recommendationId?: string;
  /** Further columns under the schema's names (MY_FIELD), values as they came. */
  readonly properties: Readonly<Record<string, MetadataValue>>;
}

export type MetadataValue = string | number | boolean | null;

/** A row of Items or Users under the schema's column names, without the id. Categorical values are still "A|B". */
export type Metadata = Readonly<Record<string, MetadataValue>>;

/** The datasets whose rows are things with metadata. */
export type EntityType = "ITEMS" | "USERS" | "ACTIONS";

/** What has become of a dataset's metadata: which ids changed since, or that any may have. */
export interface MetadataChanges {
  readonly revision: number;
  readonly ids: readonly string[] | "all";
}

export interface StreamedRow {
  readonly id: string;
  readonly properties: Metadata;
}

export interface JobRunner {
  importDataset(job: ImportJob): JobHandle<ImportResult>;
  train(job: TrainingJob): JobHandle<TrainingResult>;
  /**
   * Takes users out of the group's rows, imported and streamed. Filters and exports no longer see them, no later training learns
   * from them, and models trained before answer for them as for strangers.
   */
  deleteUsers(job: DeletionJob): JobHandle<DeletionResult>;

  /** Loads a finished version; who opens it closes it. Rejects when its files are missing or damaged (checksums), naming what to do. */
  openModel(solutionVersionArn: string): Promise<ServingModel>;

  /** Every interaction of a user (or anonymous session), bulk of the newest import and streamed, oldest first. For filters. */
  interactionsOf(datasetGroupArn: string, userId: string): readonly Interaction[];
  /** What the user (or anonymous session) did with actions; as interactionsOf, the action in the item's place. */
  actionInteractionsOf(datasetGroupArn: string, userId: string): readonly Interaction[];
  /**
   * The newest row of an item, user or action, streamed over bulk; undefined when it has none.
   * @param columns only these, whatever the case they are written in; all when absent
   */
  metadataOf(datasetGroupArn: string, type: EntityType, id: string, columns?: readonly string[]): Metadata | undefined;
  /** One column for these ids, in their order; null where there is no row or no value. Reads it whole: to build on, not for a request. */
  metadataColumn(
    datasetGroupArn: string,
    type: EntityType,
    ids: readonly string[],
    column: string,
  ): readonly MetadataValue[];
  /** What changed after `since`, a revision given before; the revision counts up whenever metadata may answer differently. */
  metadataChanges(datasetGroupArn: string, type: EntityType, since?: number): MetadataChanges;
  /** Ids that have a row of their own: bulk ones, then those that were only streamed. */
  idsOf(datasetGroupArn: string, type: EntityType): Iterable<string>;
  /** Has a bulk import into this dataset ever succeeded? INCREMENTAL imports are refused before. */
  hasBulkData(datasetArn: string): boolean;

  /** Durable when resolved; seen at once by `ServingModel.history` and `interactionsOf`, and by the next training. */
  readonly recordEvents: RecordEvents;
  recordItems(datasetArn: string, datasetGroupArn: string, rows: readonly StreamedRow[]): Promise<void>;
  recordUsers(datasetArn: string, datasetGroupArn: string, rows: readonly StreamedRow[]): Promise<void>;
  recordActions(datasetArn: string, datasetGroupArn: string, rows: readonly StreamedRow[]): Promise<void>;

  /** The dataset's rows as CSV text piece by piece, header first: imported (BULK), streamed (PUT), or both. */
  exportRows(dataset: DatasetSource, mode: "BULK" | "PUT" | "ALL"): Iterable<string>;

  /** Removes all rows of a deleted dataset, bulk and streamed. */
  forgetDataset(datasetArn: string): Promise<void>;
  /** Removes the model files of a version whose solution was deleted. */
  forgetModel(solutionVersionArn: string): Promise<void>;

  /** Loads what serving needs from disk; called once, before anything else. */
  open(): Promise<void>;
  /** Cancels running jobs (they run again at the next start) and closes files. */
  close(): Promise<void>;
}
