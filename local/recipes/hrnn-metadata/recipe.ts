/**
 * aws-hrnn-metadata: the network of aws-hrnn, which also reads what is known of items, users and the context of a request: what is read
 * where in ../features/side-features.ts, how values become rows in ../features/vocabulary.ts. Data without metadata train a plain hrnn.
 *
 * The hyperparameters are those of aws-hrnn.
 */
import { recurrentHyperparameters, recurrentSettings } from "../network/declared.ts";
import { recurrentRecipe } from "../network/recurrent-recipe.ts";
import { sideSettings } from "../features/side-model.ts";

export const hrnnMetadata = recurrentRecipe({
  name: "aws-hrnn-metadata",
  type: "USER_PERSONALIZATION",
  ...recurrentHyperparameters("43"),
  settings: (parameters) => ({ ...recurrentSettings(parameters), side: sideSettings }),
});
