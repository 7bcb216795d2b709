/** The recommender with its model's metrics and its latest update. */
import type { DescribeRecommenderRequest, DescribeRecommenderResponse } from "@aws-sdk/client-personalize";
import { describe, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const describeRecommender =
  (plane: ControlPlane) =>
  ({ recommenderArn }: Checked<DescribeRecommenderRequest>): DescribeRecommenderResponse => ({
    recommender: describe(plane, "recommender", recommenderArn),
  });
