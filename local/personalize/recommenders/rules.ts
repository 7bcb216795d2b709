/** What a recommender may ask for. */
import type { RecommenderConfig } from "@aws-sdk/client-personalize";
import { recipeNamed, type CatalogRecipe } from "../catalog/recipe-catalog.ts";
import { those, type ControlPlane } from "../control-plane.ts";
import { assertExplorationFits } from "../deployable-version.ts";
import { InvalidInputException, ResourceInUseException, ResourceNotFoundException } from "../errors.ts";
import type { Checked, Rows } from "../model.ts";
import { assertColumnsFit } from "../solution-rules.ts";
import { trainedRecipe, useCaseNamed } from "./use-cases.ts";

const refuse = (message: string): never => {
  throw new InvalidInputException(message);
};

/** The domain recipe must be known, of the group's domain, and one that can be trained here. */
export function assertUseCaseFits(
  plane: ControlPlane,
  recipeArn: string,
  { datasetGroupArn, domain }: Rows["datasetGroup"],
): void {
  const recipe = recipeNamed(recipeArn);
  if (!recipe) throw new ResourceNotFoundException(recipeArn);
  if (!recipe.domain) refuse(`${recipe.name} is not a use case of a domain: create a solution with it.`);
  if (domain !== recipe.domain) {
    refuse(
      `${recipe.name} is for dataset groups of the domain ${recipe.domain}; ${datasetGroupArn} has ${domain ?? "none"}.`,
    );
  }
  assertTrainable(plane, recipe);
  assertDatasetsThere(plane, recipe, datasetGroupArn);
}

function assertTrainable(plane: ControlPlane, { name }: CatalogRecipe): void {
  if (trainedRecipe(useCaseNamed(name), plane.recipes) !== undefined) return;
  refuse(`The recipe ${name} cannot be trained by the embedded Personalize yet; see docs/support.md.`);
}

function assertDatasetsThere(plane: ControlPlane, { name }: CatalogRecipe, datasetGroupArn: string): void {
  const needed = useCaseNamed(name).needsItems ? ["INTERACTIONS", "ITEMS"] : ["INTERACTIONS"];
  const isThere = (row: Rows["dataset"]) => row.datasetGroupArn === datasetGroupArn && row.status === "ACTIVE";
  const types = those(plane, "dataset", isThere).map(({ datasetType }) => datasetType);
  const missing = needed.find((type) => !types.includes(type));
  if (missing) refuse(`${name} needs an ACTIVE dataset of ${missing} in ${datasetGroupArn}.`);
}

export function assertConfigFits(config: Checked<RecommenderConfig> | undefined): void {
  assertExplorationFits(config?.itemExplorationConfig);
  assertColumnsFit(config?.trainingDataConfig);
}

/** Refuses when the recommender is not in the status that a change starts from, or is being updated. */
export function assertStatus(
  plane: ControlPlane,
  { recommenderArn, status }: Rows["recommender"],
  wanted: readonly string[],
): void {
  if (!wanted.includes(status)) {
    throw new ResourceInUseException(
      `The recommender ${recommenderArn} is ${status}; it must be ${wanted.join(" or ")}.`,
    );
  }
  if (plane.transitions.isUnderWay("recommender.update", recommenderArn)) {
    throw new ResourceInUseException(`The recommender ${recommenderArn} is being updated. Please try again later.`);
  }
}
