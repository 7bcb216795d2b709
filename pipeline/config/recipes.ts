/** Which recipes may compete in a contest, and for the others why not. */

/** Recipes whose metrics popularity-count is a yardstick for. Others need their own baseline and are refused. */
export const comparableRecipes = [
  "aws-user-personalization-v2",
  "aws-user-personalization",
  "aws-hrnn",
  "aws-hrnn-metadata",
  "aws-hrnn-coldstart",
  "aws-popularity-count",
] as const;
export type ComparableRecipe = (typeof comparableRecipes)[number];

const related = "it recommends items like an item, not items for a user";
const ranking = "it orders a list that the caller gives, while the baseline chooses among all items";
const segments = "it finds users for items, not items for a user";

const differences: Readonly<Record<string, string>> = {
  "aws-sims": related,
  "aws-similar-items": related,
  "aws-semantic-similarity": related,
  "aws-personalized-ranking": ranking,
  "aws-personalized-ranking-v2": ranking,
  "aws-item-affinity": segments,
  "aws-item-attribute-affinity": segments,
  "aws-next-best-action": "it recommends actions, not items",
  "aws-trending-now": "it gives everybody the same list, of what grows and not of what suits them",
};

/** Why a known recipe is no candidate; undefined for a candidate, and for what is no recipe that we know. */
export function whyNoCandidate(recipe: string): string | undefined {
  const difference = differences[recipe];
  return (
    difference && `${recipe} is no candidate: ${difference}, so the popularity-count baseline is no yardstick for it`
  );
}
