/** What a run of a configured group will have to do, before there has been one. */
import { datasetTypes } from "../config/avro-schema.ts";
import type { DatasetGroup, Solution } from "../config/dataset-group.ts";
import type { RunWork, TrainingWork } from "./run-cost.ts";

export interface ExpectedData {
  readonly bytes: number;
  readonly interactions: number | null;
  /** Billed hours of each training, when somebody knows them. */
  readonly trainingHours: number | null;
  /** Users in the input of each batch job, when somebody has told. */
  readonly batchUsers?: number | undefined;
}

type Planned = Omit<TrainingWork, "hours">;

/** Where a search names no bound: a guess, for the service does not document its own. */
const defaultSearches = 8;

const searchesOf = ({ performHPO, config }: Solution): number =>
  performHPO ? Number(config.hpoConfig?.hpoResourceConfig?.maxNumberOfTrainingJobs ?? defaultSearches) : 1;

/** Each candidate, each baseline once however many candidates share it, and what batch segments are made with. */
export function plannedTrainings({ solutions, followUp }: DatasetGroup): readonly Planned[] {
  const baselines = new Map(
    solutions.map(({ decision, eventType, config }) => [
      JSON.stringify([decision.baseline.recipe, eventType, config.eventValueThreshold]),
      { name: "baseline", recipe: decision.baseline.recipe, searches: 1 },
    ]),
  );
  const segments = new Map(
    followUp.batchSegments.map(({ recipe }) => [recipe, { name: "segments", recipe, searches: 1 }]),
  );
  const candidates = solutions.map((solution) => ({
    name: solution.name,
    recipe: solution.recipe,
    searches: searchesOf(solution),
  }));
  return [...candidates, ...baselines.values(), ...segments.values()];
}

export function plannedWork(group: DatasetGroup, expected: ExpectedData): RunWork {
  const { bytes, interactions, trainingHours, batchUsers } = expected;
  const datasets = datasetTypes.filter((type) => group.datasets[type] !== undefined);
  return {
    importedBytes: bytes,
    interactions,
    trainings: plannedTrainings(group).map((training) => ({ ...training, hours: trainingHours })),
    measuredDatasets: group.dataQuality.enabled ? datasets.length : 0,
    batches: batchUsers === undefined ? [] : batchesOf(group, batchUsers),
  };
}

const batchesOf = ({ followUp }: DatasetGroup, users: number) => [
  ...followUp.batchInference.map(({ name }) => ({ name, kind: "inference" as const, users })),
  ...followUp.batchSegments.map(({ name }) => ({ name, kind: "segment" as const, users })),
];

/** Parts of the configuration that cost money by the number of users or requests, which nobody has told. */
export const unpredictable = (
  { followUp, preparation, eventTracker }: DatasetGroup,
  { batchUsers }: Pick<ExpectedData, "batchUsers">,
): readonly string[] => [
  ...followUp.recommenders.map(({ name }) => `recommender ${name}: billed by users and hours`),
  ...(batchUsers === undefined
    ? [...followUp.batchInference, ...followUp.batchSegments].map(({ name }) => `batch job ${name}: billed by users`)
    : []),
  ...(preparation === undefined ? [] : [`Glue job ${preparation.glueJob}: billed by DPU-hours`]),
  ...(eventTracker ? ["events through the tracker: billed like imports, by GB"] : []),
];
