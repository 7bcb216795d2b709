/** The training behind a recommender: its use case's recipe on the group's datasets. Recommenders have no solution versions. */
import { defaultsOf } from "../catalog/recipe-catalog.ts";
import { find, type ControlPlane } from "../control-plane.ts";
import type { TrainingJob } from "../job-runner.ts";
import { datasetsOf, excludedColumns, recipeNameOf } from "../lifecycles/training-work.ts";
import type { RecommenderModel, Rows } from "../model.ts";
import { trainedRecipe, useCaseNamed } from "./use-cases.ts";

/** A model yet to be trained: an ARN that the data plane can keep it under, and the seed it will always have. */
export const newModel = ({ ids, random }: Pick<ControlPlane, "ids" | "random">, recommenderArn: string) => ({
  modelArn: `${recommenderArn}/${ids.hex(8)}`,
  seed: Math.floor(random() * 2 ** 31),
});

export function recommenderTraining(
  plane: ControlPlane,
  recommenderArn: string,
  { modelArn, seed }: RecommenderModel,
  config: Rows["recommender"]["recommenderConfig"],
): TrainingJob {
  const { recipeArn, datasetGroupArn } = find(plane, "recommender", recommenderArn);
  const useCase = useCaseNamed(recipeNameOf(recipeArn));
  const name = trainedRecipe(useCase, plane.recipes) ?? "";
  const { eventType } = useCase;
  const recipe = plane.recipes[name];
  if (!recipe) throw new Error(`${name} was trainable when ${recommenderArn} was created and is not any more`);
  const datasets = datasetsOf(plane, datasetGroupArn);
  return {
    solutionVersionArn: modelArn,
    datasetGroupArn,
    datasets,
    recipe: name,
    parameters: defaultsOf([...recipe.algorithm, ...recipe.featureTransformation]),
    ...(eventType === undefined ? {} : { eventType }),
    excludedColumns: excludedColumns(config?.trainingDataConfig, datasets),
    seed,
    trainingMode: "FULL",
    progress: (progress) =>
      plane.progress({ kind: "training", solutionVersionArn: modelArn, recipe: name, ...progress }),
  };
}
