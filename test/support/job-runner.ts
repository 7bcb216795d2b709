/** What the tests of the job runner share: a shop's imports and trainings, and runners over a folder that is each test's own. */
import { afterEach, beforeEach } from "@jest/globals";
import { createJumpingClock } from "../../local/cloud/clock/jumping-clock.ts";
import type { ImportJob, JobRunner, StreamedEvent, TrainingJob } from "../../local/personalize/job-runner.ts";
import { createJobRunner } from "../../local/personalize/jobs/create-job-runner.ts";
import type { Recipe } from "../../local/recipes/recipe.ts";
import {
  csv,
  indexOrderRecipe,
  itemSchema,
  manyRows,
  temporaryFolder,
  textFile,
  typedInteractions,
} from "./personalize-data.ts";

export const group = "arn:aws:personalize:us-east-1:000000000000:dataset-group/shop";
export const datasetArn = "arn:aws:personalize:us-east-1:000000000000:dataset/shop/INTERACTIONS";
export const itemsArn = "arn:aws:personalize:us-east-1:000000000000:dataset/shop/ITEMS";
export const version = "arn:aws:personalize:us-east-1:000000000000:solution/best/0123abcd";
export const start = 1_700_000_000;
export const header = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE,DEVICE";
export const rows = manyRows({ start }).map((row) => [...row, "view", "", "phone"]);

/** Runs jobs where they are called. Closed and removed after each test. */
export function jobRunners() {
  const runners: JobRunner[] = [];
  const make = (recipe: Recipe = indexOrderRecipe(), clock = createJumpingClock()): JobRunner => {
    const made = createJobRunner({
      ...{ clock, dataDir: place.folder.path, threads: 1, run: "here" },
      recipes: { [recipe.name]: recipe },
    });
    runners.push(made);
    return made;
  };
  const fresh = () => {
    place.folder = temporaryFolder();
    place.runner = make();
  };
  const place = { make, folder: temporaryFolder(), runner: {} as JobRunner };
  place.folder.remove();
  beforeEach(fresh);
  afterEach(async () => {
    await Promise.all(runners.splice(0).map((each) => each.close()));
    place.folder.remove();
  });
  return place;
}

export function importJob(more: Partial<ImportJob> = {}): ImportJob {
  return {
    jobArn: "arn:job/one",
    datasetArn,
    datasetGroupArn: group,
    datasetType: "INTERACTIONS",
    schema: typedInteractions,
    mode: "FULL",
    dataLocation: "s3://bucket/x.csv",
    files: [textFile("x.csv", csv(header, rows))],
    progress: () => {},
    ...more,
  };
}

export const itemsJob = (text: string): ImportJob =>
  importJob({
    jobArn: `arn:job/items-${text.length}`,
    datasetArn: itemsArn,
    datasetType: "ITEMS",
    schema: itemSchema,
    files: [textFile("i.csv", text)],
  });

export function trainingJob(more: Partial<TrainingJob> = {}): TrainingJob {
  return {
    solutionVersionArn: version,
    datasetGroupArn: group,
    datasets: [{ datasetArn, datasetType: "INTERACTIONS", schema: typedInteractions }],
    recipe: "test-index-order",
    parameters: {},
    excludedColumns: {},
    seed: 1,
    trainingMode: "FULL",
    progress: () => {},
    ...more,
  };
}

export const event = (eventId: string, more: Partial<StreamedEvent>): StreamedEvent => ({
  eventId,
  sessionId: "s",
  eventType: "view",
  timestamp: start,
  properties: {},
  ...more,
});
