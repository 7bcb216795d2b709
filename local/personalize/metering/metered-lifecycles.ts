/**
 * Notes what costs money when it has settled, in the same stretch of code that settles it (invariant T2 of
 * ../lifecycles/transitions.ts): what is done is metered, once, also across a crash. Failed work is not billed; a training
 * that was stopped is, for the time that it ran.
 */
import { recipeNamed } from "../catalog/recipe-catalog.ts";
import { find, type ControlPlane } from "../control-plane.ts";
import type { TrainingResult } from "../job-runner.ts";
import type { BatchResult } from "../lifecycles/batch-work.ts";
import type { Lifecycle, WorkOutcome } from "../lifecycles/transitions.ts";
import type { Rows } from "../model.ts";
import type { LifecycleName } from "../settings.ts";

type Note = (plane: ControlPlane, arn: string, outcome: WorkOutcome) => void;

const hourMs = 3_600_000;
const lastWord = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);
const recipeIn = (arn = "") => recipeNamed(arn)?.name ?? lastWord(arn);
const resultOf = <Result>(outcome: WorkOutcome): Result | undefined =>
  outcome.kind === "succeeded" ? (outcome.result as Result) : undefined;

const notes: Partial<Record<LifecycleName, Note>> = {
  "solutionVersion.create": (plane, arn, outcome) => {
    const version = find(plane, "solutionVersion", arn);
    const result = resultOf<TrainingResult>(outcome);
    if (!result && version.status !== "CREATE STOPPED") return;
    const now = plane.clock.now();
    plane.meter.note(arn, {
      ...{ kind: "training", at: now, datasetGroupArn: version.datasetGroupArn },
      ...{ name: version.solutionArn.split("/")[1] ?? arn, recipe: recipeIn(version.recipeArn) },
      hours: result?.trainingHours ?? (now - version.creationDateTime) / hourMs,
      interactions: result?.interactions ?? 0,
      trainings: trainingsIn(version),
    });
  },
  "datasetImportJob.create": (plane, arn, outcome) => {
    const { datasetArn, jobName } = find(plane, "datasetImportJob", arn);
    const dataset = plane.tables.dataset.get(datasetArn);
    const bytes = resultOf<{ readonly bytes?: number }>(outcome)?.bytes;
    if (!dataset || bytes === undefined) return;
    const { datasetGroupArn } = dataset;
    plane.meter.note(arn, { kind: "import", at: plane.clock.now(), datasetGroupArn, name: jobName, bytes });
  },
  "batchInferenceJob.create": (plane, arn, outcome) =>
    noteBatch(plane, arn, { ...find(plane, "batchInferenceJob", arn), job: "inference", outcome }),
  "batchSegmentJob.create": (plane, arn, outcome) =>
    noteBatch(plane, arn, { ...find(plane, "batchSegmentJob", arn), job: "segment", outcome }),
  "campaign.create": keepCampaign,
  "campaign.update": keepCampaign,
  "campaign.delete": (plane, arn) => plane.meter.close(arn),
  "recommender.create": keepRecommender,
  "recommender.update": keepRecommender,
  "recommender.start": keepRecommender,
  "recommender.stop": (plane, arn) => plane.meter.close(arn),
  "recommender.delete": (plane, arn) => plane.meter.close(arn),
};

/** A search trains each of its trials and then the winner. */
function trainingsIn({ performHPO, solutionConfig }: Rows["solutionVersion"]): number {
  if (performHPO !== true) return 1;
  const { maxNumberOfTrainingJobs } = solutionConfig?.hpoConfig?.hpoResourceConfig ?? {};
  return 1 + Number(maxNumberOfTrainingJobs ?? "40");
}

interface SettledBatch {
  readonly solutionVersionArn: string;
  readonly jobName: string;
  readonly job: "inference" | "segment";
  readonly outcome: WorkOutcome;
}

function noteBatch(
  plane: ControlPlane,
  arn: string,
  { solutionVersionArn, jobName, job, outcome }: SettledBatch,
): void {
  const result = resultOf<BatchResult>(outcome);
  const version = plane.tables.solutionVersion.get(solutionVersionArn);
  if (!result || !version) return;
  const of = { at: plane.clock.now(), datasetGroupArn: version.datasetGroupArn, name: jobName };
  plane.meter.note(arn, { kind: "batch", job, ...of, ...result });
}

function keepCampaign(plane: ControlPlane, arn: string, { kind }: WorkOutcome): void {
  if (kind !== "succeeded") return;
  const { name, solutionVersionArn, minProvisionedTPS } = find(plane, "campaign", arn);
  const { datasetGroupArn, recipeArn } = find(plane, "solutionVersion", solutionVersionArn);
  const recipe = recipeIn(recipeArn);
  plane.meter.keepReady({ kind: "campaign", arn, name, datasetGroupArn, recipe, tps: minProvisionedTPS, users: 0 });
}

function keepRecommender(plane: ControlPlane, arn: string, outcome: WorkOutcome): void {
  if (outcome.kind !== "succeeded") return;
  const { name, datasetGroupArn, recipeArn, recommenderConfig } = find(plane, "recommender", arn);
  const users = resultOf<TrainingResult | undefined>(outcome)?.users ?? lastUsers(plane, arn);
  const tps = recommenderConfig?.minRecommendationRequestsPerSecond ?? 1;
  plane.meter.keepReady({ kind: "recommender", arn, name, datasetGroupArn, recipe: recipeIn(recipeArn), tps, users });
}

/** Of the stretch before: a start trains nothing. */
function lastUsers({ meter }: ControlPlane, arn: string): number {
  const before = meter.entries().filter((entry) => entry.kind === "recommender" && entry.arn === arn).at(-1); // prettier-ignore
  return before?.kind === "recommender" ? before.users : 0;
}

export function metered<Name extends LifecycleName>(
  plane: ControlPlane,
  lifecycles: Readonly<Record<Name, Lifecycle>>,
): Record<Name, Lifecycle> {
  const each = (Object.entries(lifecycles) as [Name, Lifecycle][]).map(([name, lifecycle]) => {
    const settle: Lifecycle["settle"] = (arn, outcome) => {
      lifecycle.settle(arn, outcome);
      notes[name]?.(plane, arn, outcome);
    };
    return [name, { ...lifecycle, settle }];
  });
  return Object.fromEntries(each) as Record<Name, Lifecycle>;
}
