/**
 * The gate's adapter: fetches what the decision needs, asks the domain, and writes the decision down before the machine
 * acts on it (R1). What was trained on what comes from the service's own list of import jobs (R2).
 */
import * as z from "zod";
import { decidePromotion } from "../../pipeline/gate/decide-promotion.ts";
import { NothingToRecall, recallVersion } from "../../pipeline/gate/recall-version.ts";
import { type Incumbent, Metrics, Sample, type TrainedVersion } from "../../pipeline/gate/evidence.ts";
import { championKey, decisionKey, recordKey } from "../../pipeline/naming/bucket-layout.ts";
import type { Digest } from "../../pipeline/naming/names.ts";
import { holdingJobs, type ImportJob, importsSeenAt } from "../../pipeline/planning/imports.ts";
import { Contest, Run } from "../../pipeline/planning/run.ts";
import { Decision, nextStepOf } from "../../pipeline/records/decision.ts";
import { Champion } from "../../pipeline/records/champion.ts";
import { RunRecord } from "../../pipeline/records/run-record.ts";
import type { Recall } from "../../pipeline/planning/run-options.ts";
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
  /** What lay in the folders; nothing when a known version is recalled. */
  inputs: z.array(z.object({ type: z.string() })),
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

/** A campaign that this pipeline filled, and that is gone. */
export class CampaignGone extends Error {
  override readonly name = "CampaignGone";
}

/** No campaign is a first run, unless there was one before. */
async function missing(bucket: JudgeTheCandidateDeps["bucket"], run: Run, contest: Contest): Promise<string[]> {
  const champion = Champion.safeParse((await bucket.read(championKey(run.group, contest.solution)))?.value);
  if (!champion.success) return [];
  const { name, createIfMissing } = contest.campaign;
  const was = `campaign ${name} is gone; it was given ${champion.data.solutionVersionArn} in run ${champion.data.runId}`;
  if (createIfMissing) return [`${was}; it counts as a first run`];
  throw new CampaignGone(`${was}. Make it again, or set campaign.createIfMissing`);
}

/** What is on record about the version that the campaign serves. The campaign is the truth; a pointer elsewhere warns. */
async function incumbentOf({ bucket }: JudgeTheCandidateDeps, { run, contest, campaign }: Input) {
  if (campaign === null) return { incumbent: null, warnings: await missing(bucket, run, contest) };
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

/** Everything the decision says beside who was compared and what came of it. */
function frame(deps: JudgeTheCandidateDeps, { run, contest, campaign, now }: Input) {
  const { policy } = contest;
  return {
    schemaVersion: 1,
    runId: run.id,
    group: run.group,
    solution: contest.solution,
    decidedAt: now,
    policy: { hash: deps.digest(JSON.stringify(policy)).slice(0, 16), values: policy },
    direction: "higher is better",
    override: run.options.force,
    dryRun: run.options.dryRun,
    afterApproval: campaign === null ? "create" : "update",
    campaignArn: contest.campaign.arn,
    previousSolutionVersionArn: campaign?.solutionVersionArn ?? null,
  } as const;
}

/** Every file that this run was to bring must be in its dataset: an import that was skipped is no import. */
function assertImported({ run, inputs }: Input, jobs: readonly ImportJob[][]): void {
  const empty = run.datasets.filter(
    ({ type }, at) => inputs.some((input) => input.type === type) && holdingJobs(jobs[at] ?? []).length === 0,
  );
  if (empty.length > 0) throw new ImportMissing(empty.map(({ type }) => type));
}

/** There were files for a dataset, and the service knows no finished import of it. */
export class ImportMissing extends Error {
  override readonly name = "ImportMissing";
  constructor(types: readonly string[]) {
    super(`There were files of ${types.join(" and ")}, and Personalize has no finished import job for them`);
  }
}

async function judge(deps: JudgeTheCandidateDeps, input: Input): Promise<Decision> {
  const { run, contest, campaign, samples, now } = input;
  const jobs = await Promise.all(run.datasets.map((dataset) => deps.listImportJobs(dataset.datasetArn)));
  assertImported(input, jobs);
  const { incumbent, warnings } = await incumbentOf(deps, input);
  const candidate = trainedVersion(input, contest.candidateKey, jobs);
  const baseline = trainedVersion(input, contest.baselineKey, jobs);
  const sample = samples[contest.solution] ?? nobody;
  const { policy } = contest;
  const { force, dryRun } = run.options;
  const verdict = decidePromotion({ candidate, baseline, incumbent, sample, policy, force, decidedAt: now });
  const needsApproval = policy.approval.mode === "manual" && !verdict.reasonCodes.includes("FORCED");
  const nextStep = nextStepOf(verdict, candidate.status, { dryRun, needsApproval, campaignExists: campaign !== null });
  const said = { ...verdict, warnings: [...warnings, ...verdict.warnings] };
  return { ...frame(deps, input), candidate, baseline, incumbent, sample, verdict: said, nextStep };
}

const nobody: Sample = { interactions: 0, users: 0, usersWithTwo: 0 };

/** Which version is meant: the former one, or the candidate of the run that was named. */
async function recalledArn(
  { bucket }: JudgeTheCandidateDeps,
  { run, contest }: Input,
  recall: Recall,
): Promise<string> {
  if (recall.runId === null) {
    const champion = Champion.safeParse((await bucket.read(championKey(run.group, contest.solution)))?.value);
    const former = champion.data?.previousSolutionVersionArn ?? null;
    if (former !== null) return former;
    throw new NothingToRecall(`solution ${contest.solution} has no former version: it was promoted once, or never`);
  }
  const record = RunRecord.safeParse((await bucket.read(recordKey(run.group, recall.runId)))?.value);
  const judged = record.data?.contests.find(({ solution }) => solution === contest.solution)?.decision;
  const arn = judged?.candidate.solutionVersionArn ?? null;
  if (arn !== null) return arn;
  throw new NothingToRecall(
    record.success
      ? `run ${recall.runId} trained no candidate for solution ${contest.solution}`
      : `there is no record of a run ${recall.runId} in group ${run.group}; \`outrank runs\` lists them`,
  );
}

/** Nothing was trained: the evidence is what was known when the version was judged. */
async function recallDecision(deps: JudgeTheCandidateDeps, input: Input, recall: Recall): Promise<Decision> {
  const { run, campaign } = input;
  const arn = await recalledArn(deps, input, recall);
  const earlier = Decision.safeParse((await deps.bucket.read(decisionKey(run.group, arn)))?.value).data ?? null;
  const override = run.options.force ?? { actor: "unknown", reason: "not given" };
  const live = campaign?.solutionVersionArn ?? null;
  const verdict = recallVersion({ recall, override, solutionVersionArn: arn, live, earlier });
  const { incumbent } = await incumbentOf(deps, input);
  const { dryRun } = run.options;
  return {
    ...frame(deps, input),
    candidate: earlier?.candidate ?? { ...absent(arn), solutionVersionArn: arn, status: "ACTIVE", importJobArns: [] },
    baseline: earlier?.baseline ?? { ...absent("baseline"), importJobArns: [] },
    ...{ incumbent, sample: earlier?.sample ?? nobody, verdict },
    nextStep: nextStepOf(verdict, "ACTIVE", { dryRun, needsApproval: false, campaignExists: campaign !== null }),
  };
}

export const makeHandler =
  (deps: JudgeTheCandidateDeps) =>
  async (event: unknown): Promise<Decision> => {
    const input = Input.parse(event);
    const { recall } = input.run.options;
    const decision = await (recall === null ? judge(deps, input) : recallDecision(deps, input, recall));
    // A version that was never judged here has no evidence to keep: the run's record tells of the recall.
    const isEvidence = recall === null || decision.sample !== nobody;
    if (isEvidence) await writeDown(deps, input.run, decision);
    return decision;
  };
