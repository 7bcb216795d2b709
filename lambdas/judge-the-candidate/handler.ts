/**
 * The gate's adapter: fetches what the decision needs, asks the domain, and writes the decision down before the machine
 * acts on it (R1). What was trained on what comes from the service's own list of import jobs (R2).
 */
import * as z from "zod";
import { decidePromotion } from "../../pipeline/gate/decide-promotion.ts";
import { type Incumbent, Metrics, Sample, type TrainedVersion } from "../../pipeline/gate/evidence.ts";
import { championKey, decisionKey } from "../../pipeline/naming/bucket-layout.ts";
import type { Digest } from "../../pipeline/naming/names.ts";
import { type ImportJob, importsSeenAt } from "../../pipeline/planning/imports.ts";
import { Contest, Run } from "../../pipeline/planning/run.ts";
import { Decision, nextStepOf } from "../../pipeline/records/decision.ts";
import { Champion } from "../../pipeline/records/champion.ts";
import type { Bucket } from "../lib/bucket.ts";
import type { ListImportJobs } from "../lib/import-jobs.ts";

/** As the service reports them: JSON has no NaN, so one arrives as a text or null. What is no number is missing (R7). */
const ReportedMetrics = z
  .record(z.string(), z.unknown())
  .transform((reported) => Object.entries(reported).filter(([, value]) => Number.isFinite(value)))
  .transform((numbers) => Metrics.parse(Object.fromEntries(numbers)));

/** One result of "Train the candidates and the baselines". */
const VersionResult = z.object({
  key: z.string(),
  solutionVersionArn: z.string().nullable(),
  recipe: z.string(),
  status: z.string(),
  failureReason: z.string().nullable(),
  trainedAt: z.string().nullable(),
  metrics: ReportedMetrics,
});
type VersionResult = z.infer<typeof VersionResult>;

const Input = z.object({
  run: Run,
  contest: Contest,
  campaign: z.object({ solutionVersionArn: z.string(), status: z.string() }).nullable(),
  versions: z.array(VersionResult),
  samples: z.record(z.string(), Sample),
  now: z.string(),
});
type Input = z.infer<typeof Input>;

export interface JudgeTheCandidateDeps {
  readonly bucket: Pick<Bucket, "read" | "write">;
  readonly listImportJobs: ListImportJobs;
  readonly digest: Digest;
}

const absent = (key: string): VersionResult => ({
  key,
  solutionVersionArn: null,
  recipe: "unknown",
  status: "NOT TRAINED",
  failureReason: `the run has no result for ${key}`,
  trainedAt: null,
  metrics: {},
});

function trainedVersion({ versions }: Input, key: string, jobs: readonly ImportJob[][]): TrainedVersion {
  const { key: _, ...version } = versions.find((candidate) => candidate.key === key) ?? absent(key);
  const at = version.trainedAt === null ? Number.NaN : Date.parse(version.trainedAt);
  return { ...version, importJobArns: jobs.flatMap((ofDataset) => importsSeenAt(ofDataset, at)).sort() };
}

/** What is on record about the version that the campaign serves. The campaign is the truth; a pointer elsewhere warns. */
async function incumbentOf({ bucket }: JudgeTheCandidateDeps, { run, contest, campaign }: Input) {
  if (campaign === null) return { incumbent: null, warnings: [] };
  const { solutionVersionArn } = campaign;
  const decided = Decision.safeParse((await bucket.read(decisionKey(run.group, solutionVersionArn)))?.value);
  const champion = Champion.safeParse((await bucket.read(championKey(run.group, contest.solution)))?.value);
  const isOurs = champion.success && champion.data.solutionVersionArn === solutionVersionArn;
  const warnings =
    champion.success && !isOurs
      ? [
          `the campaign serves ${solutionVersionArn}, but this pipeline last promoted ${champion.data.solutionVersionArn}`,
        ]
      : [];
  const incumbent: Incumbent = { solutionVersionArn, known: null };
  if (!decided.success) return { incumbent, warnings };
  const { candidate, baseline, runId } = decided.data;
  const metrics = baseline.solutionVersionArn === solutionVersionArn ? baseline.metrics : candidate.metrics;
  const promotedAt = isOurs ? champion.data.since : null;
  return {
    incumbent: { ...incumbent, known: { runId, metrics, baselineMetrics: baseline.metrics, promotedAt } },
    warnings,
  };
}

/** Under the candidate's ARN, and under the baseline's too when that is what goes live. */
async function writeDown({ bucket }: JudgeTheCandidateDeps, run: Run, decision: Decision): Promise<void> {
  const arns = new Set([decision.candidate.solutionVersionArn, decision.verdict.promotes?.solutionVersionArn ?? null]);
  for (const arn of arns) if (arn !== null) await bucket.write(decisionKey(run.group, arn), decision);
}

export const makeHandler =
  (deps: JudgeTheCandidateDeps) =>
  async (event: unknown): Promise<Decision> => {
    const input = Input.parse(event);
    const { run, contest, campaign, samples, now } = input;
    const jobs = await Promise.all(run.datasets.map((dataset) => deps.listImportJobs(dataset.datasetArn)));
    const { incumbent, warnings } = await incumbentOf(deps, input);
    const candidate = trainedVersion(input, contest.candidateKey, jobs);
    const baseline = trainedVersion(input, contest.baselineKey, jobs);
    const sample = samples[contest.solution] ?? { interactions: 0, users: 0, usersWithTwo: 0 };
    const { policy } = contest;
    const { force, dryRun } = run.options;
    const verdict = decidePromotion({ candidate, baseline, incumbent, sample, policy, force, decidedAt: now });
    const isForced = verdict.reasonCodes.includes("FORCED");
    const options = {
      dryRun,
      needsApproval: policy.approval.mode === "manual" && !isForced,
      campaignExists: campaign !== null,
    };
    const decision: Decision = {
      schemaVersion: 1,
      runId: run.id,
      group: run.group,
      solution: contest.solution,
      decidedAt: now,
      candidate,
      baseline,
      incumbent,
      sample,
      policy: { hash: deps.digest(JSON.stringify(policy)).slice(0, 16), values: policy },
      direction: "higher is better",
      verdict: { ...verdict, warnings: [...warnings, ...verdict.warnings] },
      override: force,
      dryRun,
      nextStep: nextStepOf(verdict, candidate.status, options),
      afterApproval: campaign === null ? "create" : "update",
      campaignArn: contest.campaign.arn,
      previousSolutionVersionArn: campaign?.solutionVersionArn ?? null,
    };
    await writeDown(deps, run, decision);
    return decision;
  };
