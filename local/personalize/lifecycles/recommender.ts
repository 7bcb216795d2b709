/**
 * How a recommender trains, serves, rests and changes.
 *
 * Invariants
 *   R1  ACTIVE means that its model is in memory; STOP takes the model out of memory and leaves it on disk for START.
 *   R2  An update that needs another model trains it beside the one that serves; the old one serves until the new one is loaded,
 *       and goes on after a failure.
 */
import { change, find, type ControlPlane } from "../control-plane.ts";
import type { TrainingResult } from "../job-runner.ts";
import type { RecommenderModel, Rows } from "../model.ts";
import { recommenderTraining } from "../recommenders/training.ts";
import { creation, deletion, ended } from "./plain.ts";
import { dropUnservedModels, loadModel } from "./served-models.ts";
import type { Lifecycle, WorkOutcome } from "./transitions.ts";

const modelsOf = (plane: ControlPlane, arn: string) => plane.side.recommenderModels.get(arn) ?? {};

/** Trains the model and loads it; the outcome carries the training's result. */
async function trainAndLoad(
  plane: ControlPlane,
  arn: string,
  model: RecommenderModel,
  config: Rows["recommender"]["recommenderConfig"],
): Promise<WorkOutcome> {
  const trained = await plane.jobs.train(recommenderTraining(plane, arn, model, config)).done;
  if (trained.kind !== "succeeded") return trained;
  const loaded = await loadModel(plane, model.modelArn);
  return loaded.kind === "succeeded" ? trained : loaded;
}

export function recommenderCreation(plane: ControlPlane): Lifecycle {
  return {
    ...creation(plane, "recommender"),
    work: async (arn) => {
      const { current } = modelsOf(plane, arn);
      if (!current) throw new Error(`${arn} was created without a model to train`);
      return trainAndLoad(plane, arn, current, find(plane, "recommender", arn).recommenderConfig);
    },
    settle: (arn, outcome) => change(plane, "recommender", arn, { ...ended(outcome), ...metricsOf(outcome) }),
    afterwards: (arn) => plane.retraining.schedule(arn),
  };
}

function metricsOf(outcome: WorkOutcome): Pick<Rows["recommender"], "modelMetrics"> {
  const result = outcome.kind === "succeeded" ? (outcome.result as TrainingResult | undefined) : undefined;
  return result ? { modelMetrics: result.metrics } : {};
}

export function recommenderUpdate(plane: ControlPlane): Lifecycle {
  const changeUpdate = (arn: string, changes: { status: string; failureReason?: string }) => {
    const row = find(plane, "recommender", arn);
    const update = { ...row.latestRecommenderUpdate, ...changes, lastUpdatedDateTime: plane.clock.now() };
    plane.tables.recommender.put(arn, { ...row, latestRecommenderUpdate: update });
  };
  return {
    enter: (arn) => changeUpdate(arn, { status: "CREATE IN_PROGRESS" }),
    work: async (arn) => {
      const { next } = modelsOf(plane, arn);
      if (!next) return { kind: "succeeded" };
      const config = find(plane, "recommender", arn).latestRecommenderUpdate?.recommenderConfig;
      return trainAndLoad(plane, arn, next, config);
    },
    settle: (arn, outcome) => {
      changeUpdate(arn, ended(outcome));
      const { current, next } = modelsOf(plane, arn);
      const succeeded = outcome.kind === "succeeded";
      const { retrained } = modelsOf(plane, arn);
      const after = { current: succeeded ? (next ?? current) : current, ...(retrained ? { retrained } : {}) };
      plane.side.recommenderModels.put(arn, after);
      if (!succeeded) return;
      const { recommenderConfig } = find(plane, "recommender", arn).latestRecommenderUpdate ?? {};
      change(plane, "recommender", arn, { recommenderConfig, ...metricsOf(outcome) });
      if (current && next) forgetModel(plane, current.modelArn);
    },
    afterwards: () => dropUnservedModels(plane),
  };
}

/** The weekly training: not an update that Describe shows, but other metrics once it is done. After a failure the old model goes on. */
export const recommenderRetraining = (plane: ControlPlane): Lifecycle => ({
  enter: () => {},
  work: async (arn) => {
    const { retrained } = modelsOf(plane, arn);
    const row = plane.tables.recommender.get(arn);
    if (!retrained || !row) return { kind: "cancelled" };
    return trainAndLoad(plane, arn, retrained, row.recommenderConfig);
  },
  settle: (arn, outcome) => {
    const { retrained, ...models } = modelsOf(plane, arn);
    if (!plane.tables.recommender.has(arn) || !retrained) return;
    const succeeded = outcome.kind === "succeeded";
    plane.side.recommenderModels.put(arn, { ...models, ...(succeeded ? { current: retrained } : {}) });
    change(plane, "recommender", arn, metricsOf(outcome));
    const left = succeeded ? models.current : retrained;
    if (left) forgetModel(plane, left.modelArn);
    if (outcome.kind === "failed") plane.log(`personalize: retraining of ${arn}: ${outcome.failureReason}`);
  },
  afterwards: () => dropUnservedModels(plane),
});

/** Files of a model that nothing refers to any more; when they cannot be removed they only take room. */
function forgetModel(plane: ControlPlane, modelArn: string): void {
  plane.jobs
    .forgetModel(modelArn)
    .catch((error: unknown) => plane.log(`personalize: ${modelArn} stays on disk: ${String(error)}`));
}

export const recommenderStop = (plane: ControlPlane): Lifecycle => ({
  enter: (arn) => change(plane, "recommender", arn, { status: "STOP IN_PROGRESS" }),
  settle: (arn) => change(plane, "recommender", arn, { status: "INACTIVE" }),
  afterwards: () => dropUnservedModels(plane),
});

export const recommenderStart = (plane: ControlPlane): Lifecycle => ({
  enter: (arn) => change(plane, "recommender", arn, { status: "START IN_PROGRESS" }),
  work: (arn) => loadModel(plane, modelsOf(plane, arn).current?.modelArn ?? ""),
  settle: (arn, outcome) => {
    const failureReason = outcome.kind === "failed" ? outcome.failureReason : undefined;
    change(plane, "recommender", arn, { status: failureReason === undefined ? "ACTIVE" : "INACTIVE", failureReason });
  },
});

export function recommenderDeletion(plane: ControlPlane): Lifecycle {
  const plain = deletion(plane, "recommender", async (arn) => {
    const { current, retrained } = modelsOf(plane, arn);
    if (current) await plane.jobs.forgetModel(current.modelArn);
    if (retrained) await plane.jobs.forgetModel(retrained.modelArn);
  });
  return {
    ...plain,
    settle: (arn, outcome) => {
      plane.side.recommenderModels.delete(arn);
      plane.side.retrainings.delete(arn);
      plain.settle(arn, outcome);
    },
    afterwards: () => dropUnservedModels(plane),
  };
}
