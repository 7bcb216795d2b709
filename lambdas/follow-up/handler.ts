/**
 * Reconciles what surrounds the campaigns: filters, recommenders, metric attribution, batch jobs. Each call looks at all of
 * it, makes or changes what can be now, and says what it still waits for; safe to call any number of times.
 */
import * as z from "zod";
import { type FilterPlan, jobsDue, planFilter, planRecommender } from "../../pipeline/planning/tend.ts";
import type { RunBatchJob } from "../../pipeline/planning/run-follow-up.ts";
import { Run } from "../../pipeline/planning/run.ts";
import type { Surroundings } from "./personalize-surroundings.ts";

const Input = z.object({
  run: Run,
  /** Solutions that this run gave a new version. */
  promoted: z.array(z.string()),
  /** What the run trained, by its key. */
  versions: z.array(z.object({ key: z.string(), solutionVersionArn: z.string().nullable(), status: z.string() })),
});
type Input = z.infer<typeof Input>;

export interface FollowUpDeps {
  readonly surroundings: Surroundings;
}

export interface Followed {
  readonly isDone: boolean;
  /** What is waited for, in words. */
  readonly summary: string;
  readonly warnings: readonly string[];
}

/** Something that was configured could not be made; the campaigns are as the run left them. */
export class FollowUpFailed extends Error {
  override readonly name = "FollowUpFailed";
}

interface Progress {
  readonly waiting: string[];
  readonly warnings: string[];
}

async function tendFilters({ surroundings }: FollowUpDeps, run: Run, { waiting, warnings }: Progress) {
  for (const wanted of run.followUp.filters) {
    const plan: FilterPlan = planFilter(wanted, await surroundings.filter(wanted.arn));
    if (plan.step === "fail") throw new FollowUpFailed(plan.reason);
    if (plan.step === "create") await surroundings.createFilter(wanted, run);
    if (plan.step === "replace") {
      await surroundings.deleteFilter(wanted.arn);
      warnings.push(`filter ${wanted.name} was replaced: its expression had changed`);
    }
    if (plan.step !== "done") waiting.push(`filter ${wanted.name} ${plan.reason}`);
  }
}

async function tendRecommenders({ surroundings }: FollowUpDeps, run: Run, { waiting }: Progress) {
  for (const wanted of run.followUp.recommenders) {
    const plan = planRecommender(wanted, await surroundings.recommender(wanted.arn));
    if (plan.step === "fail") throw new FollowUpFailed(plan.reason);
    if (plan.step === "create") await surroundings.createRecommender(wanted, run);
    if (plan.step === "update") await surroundings.updateRecommender(wanted);
    if (plan.step === "start") await surroundings.startRecommender(wanted.arn);
    if (plan.step === "stop") await surroundings.stopRecommender(wanted.arn);
    if (plan.step !== "done") waiting.push(`recommender ${wanted.name} ${plan.reason}`);
  }
}

async function tendAttribution({ surroundings }: FollowUpDeps, run: Run, { waiting }: Progress) {
  const wanted = run.followUp.metricAttribution;
  if (wanted === null) return;
  const seen = await surroundings.metricAttribution(wanted.arn);
  if (seen?.status.includes("FAILED")) {
    throw new FollowUpFailed(`metric attribution ${wanted.name} is ${seen.status}: ${seen.failureReason}`);
  }
  if (seen === null) await surroundings.createMetricAttribution(wanted, run);
  if (seen?.status === "ACTIVE") return surroundings.matchAttributedMetrics(wanted);
  waiting.push(`metric attribution ${wanted.name} is ${seen?.status ?? "just created"}`);
}

/** Which version a job uses; null when there is none, which a first run that kept nothing may leave. */
async function versionFor({ surroundings }: FollowUpDeps, { run, versions }: Input, job: RunBatchJob) {
  if (job.kind === "segment") {
    const key = run.trainings.find((training) => training.key === job.source)?.solutionName;
    const trained = versions.find((version) => version.key === key && version.status === "ACTIVE");
    return trained?.solutionVersionArn ?? null;
  }
  const contest = run.contests.find(({ solution }) => solution === job.source);
  return contest === undefined ? null : surroundings.liveVersion(contest.campaign.arn);
}

async function tendJobs(deps: FollowUpDeps, input: Input, { waiting, warnings }: Progress) {
  const { surroundings } = deps;
  const { run, promoted } = input;
  for (const job of jobsDue(run, promoted)) {
    const seen = await surroundings.batchJob(job);
    if (seen?.status === "ACTIVE") continue;
    if (seen !== null && /FAILED|STOPPED/.test(seen.status)) {
      throw new FollowUpFailed(`batch job ${job.name} is ${seen.status}: ${seen.failureReason ?? "no reason given"}`);
    }
    if (seen === null) {
      const version = await versionFor(deps, input, job);
      if (version === null) {
        warnings.push(`batch job ${job.name} did not run: there is no version of ${job.source}`);
        continue;
      }
      await surroundings.createBatchJob(job, version, run);
    }
    waiting.push(`batch job ${job.name} is ${seen?.status ?? "just created"}`);
  }
}

export const makeHandler =
  (deps: FollowUpDeps) =>
  async (event: unknown): Promise<Followed> => {
    const input = Input.parse(event);
    const progress: Progress = { waiting: [], warnings: [] };
    await tendFilters(deps, input.run, progress);
    await tendRecommenders(deps, input.run, progress);
    await tendAttribution(deps, input.run, progress);
    if (progress.waiting.length === 0) await tendJobs(deps, input, progress); // a job may use a filter
    const { waiting, warnings } = progress;
    return { isDone: waiting.length === 0, summary: waiting.join("; "), warnings };
  };
