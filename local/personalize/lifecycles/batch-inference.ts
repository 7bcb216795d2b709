/** The work of a batch inference job: each line of its input answered by the solution version, without a campaign. */
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { answerLine, faultLine, parseLine, type BatchQuery } from "../batch/lines.ts";
import { find, type ControlPlane } from "../control-plane.ts";
import type { Rows } from "../model.ts";
import { bestItems } from "../serving/best-items.ts";
import type { Serving } from "../serving/open.ts";
import { rankItems } from "../serving/rank-items.ts";
import { batchWork, forgettingProgress } from "./batch-work.ts";
import { creation } from "./plain.ts";
import { dropUnservedModels } from "./served-models.ts";
import type { Lifecycle } from "./transitions.ts";

const defaultCount = 25;

export const batchInferenceJob = (plane: ControlPlane): Lifecycle => ({
  ...forgettingProgress(plane, creation(plane, "batchInferenceJob")),
  work: (jobArn) => {
    const job = find(plane, "batchInferenceJob", jobArn);
    return batchWork(plane, {
      ...{ jobArn, job, session: "PersonalizeBatchInference" },
      recordsPerFile: plane.settings.quotas.batchRecordsPerFile,
      answering: (version) => (lines) => lines.map((line) => answerTo(plane, version, job, line)),
    });
  },
  afterwards: () => dropUnservedModels(plane),
});

function answerTo(plane: ControlPlane, version: Serving, job: Rows["batchInferenceJob"], text: string): string {
  const line = parseLine(text, version.recipe.type);
  if (line.kind === "fault") return faultLine(line.input, line.fault);
  try {
    return answerLine(line.input, itemsFor(plane, version, job, line.query));
  } catch (error) {
    if (error instanceof AwsError) return faultLine(line.input, error.message);
    throw error;
  }
}

function itemsFor(plane: ControlPlane, version: Serving, job: Rows["batchInferenceJob"], query: BatchQuery) {
  const { filterValues, userId = "", itemList } = query;
  const filter = { filterArn: job.filterArn, ...(job.filterArn === undefined ? {} : { filterValues }) };
  if (itemList) return rankItems(plane, version, { ...filter, userId, inputList: itemList });
  return bestItems(plane, version, query, filter, job.numResults ?? defaultCount);
}
