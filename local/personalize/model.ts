/**
 * What the control plane remembers: one row per resource, which is the AWS SDK's own Describe shape with its dates as
 * epoch milliseconds, kept in the table of its kind under its ARN. What no Describe shows (a training's seed, a job's
 * next step) lives in tables of its own, so that a row can be answered as it is.
 */
import type {
  BatchInferenceJob,
  BatchSegmentJob,
  Campaign,
  DataDeletionJob,
  DatasetExportJob,
  Dataset,
  DatasetGroup,
  DatasetImportJob,
  DatasetSchema,
  EventTracker,
  Filter,
  MetricAttribute,
  MetricAttribution,
  Recommender,
  Solution,
  SolutionVersion,
  Tag,
} from "@aws-sdk/client-personalize";
import type { Store, Table } from "../cloud/ports/store.ts";
import type { AttributedAmount } from "./attribution/attributions.ts";
import type { MeterEntry } from "./metering/entries.ts";
import type { AnsweredPage } from "./serving/answered.ts";
import type { UsageWindow } from "./serving/usage.ts";

/** A shape as JSON keeps it: dates are epoch milliseconds. */
export type Plain<T> = T extends Date
  ? number
  : T extends readonly (infer E)[]
    ? readonly Plain<E>[]
    : T extends object
      ? { readonly [K in keyof T]: Plain<T[K]> }
      : T;

/** A request that has passed the official model's checks: members declared without `?` are there. */
export type Checked<T> = T extends Date | Uint8Array
  ? T
  : T extends readonly (infer E)[]
    ? readonly Checked<E>[]
    : T extends object
      ? {
          // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- `{}` is how TypeScript spells "optional"
          readonly [K in keyof T]: {} extends Pick<T, K> ? Checked<T[K]> : Checked<Exclude<T[K], undefined>>;
        }
      : T;

type Dates = "creationDateTime" | "lastUpdatedDateTime";

type Row<Shape, Present extends keyof Shape> = {
  readonly [K in Present | (Dates & keyof Shape)]-?: Exclude<Plain<Shape[K]>, undefined>;
} & { readonly [K in Exclude<keyof Shape, Present | Dates>]?: Plain<Shape[K]> };

/** What the Describe operations answer. */
export interface Shapes {
  datasetGroup: DatasetGroup;
  schema: DatasetSchema;
  dataset: Dataset;
  datasetImportJob: DatasetImportJob;
  eventTracker: EventTracker;
  solution: Solution;
  solutionVersion: SolutionVersion;
  campaign: Campaign;
  filter: Filter;
  batchInferenceJob: BatchInferenceJob;
  recommender: Recommender;
  metricAttribution: MetricAttribution;
  batchSegmentJob: BatchSegmentJob;
  dataDeletionJob: DataDeletionJob;
  datasetExportJob: DatasetExportJob;
}

export interface Rows {
  datasetGroup: Row<DatasetGroup, "name" | "datasetGroupArn" | "status">;
  schema: Row<DatasetSchema, "name" | "schemaArn" | "schema">;
  dataset: Row<Dataset, "name" | "datasetArn" | "datasetGroupArn" | "datasetType" | "schemaArn" | "status">;
  datasetImportJob: Row<
    DatasetImportJob,
    "jobName" | "datasetImportJobArn" | "datasetArn" | "dataSource" | "roleArn" | "status" | "importMode"
  >;
  eventTracker: Row<EventTracker, "name" | "eventTrackerArn" | "trackingId" | "datasetGroupArn" | "status">;
  solution: Row<
    Solution,
    "name" | "solutionArn" | "datasetGroupArn" | "status" | "performAutoTraining" | "solutionConfig"
  >;
  solutionVersion: Row<
    SolutionVersion,
    "solutionVersionArn" | "solutionArn" | "datasetGroupArn" | "status" | "trainingMode" | "trainingType"
  >;
  campaign: Row<Campaign, "name" | "campaignArn" | "solutionVersionArn" | "minProvisionedTPS" | "status">;
  filter: Row<Filter, "name" | "filterArn" | "datasetGroupArn" | "filterExpression" | "status">;
  batchInferenceJob: Row<
    BatchInferenceJob,
    "jobName" | "batchInferenceJobArn" | "solutionVersionArn" | "jobInput" | "jobOutput" | "roleArn" | "status"
  >;
  recommender: Row<Recommender, "name" | "recommenderArn" | "datasetGroupArn" | "recipeArn" | "status">;
  metricAttribution: Row<MetricAttribution, "name" | "metricAttributionArn" | "datasetGroupArn" | "status">;
  batchSegmentJob: Row<
    BatchSegmentJob,
    "jobName" | "batchSegmentJobArn" | "solutionVersionArn" | "jobInput" | "jobOutput" | "roleArn" | "status"
  >;
  dataDeletionJob: Row<
    DataDeletionJob,
    "jobName" | "dataDeletionJobArn" | "datasetGroupArn" | "dataSource" | "roleArn" | "status"
  >;
  datasetExportJob: Row<
    DatasetExportJob,
    "jobName" | "datasetExportJobArn" | "datasetArn" | "ingestionMode" | "roleArn" | "jobOutput" | "status"
  >;
}
export type Kind = keyof Rows;

export type Tables = { readonly [K in Kind]: Table<Rows[K]> };

/** How a kind is called: in ARNs, in sentences, and which member of its row is the ARN. */
export const kinds: { readonly [K in Kind]: { segment: string; noun: string; arnKey: keyof Rows[K] & string } } = {
  datasetGroup: { segment: "dataset-group", noun: "dataset group", arnKey: "datasetGroupArn" },
  schema: { segment: "schema", noun: "schema", arnKey: "schemaArn" },
  dataset: { segment: "dataset", noun: "dataset", arnKey: "datasetArn" },
  datasetImportJob: { segment: "dataset-import-job", noun: "dataset import job", arnKey: "datasetImportJobArn" },
  eventTracker: { segment: "event-tracker", noun: "event tracker", arnKey: "eventTrackerArn" },
  solution: { segment: "solution", noun: "solution", arnKey: "solutionArn" },
  solutionVersion: { segment: "solution", noun: "solution version", arnKey: "solutionVersionArn" },
  campaign: { segment: "campaign", noun: "campaign", arnKey: "campaignArn" },
  filter: { segment: "filter", noun: "filter", arnKey: "filterArn" },
  batchInferenceJob: { segment: "batch-inference-job", noun: "batch inference job", arnKey: "batchInferenceJobArn" },
  recommender: { segment: "recommender", noun: "recommender", arnKey: "recommenderArn" },
  metricAttribution: { segment: "metric-attribution", noun: "metric attribution", arnKey: "metricAttributionArn" },
  batchSegmentJob: { segment: "batch-segment-job", noun: "batch segment job", arnKey: "batchSegmentJobArn" },
  dataDeletionJob: { segment: "data-deletion-job", noun: "data deletion job", arnKey: "dataDeletionJobArn" },
  datasetExportJob: { segment: "dataset-export-job", noun: "dataset export job", arnKey: "datasetExportJobArn" },
};

/** What a solution version's training needs and leaves behind, beside what DescribeSolutionVersion shows. */
export interface TrainingRow {
  readonly seed: number;
  readonly metrics?: Readonly<Record<string, number>>;
}

/** When automatic training looks at a solution next, and when its last training of any type started. */
export interface AutoTrainingRow {
  readonly due: number;
  readonly firstLook: boolean;
}

/** A recommender's model: what the data plane keeps it under, and the seed of its training. */
export interface RecommenderModel {
  readonly modelArn: string;
  readonly seed: number;
}

/** What a batch job has behind it: files whose answers are written, by key and entity tag, and the lines of all of them. */
export interface BatchProgress {
  readonly files: readonly string[];
  readonly records: number;
}

export interface SideTables {
  /** By recommender: the model that serves, the one that an update trains, and that of the weekly training. */
  readonly recommenderModels: Table<{
    readonly current?: RecommenderModel;
    readonly next?: RecommenderModel;
    readonly retrained?: RecommenderModel;
  }>;
  /** By recommender: when it is to be trained anew, epoch milliseconds. */
  readonly retrainings: Table<number>;
  /** By metric attribution. */
  readonly attributedMetrics: Table<readonly Plain<MetricAttribute>[]>;
  /** By metric attribution: the sources that it has counted so far. */
  readonly attributedSources: Table<readonly string[]>;
  /** By attribution, metric, window and source: what CloudWatch has not been told yet. */
  readonly attributedAmounts: Table<AttributedAmount>;
  readonly trainings: Table<TrainingRow>;
  readonly autoTraining: Table<AutoTrainingRow>;
  readonly tags: Table<readonly Plain<Tag>[]>;
  /** By dataset group: when interactions last arrived, in bulk or streamed. */
  readonly newInteractions: Table<number>;
  /** By batch job, while it works. */
  readonly batchProgress: Table<BatchProgress>;
  /** What a process that ended in peace had answered, by page (serving/answered.ts). */
  readonly answered: Table<AnsweredPage>;
  /** By campaign or recommender and window: what it was asked (serving/usage.ts). */
  readonly usage: Table<UsageWindow>;
  /** What a bill would have (metering/entries.ts). */
  readonly meter: Table<MeterEntry>;
}

export function openTables(store: Store): Tables {
  const table = <K extends Kind>(kind: K) => store.table<Rows[K]>(`personalize/${kind}`);
  return {
    datasetGroup: table("datasetGroup"),
    schema: table("schema"),
    dataset: table("dataset"),
    datasetImportJob: table("datasetImportJob"),
    eventTracker: table("eventTracker"),
    solution: table("solution"),
    solutionVersion: table("solutionVersion"),
    campaign: table("campaign"),
    filter: table("filter"),
    batchInferenceJob: table("batchInferenceJob"),
    recommender: table("recommender"),
    metricAttribution: table("metricAttribution"),
    batchSegmentJob: table("batchSegmentJob"),
    dataDeletionJob: table("dataDeletionJob"),
    datasetExportJob: table("datasetExportJob"),
  };
}

export const openSideTables = (store: Store): SideTables => ({
  recommenderModels: store.table("personalize/recommenderModels"),
  retrainings: store.table("personalize/retrainings"),
  attributedMetrics: store.table("personalize/attributedMetrics"),
  attributedSources: store.table("personalize/attributedSources"),
  attributedAmounts: store.table("personalize/attributedAmounts"),
  trainings: store.table("personalize/trainings"),
  autoTraining: store.table("personalize/autoTraining"),
  tags: store.table("personalize/tags"),
  newInteractions: store.table("personalize/newInteractions"),
  batchProgress: store.table("personalize/batchProgress"),
  answered: store.table("personalize/answered"),
  usage: store.table("personalize/usage"),
  meter: store.table("personalize/meter"),
});

/** A row, or a part of one, as the SDK shapes it: members named `…DateTime` become dates again. */
export function toWire<T>(value: unknown): T {
  return reviveDates(value) as T;
}

function reviveDates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reviveDates);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key.endsWith("DateTime") && typeof member === "number" ? new Date(member) : reviveDates(member),
    ]),
  );
}
