/** Deletes a recommender and its model. */
import type { DeleteRecommenderRequest } from "@aws-sdk/client-personalize";
import { find, startDeleting, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";
import { assertStatus } from "../recommenders/rules.ts";

export const deleteRecommender =
  (plane: ControlPlane) =>
  async ({ recommenderArn }: Checked<DeleteRecommenderRequest>): Promise<void> => {
    assertStatus(plane, find(plane, "recommender", recommenderArn), ["ACTIVE", "INACTIVE", "CREATE FAILED"]);
    await startDeleting(plane, "recommender", recommenderArn);
  };
