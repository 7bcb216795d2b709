/** The import and the training that train-until-killed.ts dies in, and that the next process finishes. */
import type { ImportJob, TrainingJob } from "../../local/personalize/job-runner.ts";
import { hrnn } from "../../local/recipes/hrnn/recipe.ts";
import { defaultsOf } from "../../local/recipes/parameters.ts";
import { csv, manyRows, plainInteractions, textFile } from "./personalize-data.ts";

const datasetGroupArn = "arn:aws:personalize:us-east-1:000000000000:dataset-group/shop";
const datasetArn = "arn:aws:personalize:us-east-1:000000000000:dataset/shop/INTERACTIONS";

export const importToTrainOn = (): ImportJob => ({
  ...{ jobArn: "arn:job/one", datasetArn, datasetGroupArn, datasetType: "INTERACTIONS", schema: plainInteractions },
  ...{ mode: "FULL", dataLocation: "s3://bucket/x.csv", progress: () => {} },
  files: [textFile("x.csv", csv("USER_ID,ITEM_ID,TIMESTAMP", manyRows({ users: 200, perUser: 20 })))],
});

export const trainingToKill = (more: Partial<TrainingJob> = {}): TrainingJob => ({
  solutionVersionArn: "arn:aws:personalize:us-east-1:000000000000:solution/next/0123abcd",
  ...{ datasetGroupArn, recipe: hrnn.name, excludedColumns: {}, seed: 1, trainingMode: "FULL", progress: () => {} },
  datasets: [{ datasetArn, datasetType: "INTERACTIONS", schema: plainInteractions }],
  parameters: { ...defaultsOf(hrnn), hidden_dimension: "32" },
  ...more,
});
