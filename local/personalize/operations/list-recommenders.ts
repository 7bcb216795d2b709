/** The recommenders of a dataset group, or all. */
import type {
  ListRecommendersRequest,
  ListRecommendersResponse,
  RecommenderSummary,
} from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import { listRows } from "../paging.ts";

export const listRecommenders =
  (plane: ControlPlane) =>
  (input: ListRecommendersRequest): ListRecommendersResponse => {
    const { items, nextToken } = listRows<"recommender", RecommenderSummary>(plane, "recommender", {
      ...input,
      filter: input.datasetGroupArn,
      where: (row) => row.datasetGroupArn === input.datasetGroupArn,
      members: [
        "name",
        "recommenderArn",
        "datasetGroupArn",
        "recipeArn",
        "recommenderConfig",
        "status",
        "creationDateTime",
        "lastUpdatedDateTime",
      ],
    });
    return { recommenders: items, nextToken };
  };
