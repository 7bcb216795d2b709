/** The work of a batch inference job: each line of its input answered by the solution version, without a campaign. */
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { answerLine, faultLine, parseLine, type BatchQuery } from "../batch/lines.ts";
import { transformFiles } from "../batch/transform-files.ts";
import { find, type ControlPlane } from "../control-plane.ts";
import type { Rows } from "../model.ts";
import { bestItems } from "../serving/best-items.ts";
import { type Serving, withVersion } from "../serving/open.ts";
import { rankItems } from "../serving/rank-items.ts";
import { creation } from "./plain.ts";
import { JobRefused, openRoleBucket } from "./role-bucket.ts";
import { dropUnservedModels } from "./served-models.ts";
import type { Lifecycle, WorkOutcome } from "./transitions.ts";

const defaultCount = 25;

export const batchInferenceJob = (plane: ControlPlane): Lifecycle => ({
  ...creation(plane, "batchInferenceJob"),
  work: (arn) => batchInference(plane, find(plane, "batchInferenceJob", arn)),
  afterwards: () => dropUnservedModels(plane),
});

async function batchInference(plane: ControlPlane, job: Rows["batchInferenceJob"]): Promise<WorkOutcome> {
  const { roleArn, batchInferenceJobArn: jobArn } = job;
  const { signal } = plane.closing;
  try {
    await withVersion(plane, job.solutionVersionArn, (version) =>
      transformFiles({
        inputPath: job.jobInput.s3DataSource?.path ?? "",
        outputPath: job.jobOutput.s3DataDestination?.path ?? "",
        bucket: openRoleBucket(plane, { roleArn, jobArn, session: "PersonalizeBatchInference" }),
        signal,
        answer: (line) => answerTo(plane, version, job, line),
      }),
    );
    return { kind: "succeeded" };
  } catch (error) {
    if (signal.aborted) return { kind: "cancelled" };
    if (error instanceof JobRefused) return { kind: "failed", failureReason: error.message };
    throw error;
  }
}

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
