/** Which models are in memory: those that campaigns and recommenders serve, and no others. */
import type { ControlPlane } from "../control-plane.ts";
import type { WorkOutcome } from "./transitions.ts";

/** Loads a model, so that nothing is ACTIVE before it can answer. */
export async function loadModel(plane: ControlPlane, modelArn: string): Promise<WorkOutcome> {
  try {
    await plane.models.load(modelArn);
    return { kind: "succeeded" };
  } catch (error) {
    plane.log(`personalize: loading ${modelArn}: ${String((error as Error).stack ?? error)}`);
    return { kind: "failed", failureReason: `The model of ${modelArn} cannot be loaded: ${(error as Error).message}` };
  }
}

export const dropUnservedModels = (plane: ControlPlane) =>
  plane.models.keepOnly(new Set([...ofCampaigns(plane), ...ofRecommenders(plane)]));

const ofCampaigns = ({ tables, transitions }: ControlPlane): string[] =>
  [...tables.campaign.values()].flatMap((row) =>
    transitions.isUnderWay("campaign.update", row.campaignArn) && row.latestCampaignUpdate?.solutionVersionArn
      ? [row.solutionVersionArn, row.latestCampaignUpdate.solutionVersionArn]
      : [row.solutionVersionArn],
  );

const ofRecommenders = ({ tables, side }: ControlPlane): string[] =>
  [...tables.recommender.values()]
    .filter(({ status }) => status !== "INACTIVE")
    .flatMap(({ recommenderArn }) => {
      const models = side.recommenderModels.get(recommenderArn);
      return [models?.current, models?.next, models?.retrained].flatMap((model) => model?.modelArn ?? []);
    });
