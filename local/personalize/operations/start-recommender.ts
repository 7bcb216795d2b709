/** Takes a stopped recommender back into service, with the model it had. */
import type { StartRecommenderRequest, StartRecommenderResponse } from "@aws-sdk/client-personalize";
import { change, find, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";
import { assertStatus } from "../recommenders/rules.ts";

export const startRecommender =
  (plane: ControlPlane) =>
  async ({ recommenderArn }: Checked<StartRecommenderRequest>): Promise<StartRecommenderResponse> => {
    assertStatus(plane, find(plane, "recommender", recommenderArn), ["INACTIVE"]);
    change(plane, "recommender", recommenderArn, { status: "START PENDING" });
    plane.transitions.begin("recommender.start", recommenderArn);
    await plane.store.commit();
    return { recommenderArn };
  };
