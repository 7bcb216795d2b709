/** Changes an ACTIVE recommender's configuration; other training columns mean another training, while the old model serves on. */
import type { UpdateRecommenderRequest, UpdateRecommenderResponse } from "@aws-sdk/client-personalize";
import { find, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";
import { assertConfigFits, assertStatus } from "../recommenders/rules.ts";
import { newModel } from "../recommenders/training.ts";

export const updateRecommender =
  (plane: ControlPlane) =>
  async (input: Checked<UpdateRecommenderRequest>): Promise<UpdateRecommenderResponse> => {
    const { recommenderArn } = input;
    const recommender = find(plane, "recommender", recommenderArn);
    assertStatus(plane, recommender, ["ACTIVE"]);
    assertConfigFits(input.recommenderConfig);
    const recommenderConfig = { ...recommender.recommenderConfig, ...input.recommenderConfig };
    if (columnsOf(recommenderConfig) !== columnsOf(recommender.recommenderConfig)) {
      const { current } = plane.side.recommenderModels.get(recommenderArn) ?? {};
      plane.side.recommenderModels.put(recommenderArn, { current, next: newModel(plane, recommenderArn) });
    }
    const now = plane.clock.now();
    const dates = { creationDateTime: now, lastUpdatedDateTime: now };
    plane.tables.recommender.put(recommenderArn, {
      ...recommender,
      latestRecommenderUpdate: { recommenderConfig, status: "CREATE PENDING", ...dates },
    });
    plane.transitions.begin("recommender.update", recommenderArn);
    await plane.store.commit();
    return { recommenderArn };
  };

const columnsOf = (config: { readonly trainingDataConfig?: unknown } | undefined) =>
  JSON.stringify(config?.trainingDataConfig ?? {});
