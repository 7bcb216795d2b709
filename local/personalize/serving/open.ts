/** What answers a request: a campaign's live version, a recommender's model, or for a batch job a version by itself. */
import { recipeNamed, type CatalogRecipe } from "../catalog/recipe-catalog.ts";
import type { ControlPlane } from "../control-plane.ts";
import { ResourceNotFoundException } from "../errors.ts";
import type { ServingModel } from "../job-runner.ts";
import { useCaseNamed, type UseCase } from "../recommenders/use-cases.ts";

export interface Serving {
  /** What was asked: a campaign, a recommender, or a solution version. */
  readonly arn: string;
  readonly datasetGroupArn: string;
  readonly recipe: CatalogRecipe;
  readonly serving: ServingModel;
  /** Whether metadata of items may be asked for. */
  readonly givesMetadata: boolean;
  /** What is particular to a recommender; it gives no scores. */
  readonly useCase?: UseCase;
}

/** The campaign with the model of its live version. A campaign that does not serve yet, or any more, is not found. */
export async function openCampaign(plane: ControlPlane, campaignArn: string): Promise<Serving> {
  const campaign = plane.tables.campaign.get(campaignArn);
  if (campaign?.status !== "ACTIVE") throw new ResourceNotFoundException(campaignArn, 404);
  const version = await openVersion(plane, campaign.solutionVersionArn);
  const isAsked = campaign.campaignConfig?.enableMetadataWithRecommendations === true;
  return { ...version, arn: campaignArn, givesMetadata: version.givesMetadata || isAsked };
}

/** The recommender with its model. One that is stopped, or not ready, is not found. */
export async function openRecommender(plane: ControlPlane, recommenderArn: string): Promise<Serving> {
  const recommender = plane.tables.recommender.get(recommenderArn);
  if (recommender?.status !== "ACTIVE") throw new ResourceNotFoundException(recommenderArn, 404);
  const recipe = recipeNamed(recommender.recipeArn);
  const model = plane.side.recommenderModels.get(recommenderArn)?.current;
  if (!recipe || !model) throw new Error(`${recommenderArn} is ACTIVE without a model`);
  const { datasetGroupArn, recommenderConfig } = recommender;
  return {
    ...{ arn: recommenderArn, datasetGroupArn, recipe },
    serving: await plane.models.get(model.modelArn),
    givesMetadata: recommenderConfig?.enableMetadataWithRecommendations === true,
    useCase: useCaseNamed(recipe.name),
  };
}

/** A trained version by itself. */
export async function openVersion(plane: ControlPlane, solutionVersionArn: string): Promise<Serving> {
  const version = plane.tables.solutionVersion.get(solutionVersionArn);
  const recipe = version && recipeNamed(version.recipeArn);
  if (!version || !recipe) throw new Error(`${solutionVersionArn} is to serve and is not there`);
  const serving = await plane.models.get(solutionVersionArn);
  const { datasetGroupArn } = version;
  return { arn: solutionVersionArn, datasetGroupArn, recipe, serving, givesMetadata: isSecondVersion(recipe) };
}

/** Only v2 recipes give reasons, and metadata without being asked at the campaign. */
export const isSecondVersion = ({ name }: CatalogRecipe) => name.endsWith("-v2");
