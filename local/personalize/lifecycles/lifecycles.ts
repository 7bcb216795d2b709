/**
 * What each change of status means, as a table: which status the second phase shows, what work is done, how it ends.
 * Status strings have a space after CREATE and DELETE and an underscore in IN_PROGRESS, as the service writes them.
 */
import { refusalToCount } from "../attribution/attributions.ts";
import { find, type ControlPlane } from "../control-plane.ts";
import type { LifecycleName } from "../settings.ts";
import { batchInferenceJob } from "./batch-inference.ts";
import { batchSegmentJob } from "./batch-segment.ts";
import { campaignCreation, campaignDeletion, campaignUpdate } from "./campaign.ts";
import { dataDeletionJob } from "./data-deletion.ts";
import { datasetGroupCreation } from "./dataset-group.ts";
import { datasetUpdate, importJob } from "./dataset.ts";
import { datasetExportJob } from "./dataset-export.ts";
import { creation, deletion } from "./plain.ts";
import {
  recommenderCreation,
  recommenderDeletion,
  recommenderRetraining,
  recommenderStart,
  recommenderStop,
  recommenderUpdate,
} from "./recommender.ts";
import { solutionCreation, solutionDeletion, solutionUpdate, training } from "./solution.ts";
import type { Lifecycle } from "./transitions.ts";

/** The role must be one that Personalize may assume, and may tell CloudWatch. */
function metricAttributionCreation(plane: ControlPlane): Lifecycle {
  return {
    ...creation(plane, "metricAttribution"),
    work: async (arn) => {
      const roleArn = find(plane, "metricAttribution", arn).metricsOutputConfig?.roleArn ?? "";
      const failureReason = refusalToCount(plane, arn, roleArn);
      return failureReason === undefined ? { kind: "succeeded" } : { kind: "failed", failureReason };
    },
  };
}

/** A metric attribution goes with its metrics and what they have counted. */
function metricAttributionDeletion(plane: ControlPlane): Lifecycle {
  const plain = deletion(plane, "metricAttribution");
  return {
    ...plain,
    settle: (arn, outcome) => {
      plane.side.attributedMetrics.delete(arn);
      plane.attributions.forget(arn);
      plain.settle(arn, outcome);
    },
  };
}

export const createLifecycles = (plane: ControlPlane): Readonly<Record<LifecycleName, Lifecycle>> => ({
  "datasetGroup.create": datasetGroupCreation(plane),
  "datasetGroup.delete": deletion(plane, "datasetGroup"),
  "dataset.create": creation(plane, "dataset"),
  "dataset.update": datasetUpdate(plane),
  "dataset.delete": deletion(plane, "dataset", (arn) => plane.jobs.forgetDataset(arn)),
  "datasetImportJob.create": importJob(plane),
  "eventTracker.create": creation(plane, "eventTracker"),
  "eventTracker.delete": deletion(plane, "eventTracker"),
  "solution.create": solutionCreation(plane),
  "solution.update": solutionUpdate(plane),
  "solution.delete": solutionDeletion(plane),
  "solutionVersion.create": training(plane),
  "campaign.create": campaignCreation(plane),
  "campaign.update": campaignUpdate(plane),
  "campaign.delete": campaignDeletion(plane),
  "filter.create": creation(plane, "filter"),
  "filter.delete": deletion(plane, "filter"),
  "batchInferenceJob.create": batchInferenceJob(plane),
  "batchSegmentJob.create": batchSegmentJob(plane),
  "dataDeletionJob.create": dataDeletionJob(plane),
  "recommender.create": recommenderCreation(plane),
  "recommender.update": recommenderUpdate(plane),
  "recommender.retrain": recommenderRetraining(plane),
  "recommender.stop": recommenderStop(plane),
  "recommender.start": recommenderStart(plane),
  "recommender.delete": recommenderDeletion(plane),
  "metricAttribution.create": metricAttributionCreation(plane),
  "metricAttribution.delete": metricAttributionDeletion(plane),
  "datasetExportJob.create": datasetExportJob(plane),
});
