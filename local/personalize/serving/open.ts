/**
 * What answers a request: a campaign's live version, a recommender's model, or for a batch job a version by itself. The model
 * is lent to `answer`: it stays open until the answer is there, even if the campaign is deleted meanwhile.
 */
import { recipeNamed, type CatalogRecipe } from "../catalog/recipe-catalog.ts";
import type { ControlPlane } from "../control-plane.ts";
import { ResourceNotFoundException } from "../errors.ts";
import type { ServingModel } from "../job-runner.ts";
import { useCaseNamed, type UseCase } from "../recommenders/use-cases.ts";
import { explorationOf, type ExplorationConfig } from "./exploration.ts";

export interface Serving {
  /** What was asked: a campaign, a recommender, or a solution version. */
  readonly arn: string;
  readonly datasetGroupArn: string;
  /** The version whose model answers; a recommender's model is none. */
  readonly solutionVersionArn?: string;
  readonly recipe: CatalogRecipe;
  readonly serving: ServingModel;
  /** Whether metadata of items may be asked for. */
  readonly givesMetadata: boolean;
  /** What is particular to a recommender; it gives no scores. */
  readonly useCase?: UseCase;
  /** How much is explored, where the recipe lets one say. */
  readonly exploration?: ExplorationConfig | undefined;
}

type Answer<T> = (serving: Serving) => T | Promise<T>;

/** The campaign with the model of its live version. A campaign that does not serve yet, or any more, is not found. */
export function withCampaign<T>(plane: ControlPlane, campaignArn: string, answer: Answer<T>): T | Promise<T> {
  const campaign = plane.tables.campaign.get(campaignArn);
  if (campaign?.status !== "ACTIVE") throw new ResourceNotFoundException(campaignArn, 404);
  plane.usage.count(campaignArn, campaign.minProvisionedTPS);
  plane.throttle.assertWithin("recommendations", campaignArn);
  const { solutionVersionArn, campaignConfig } = campaign;
  const { datasetGroupArn, recipe } = versionOf(plane, solutionVersionArn);
  const isAsked = campaignConfig?.enableMetadataWithRecommendations === true;
  const givesMetadata = isAsked || isSecondVersion(recipe);
  const exploration = explorationOf(recipe, campaignConfig?.itemExplorationConfig);
  return plane.models.lend(solutionVersionArn, (serving) =>
    answer({ arn: campaignArn, solutionVersionArn, datasetGroupArn, recipe, serving, givesMetadata, exploration }),
  );
}

/** The recommender with its model. One that is stopped, or not ready, is not found. */
export function withRecommender<T>(plane: ControlPlane, recommenderArn: string, answer: Answer<T>): T | Promise<T> {
  const recommender = plane.tables.recommender.get(recommenderArn);
  if (recommender?.status !== "ACTIVE") throw new ResourceNotFoundException(recommenderArn, 404);
  const recipe = recipeNamed(recommender.recipeArn);
  const model = plane.side.recommenderModels.get(recommenderArn)?.current;
  if (!recipe || !model) throw new Error(`${recommenderArn} is ACTIVE without a model`);
  const { datasetGroupArn, recommenderConfig } = recommender;
  plane.throttle.assertWithin("recommendations", recommenderArn);
  plane.usage.count(recommenderArn, recommenderConfig?.minRecommendationRequestsPerSecond ?? 1);
  const givesMetadata = recommenderConfig?.enableMetadataWithRecommendations === true;
  const exploration = explorationOf(recipe, recommenderConfig?.itemExplorationConfig);
  const useCase = useCaseNamed(recipe.name);
  return plane.models.lend(model.modelArn, (serving) =>
    answer({ arn: recommenderArn, datasetGroupArn, recipe, serving, givesMetadata, useCase, exploration }),
  );
}

/** A trained version by itself; a batch job adds its exploration (`explorationOf`). */
export function withVersion<T>(plane: ControlPlane, solutionVersionArn: string, answer: Answer<T>): T | Promise<T> {
  const { datasetGroupArn, recipe } = versionOf(plane, solutionVersionArn);
  const givesMetadata = isSecondVersion(recipe);
  return plane.models.lend(solutionVersionArn, (serving) =>
    answer({ arn: solutionVersionArn, solutionVersionArn, datasetGroupArn, recipe, serving, givesMetadata }),
  );
}

function versionOf(plane: ControlPlane, solutionVersionArn: string) {
  const version = plane.tables.solutionVersion.get(solutionVersionArn);
  const recipe = version && recipeNamed(version.recipeArn);
  if (!version || !recipe) throw new Error(`${solutionVersionArn} is to serve and is not there`);
  return { datasetGroupArn: version.datasetGroupArn, recipe };
}

/** Only v2 recipes give reasons, and metadata without being asked at the campaign. */
export const isSecondVersion = ({ name }: CatalogRecipe) => name.endsWith("-v2");
