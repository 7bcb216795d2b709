/** One JSON object per run, in the bucket under the run's id: what was read, what was decided and why, what changed. */
import * as z from "zod";
import { datasetTypes } from "../config/avro-schema.ts";
import { RunCost } from "../cost/bill.ts";
import { ReasonCode } from "../gate/evidence.ts";
import { RunOptions } from "../planning/run-options.ts";
import { Trigger } from "../planning/trigger.ts";
import { Decision } from "./decision.ts";
import { Stage } from "./stages.ts";

export const Failure = z.object({ error: z.string(), reason: z.string() });
export type Failure = z.infer<typeof Failure>;

/** A ruleset of Glue Data Quality, evaluated. */
export const QualityReport = z.object({
  type: z.string(),
  ruleset: z.string(),
  score: z.number().nullish(),
  rules: z.number(),
  broken: z.array(
    z.object({
      rule: z.string(),
      result: z.string(),
      observed: z.record(z.string(), z.number()),
      message: z.string(),
    }),
  ),
});
export type QualityReport = z.infer<typeof QualityReport>;

/** What became of one contest. A decision is missing only where the contest failed before it was judged. */
export const ContestRecord = z.object({
  solution: z.string(),
  outcome: z.enum(["PROMOTE", "KEEP", "FAILED"]),
  reasonCodes: z.array(ReasonCode),
  decision: Decision.nullable(),
  approval: z.object({ answer: z.string(), actor: z.string().nullable() }).nullable(),
  update: z.object({ requestedAt: z.string(), status: z.string(), failureReason: z.string().nullable() }).nullable(),
  smokeTest: z.object({ passed: z.boolean(), reason: z.string() }).nullable(),
  rolledBack: z.boolean(),
  isRollBack: z.boolean().default(false).describe("the last change of the campaign, done or not, was the roll-back"),
  failure: Failure.nullable(),
});
export type ContestRecord = z.infer<typeof ContestRecord>;

export const RunRecord = z.object({
  schemaVersion: z.literal(1),
  runId: z.string(),
  executionArn: z.string(),
  group: z.string(),
  trigger: Trigger.nullable(),
  options: RunOptions.nullable(),
  startedAt: z.string(),
  finishedAt: z.string(),
  outcome: z
    .enum(["PROMOTE", "KEEP", "UNCHANGED", "IMPORTED", "BATCHED", "FAILED"])
    .describe("IMPORTED, BATCHED: the run was asked for that stage alone"),
  reasonCodes: z.array(ReasonCode),
  inputs: z.array(
    z.object({
      dataset: z.enum(datasetTypes),
      key: z.string(),
      etag: z.string(),
      versionId: z.string().nullable(),
      rows: z.number().nullable(),
      sizeBytes: z.number().nullable().default(null).describe("null in records of older versions"),
      importJobArn: z.string().nullable().describe("null: held already, or the run ended before the import"),
    }),
  ),
  /** What Glue Data Quality said of each dataset; absent in records of older versions. */
  quality: z.array(QualityReport).default([]),
  warnings: z.array(z.string()),
  contests: z.array(ContestRecord),
  failure: Failure.nullable(),
  /** Empty in records of older versions, and where a run was stopped by an error in between. */
  stages: z.array(Stage).default([]),
  cost: RunCost.nullable().default(null).describe("null: not worked out, as in records of older versions"),
  advice: z.array(z.string()).default([]).describe("what could be done with less money"),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** Where things lie in the bucket. */
interface Written {
  readonly recordKey: string;
  readonly reportKey: string;
}

/** The summary an execution ends with. */
export const RunOutput = z.object({
  outcome: RunRecord.shape.outcome,
  runId: z.string(),
  group: z.string(),
  reasonCodes: z.array(ReasonCode),
  recordKey: z.string(),
  reportKey: z.string().describe("the record as a page for people"),
  contests: z.array(
    z.object({
      solution: z.string(),
      outcome: ContestRecord.shape.outcome,
      reasonCodes: z.array(ReasonCode),
      campaignArn: z.string().nullable(),
      candidate: z.string().nullable().describe("solution version ARN"),
      lift: z.number().nullable(),
    }),
  ),
});
export type RunOutput = z.infer<typeof RunOutput>;

export function outputOf(record: RunRecord, { recordKey, reportKey }: Written): RunOutput {
  return {
    outcome: record.outcome,
    runId: record.runId,
    group: record.group,
    reasonCodes: record.reasonCodes,
    recordKey,
    reportKey,
    contests: record.contests.map(({ solution, outcome, reasonCodes, decision }) => ({
      solution,
      outcome,
      reasonCodes,
      campaignArn: decision?.campaignArn ?? null,
      candidate: decision?.candidate.solutionVersionArn ?? null,
      lift: decision?.verdict.lift ?? null,
    })),
  };
}
