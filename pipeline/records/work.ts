/**
 * What the machine hands over when the work of a run is over, in its own words, and how that becomes a record. The
 * machine's expressions stay simple because the shaping is done here.
 */
import * as z from "zod";
import { type ReasonCode, Sample } from "../gate/evidence.ts";
import { Input } from "../planning/inputs.ts";
import type { Run } from "../planning/run.ts";
import { DatasetReport } from "../preflight/dataset-check.ts";
import { Decision } from "./decision.ts";
import { type ContestRecord, type Failure, QualityReport, type RunRecord } from "./run-record.ts";
import { stagesOf, StageTimes } from "./stages.ts";

/** As Step Functions gives errors: the cause of a failed Lambda is JSON text, of a service call its message. */
export const Trouble = z.object({ Error: z.string().optional(), Cause: z.string().optional() });
export type Trouble = z.infer<typeof Trouble>;

export const ContestResult = z.object({
  solution: z.string(),
  outcome: z.enum(["PROMOTE", "KEEP", "FAILED"]),
  decision: Decision.nullish(),
  approval: z.object({ answer: z.string(), actor: z.string().nullish() }).nullish(),
  update: z.object({ requestedAt: z.string(), status: z.string(), failureReason: z.string().nullish() }).nullish(),
  smokeTest: z.object({ passed: z.boolean(), reason: z.string() }).nullish(),
  rolledBack: z.boolean().nullish(),
  /** Whether the change of the campaign that this ended with was the roll-back. */
  isRollBack: z.boolean().nullish(),
  trouble: Trouble.nullish(),
});
export type ContestResult = z.infer<typeof ContestResult>;

export const Work = z.object({
  isUnchanged: z.boolean().nullish(),
  /** Set by a run that was asked for one stage only. */
  done: z.enum(["IMPORTED", "BATCHED"]).nullish(),
  quality: z.array(QualityReport).nullish(),
  inputs: z.array(Input).nullish(),
  fingerprint: z.string().nullish(),
  imports: z.array(z.object({ type: z.string(), jobArn: z.string() })).nullish(),
  reports: z.array(DatasetReport).nullish(),
  samples: z.record(z.string(), Sample).nullish(),
  warnings: z.array(z.string()).nullish(),
  contests: z.array(ContestResult).nullish(),
  /** When the stages began. */
  times: StageTimes.nullish(),
  trouble: Trouble.nullish(),
});
export type Work = z.infer<typeof Work>;

const LambdaError = z.object({ errorType: z.string().optional(), errorMessage: z.string() });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // plain text, as service errors have it
  }
}

/** The service's own reason (R6), freed from the wrapping of whoever passed it on. */
export function failureOf({ Error: name, Cause: cause }: Trouble): Failure {
  const lambda = LambdaError.safeParse(parsed(cause ?? ""));
  const error = name ?? "Unknown";
  return { error, reason: (lambda.success ? lambda.data.errorMessage : cause) || `${error}, without a cause` };
}

/** Anything but a plain yes is a no, as the machine has it. */
function refusalOf(answer: string | undefined): ReasonCode | null {
  if (answer === undefined || answer === "approved") return null;
  return answer === "timeout" ? "APPROVAL_TIMEOUT" : "NOT_APPROVED";
}

function contestRecord(result: ContestResult): ContestRecord {
  const decision = result.decision ?? null;
  const refusal = refusalOf(result.approval?.answer);
  return {
    solution: result.solution,
    outcome: result.outcome,
    reasonCodes: [...(refusal === null ? [] : [refusal]), ...(decision?.verdict.reasonCodes ?? [])],
    decision,
    approval: result.approval ? { answer: result.approval.answer, actor: result.approval.actor ?? null } : null,
    update: result.update ? { ...result.update, failureReason: result.update.failureReason ?? null } : null,
    smokeTest: result.smokeTest ?? null,
    rolledBack: result.rolledBack ?? false,
    isRollBack: result.isRollBack ?? false,
    failure: result.trouble ? failureOf(result.trouble) : null,
  };
}

function inputLines(work: Work): RunRecord["inputs"] {
  const rows = new Map((work.reports ?? []).flatMap((report) => report.files).map((file) => [file.key, file.rows]));
  const jobs = new Map((work.imports ?? []).map((job) => [job.type, job.jobArn]));
  return (work.inputs ?? []).flatMap((input) =>
    input.files.map(({ key, etag, versionId, sizeBytes }) => ({
      dataset: input.type,
      key,
      etag,
      versionId,
      rows: rows.get(key) ?? null,
      sizeBytes,
      importJobArn: jobs.get(input.type) ?? null,
    })),
  );
}

function outcomeOf(work: Work, contests: readonly ContestRecord[], failure: Failure | null): RunRecord["outcome"] {
  if (failure !== null) return "FAILED";
  if (work.isUnchanged) return "UNCHANGED";
  if (work.done) return work.done;
  return contests.some((contest) => contest.outcome === "PROMOTE") ? "PROMOTE" : "KEEP";
}

export function recordOf(run: Run, work: Work, finishedAt: string): RunRecord {
  const contests = (work.contests ?? []).map(contestRecord);
  const ownFailure = work.trouble ? failureOf(work.trouble) : null;
  const failure = ownFailure ?? contests.find((contest) => contest.failure !== null)?.failure ?? null;
  const codes = work.isUnchanged ? ["INPUT_UNCHANGED" as const] : contests.flatMap((contest) => contest.reasonCodes);
  return {
    schemaVersion: 1,
    runId: run.id,
    executionArn: run.executionArn,
    group: run.group,
    trigger: run.trigger,
    options: run.options,
    startedAt: run.startedAt,
    finishedAt,
    outcome: outcomeOf(work, contests, failure),
    reasonCodes: [...new Set(codes)],
    inputs: inputLines(work),
    quality: work.quality ?? [],
    warnings: [
      ...(work.warnings ?? []),
      ...(work.reports ?? []).flatMap((report) => report.warnings),
      ...contests.flatMap((contest) => contest.decision?.verdict.warnings ?? []),
    ],
    contests,
    failure,
    stages: stagesOf(work.times ?? {}, run.startedAt, finishedAt),
    cost: null,
    advice: [],
  };
}

/** For a run that could not even be planned: its input or its configuration was at fault. */
export function unplannedRecord(
  run: { readonly runId: string; readonly arn: string; readonly group: string; readonly startedAt: string },
  work: Work,
  finishedAt: string,
): RunRecord {
  return {
    schemaVersion: 1,
    runId: run.runId,
    executionArn: run.arn,
    group: run.group,
    trigger: null,
    options: null,
    startedAt: run.startedAt,
    finishedAt,
    outcome: "FAILED",
    reasonCodes: [],
    inputs: [],
    quality: [],
    warnings: [],
    contests: [],
    failure: failureOf(work.trouble ?? {}),
    stages: [],
    cost: null,
    advice: [],
  };
}
