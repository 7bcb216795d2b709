/**
 * The use cases of the two domains, each as a recipe of this project with the events it learns from and the items it leaves out. What
 * the service trains for them is not public.
 */
export interface UseCase {
  /** The recipe that is trained, by its name; absent for what is no use case. */
  readonly recipe?: string;
  /** What is trained where that recipe is not among those that can be. */
  readonly standIn?: string;
  /** Only events of this type train, in the guide's spelling (nothing says that case is overlooked, as in filters); absent = all. */
  readonly eventType?: string;
  /** Items the user has interacted with by this event type are never recommended. */
  readonly leavesOut?: string;
  /** Whether the request must name a user, beside what the recipe's type needs anyway. */
  readonly needsUser?: true;
  /** Whether the group must have an Items dataset. */
  readonly needsItems?: true;
}

/** It explores, with the recommender's itemExplorationConfig. */
const personal = "aws-user-personalization";

const useCases: Readonly<Record<string, UseCase>> = {
  "aws-ecomm-popular-items-by-views": { recipe: "aws-popularity-count", eventType: "View" },
  "aws-ecomm-popular-items-by-purchases": { recipe: "aws-popularity-count", eventType: "Purchase" },
  "aws-ecomm-frequently-bought-together": { recipe: "aws-sims", eventType: "Purchase" },
  "aws-ecomm-customers-who-viewed-x-also-viewed": {
    recipe: "aws-sims",
    eventType: "View",
    leavesOut: "Purchase",
    needsUser: true,
  },
  "aws-ecomm-recommended-for-you": { recipe: personal, leavesOut: "Purchase" },
  "aws-vod-because-you-watched-x": { recipe: "aws-sims", eventType: "Watch", leavesOut: "Watch", needsUser: true },
  "aws-vod-more-like-x": {
    recipe: "aws-similar-items",
    standIn: "aws-sims",
    leavesOut: "Watch",
    needsUser: true,
    needsItems: true,
  },
  "aws-vod-most-popular": { recipe: "aws-popularity-count", eventType: "Watch" },
  "aws-vod-trending-now": { recipe: "aws-trending-now" },
  "aws-vod-top-picks": { recipe: personal, leavesOut: "Watch" },
};

/** By the name of the domain recipe; a name that is no use case has nothing. */
export const useCaseNamed = (recipeName: string): UseCase => useCases[recipeName] ?? {};

/** The recipe that a use case trains among these; undefined when none of its own is there. */
export const trainedRecipe = ({ recipe, standIn }: UseCase, recipes: Readonly<Record<string, unknown>>) =>
  [recipe, standIn].find((name) => name !== undefined && name in recipes);
