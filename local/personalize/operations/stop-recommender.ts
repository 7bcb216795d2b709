/** Takes a recommender out of service; its model stays for StartRecommender. */
import type { StopRecommenderRequest, StopRecommenderResponse } from "@aws-sdk/client-personalize";
import { change, find, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";
import { assertStatus } from "../recommenders/rules.ts";

export const stopRecommender =
  (plane: ControlPlane) =>
  async ({ recommenderArn }: Checked<StopRecommenderRequest>): Promise<StopRecommenderResponse> => {
    assertStatus(plane, find(plane, "recommender", recommenderArn), ["ACTIVE"]);
    change(plane, "recommender", recommenderArn, { status: "STOP PENDING" });
    plane.transitions.begin("recommender.stop", recommenderArn);
    await plane.store.commit();
    return { recommenderArn };
  };
