/** The knobs of the embedded Personalize: how long things take at least, how many there may be, what runs by itself. */
import type { Rates } from "./serving/throttle.ts";

export type LifecycleName =
  | "datasetGroup.create"
  | "datasetGroup.delete"
  | "dataset.create"
  | "dataset.update"
  | "dataset.delete"
  | "datasetImportJob.create"
  | "eventTracker.create"
  | "eventTracker.delete"
  | "solution.create"
  | "solution.update"
  | "solution.delete"
  | "solutionVersion.create"
  | "campaign.create"
  | "campaign.update"
  | "campaign.delete"
  | "filter.create"
  | "filter.delete"
  | "batchInferenceJob.create"
  | "batchSegmentJob.create"
  | "dataDeletionJob.create"
  | "recommender.create"
  | "recommender.update"
  | "recommender.retrain"
  | "recommender.stop"
  | "recommender.start"
  | "recommender.delete"
  | "metricAttribution.create"
  | "metricAttribution.delete"
  | "datasetExportJob.create";

/** Clock time; real work takes what it takes, and `workingMs` is the least. */
export interface PhaseDurations {
  readonly pendingMs: number;
  readonly workingMs: number;
}

/** The service's quotas (reference, section 4); those the service can raise are worth raising here. */
export interface Quotas {
  readonly datasetGroups: number;
  readonly schemas: number;
  readonly solutionsPerDatasetGroup: number;
  readonly campaignsPerDatasetGroup: number;
  readonly filtersPerDatasetGroup: number;
  /** Different fields that all filters of a group look at. */
  readonly filterFieldsPerDatasetGroup: number;
  readonly recommendersPerDatasetGroup: number;
  readonly metricsPerAttribution: number;
  /** Different sources that one attribution counts; events of others are taken, not counted. */
  readonly attributionSources: number;
  /** Of an Interactions dataset: event types in its bulk data and optional columns, together. */
  readonly eventTypesAndColumns: number;
  readonly concurrentImports: number;
  /** What one import may read, by its mode. */
  readonly fullImportBytes: number;
  readonly incrementalImportBytes: number;
  /** Different actions of one dataset. */
  readonly actions: number;
  readonly concurrentExports: number;
  readonly concurrentTrainings: number;
  /** Of batch inference and of batch segment jobs, each. */
  readonly concurrentBatchJobs: number;
  /** What one batch job may read: files, bytes of all of them, and lines of each. */
  readonly batchFiles: number;
  readonly batchBytes: number;
  readonly batchRecordsPerFile: number;
  readonly themesPerFile: number;
  readonly itemSegmentsPerFile: number;
  readonly attributeSegmentsPerFile: number;
  readonly usersPerSegment: number;
  /** Of one dataset group. */
  readonly pendingDeletions: number;
  readonly deletionBytes: number;
  readonly tagsPerResource: number;
  readonly tagKeysPerRequest: number;
  readonly numResults: number;
  readonly numResultsWithMetadata: number;
}

export interface PersonalizeSettings {
  /** Per lifecycle; `otherwise` is for those not named. */
  readonly durations: Readonly<Partial<Record<LifecycleName, PhaseDurations>> & { otherwise: PhaseDurations }>;
  readonly quotas: Quotas;
  /** Whether solutions with performAutoTraining train by themselves; their flag is kept and shown either way. */
  readonly automaticTraining: boolean;
  /** How often the latest version in service is let explore items that came after its training; 0 = never. */
  readonly itemUpdatesEveryMs: number;
  /** How often metric attributions tell CloudWatch what they have counted. */
  readonly attributionsEveryMs: number;
  /** Requests past these are throttled; without them none are. */
  readonly rates?: Rates;
}

export interface PersonalizeOptions {
  readonly durations?: Partial<PersonalizeSettings["durations"]>;
  readonly quotas?: Partial<Quotas>;
  readonly automaticTraining?: boolean;
  readonly itemUpdatesEveryMs?: number;
  readonly attributionsEveryMs?: number;
  /** `true` = the service's own. */
  readonly throttling?: boolean | Rates;
}

const defaults: PersonalizeSettings = {
  durations: { otherwise: { pendingMs: 100, workingMs: 200 } },
  quotas: {
    datasetGroups: 5,
    schemas: 500,
    solutionsPerDatasetGroup: 10,
    campaignsPerDatasetGroup: 5,
    filtersPerDatasetGroup: 30,
    filterFieldsPerDatasetGroup: 20,
    recommendersPerDatasetGroup: 5,
    metricsPerAttribution: 10,
    attributionSources: 100,
    eventTypesAndColumns: 10,
    concurrentImports: 5,
    fullImportBytes: 100 * 1024 ** 3,
    incrementalImportBytes: 1024 ** 3,
    actions: 1000,
    concurrentExports: 5,
    concurrentTrainings: 20,
    concurrentBatchJobs: 5,
    batchFiles: 1000,
    batchBytes: 1024 ** 3,
    batchRecordsPerFile: 50_000_000,
    themesPerFile: 100,
    itemSegmentsPerFile: 500,
    attributeSegmentsPerFile: 10,
    usersPerSegment: 5_000_000,
    pendingDeletions: 5,
    deletionBytes: 100 * 1024 ** 2,
    tagsPerResource: 50,
    tagKeysPerRequest: 50,
    numResults: 500,
    numResultsWithMetadata: 50,
  },
  automaticTraining: true,
  itemUpdatesEveryMs: 2 * 60 * 60_000,
  attributionsEveryMs: 60_000,
};

/** Reference, section 4. */
const serviceRates: Rates = { events: 1000, records: 10, recommendations: 500 };

export function settingsFrom(options: PersonalizeOptions = {}): PersonalizeSettings {
  const rates = options.throttling === true ? serviceRates : options.throttling;
  return {
    ...(rates ? { rates } : {}),
    durations: { ...defaults.durations, ...options.durations },
    quotas: { ...defaults.quotas, ...options.quotas },
    automaticTraining: options.automaticTraining ?? defaults.automaticTraining,
    itemUpdatesEveryMs: options.itemUpdatesEveryMs ?? defaults.itemUpdatesEveryMs,
    attributionsEveryMs: options.attributionsEveryMs ?? defaults.attributionsEveryMs,
  };
}

export const durationsOf = (settings: PersonalizeSettings, lifecycle: LifecycleName): PhaseDurations =>
  settings.durations[lifecycle] ?? settings.durations.otherwise;
