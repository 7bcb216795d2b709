/** The recipe that `npm start --recipe` names: one that can be compared with the baseline and trained here. */
import { type ComparableRecipe, comparableRecipes, whyNoCandidate } from "../../../pipeline/config/recipes.ts";
import { UsageError } from "../command.ts";

/**
 * @param given a recipe's name with or without `aws-`.
 * @throws UsageError that says why it cannot be picked, and what can.
 */
export function pickedRecipe(given: string): ComparableRecipe {
  const isMeant = (name: string) => name === given || name === `aws-${given}`;
  const found = comparableRecipes.find(isMeant);
  if (found) return found;
  const why = whyNoCandidate(given) ?? whyNoCandidate(`aws-${given}`) ?? `--recipe knows no "${given}"`;
  throw new UsageError(`${why}. Pick one of: ${comparableRecipes.join(", ")}`);
}
