/** Makes a recommender: a use case of the group's domain, trained at once and served without a campaign. */
import type { CreateRecommenderRequest, CreateRecommenderResponse } from "@aws-sdk/client-personalize";
import { bear, born, findActive, freeArn, those, type ControlPlane } from "../control-plane.ts";
import { tooManyResources } from "../errors.ts";
import type { Checked, Rows } from "../model.ts";
import { assertConfigFits, assertUseCaseFits } from "../recommenders/rules.ts";
import { newModel } from "../recommenders/training.ts";

export const createRecommender =
  (plane: ControlPlane) =>
  async (input: Checked<CreateRecommenderRequest>): Promise<CreateRecommenderResponse> => {
    const { name, datasetGroupArn, recipeArn, recommenderConfig, tags } = input;
    assertConfigFits(recommenderConfig);
    assertUseCaseFits(plane, recipeArn, findActive(plane, "datasetGroup", datasetGroupArn));
    const recommenderArn = freeArn(plane, "recommender", name);
    const quota = plane.settings.quotas.recommendersPerDatasetGroup;
    if (those(plane, "recommender", (row) => row.datasetGroupArn === datasetGroupArn).length >= quota) {
      throw tooManyResources("a recommender", quota);
    }
    plane.side.recommenderModels.put(recommenderArn, { current: newModel(plane, recommenderArn) });
    const row: Rows["recommender"] = {
      ...{ name, recommenderArn, datasetGroupArn, recipeArn },
      recommenderConfig: { minRecommendationRequestsPerSecond: 1, ...recommenderConfig },
      status: "CREATE PENDING",
      ...born(plane),
    };
    await bear(plane, "recommender", row, tags);
    return { recommenderArn };
  };
