/**
 * What one run costs. The same sum serves the forecast (`outrank cost`) and the notice of a run that is over; they differ
 * in how much is known. What is not known is assumed and says so, or is named as not counted.
 */
import { type Bill, billOf, type BillLine, lineMaker } from "./bill.ts";
import { listPrices, type Prices } from "./prices.ts";

export interface TrainingWork {
  /** What the run calls it: `for-you`, `baseline`. */
  readonly name: string;
  readonly recipe: string;
  /** As the service bills them; null when not (yet) known. */
  readonly hours: number | null;
  /** Trainings within a search for hyperparameters, billed each; 1 without a search. */
  readonly searches: number;
}

export interface RunWork {
  /** Of the files that are imported. */
  readonly importedBytes: number;
  /** Rows of interactions in Personalize when the training begins; null when nobody counted. */
  readonly interactions: number | null;
  readonly trainings: readonly TrainingWork[];
  /** Datasets whose quality Glue measures. */
  readonly measuredDatasets: number;
  /** Batch jobs, with the users in their inputs. */
  readonly batches?: readonly {
    readonly name: string;
    readonly kind: "inference" | "segment";
    readonly users: number;
  }[];
}

/** Held by test/machine/triggers-cost.test.ts for two datasets and 45 minutes of training. */
export const transitionsAtMost = 150;
/** Functions called in such a run, and about what they take: a quarter of a GB for a second each. */
const invocations = 20;
const gbSecondsOfCalls = 5;
/** The data check reads every file once, with 2 GB, at no less than this many bytes a second. */
const checkedBytesPerSecond = 20_000_000;
/** Glue measures with five DPU unless it is told otherwise; about five minutes for each dataset. */
const dpuHoursOfMeasuring = (5 * 5) / 60;
const gigabyte = 2 ** 30;

export const isBilledByInteractions = (recipe: string): boolean => recipe.endsWith("-v2");

/** Recipes that count instead of learning; minutes on any data. */
const isCounting = (recipe: string): boolean => recipe === "aws-popularity-count";

/**
 * Billed hours from the number of interactions: a straight line through the trainings of aws-user-personalization whose
 * bill is public (0.1 million: 2.135 hours; 25 million: 53.9 hours), and 1.073 for the shortest one that is known.
 */
export function assumedHours(recipe: string, interactions: number): number {
  return isCounting(recipe) ? 1.1 : 2.1 + (2.07 * interactions) / 1_000_000;
}

export function runCost(work: RunWork, prices: Prices = listPrices): Bill {
  const line = lineMaker(prices);
  const gigabytes = work.importedBytes / gigabyte;
  const trained = work.trainings.map((training) => trainingLine(training, work.interactions, prices));
  const measured = work.measuredDatasets;
  const check = (2 * work.importedBytes) / checkedBytesPerSecond;
  return billOf(
    [
      ...(gigabytes > 0 ? [line("data import", gigabytes, "ingestion")] : []),
      ...trained.flatMap((entry) => (typeof entry === "string" ? [] : [entry])),
      ...(measured > 0 ? [line("data quality", measured * dpuHoursOfMeasuring, "glue", "five minutes a dataset")] : []),
      ...(work.batches ?? []).map(({ name, kind, users }) =>
        line(`batch job ${name}`, users, kind === "inference" ? "batchUsers" : "segmentedUsers"),
      ),
      line("state machine", transitionsAtMost, "transitions", "at most, for two datasets and 45 minutes of training"),
      line("functions", gbSecondsOfCalls + check, "lambdaCompute", "20 calls, and a check of the data at 20 MB/s"),
      line("calls of functions", invocations, "lambdaRequests", "20 calls"),
    ],
    trained.filter((entry) => typeof entry === "string"),
  );
}

/** A line, or in words why there is none. */
function trainingLine(training: TrainingWork, interactions: number | null, prices: Prices): BillLine | string {
  const { name, recipe, hours, searches } = training;
  const line = lineMaker(prices);
  const what = `training of ${name} (${recipe})`;
  if (isBilledByInteractions(recipe)) {
    if (interactions !== null) return line(what, interactions, "trainedInteractions");
    return `${what}: nobody counted the interactions`;
  }
  if (hours !== null) return line(what, hours, "trainingHours");
  if (interactions !== null) {
    const guessed = assumedHours(recipe, interactions) * searches;
    return line(what, guessed, "trainingHours", "billed hours guessed from the interactions");
  }
  return `${what}: its billed hours are not known`;
}
