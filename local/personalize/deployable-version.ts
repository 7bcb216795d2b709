/** Which solution version a campaign is to serve: by its own ARN, or the newest by `<solutionArn>/$LATEST`. */
import type { CampaignConfig } from "@aws-sdk/client-personalize";
import { isLatestPointer, solutionOf } from "./arns.ts";
import { find, findActive, type ControlPlane } from "./control-plane.ts";
import { InvalidInputException, ResourceInUseException } from "./errors.ts";
import { newestActiveVersion } from "./lifecycles/campaign.ts";
import type { Checked, Rows } from "./model.ts";
import { recipeNamed } from "./catalog/recipe-catalog.ts";

export function deployableVersion(
  plane: ControlPlane,
  versionArn: string,
  config: Checked<CampaignConfig> | undefined,
): Rows["solutionVersion"] {
  if (config?.syncWithLatestSolutionVersion === true && !isLatestPointer(versionArn)) {
    throw new InvalidInputException(
      `syncWithLatestSolutionVersion needs solutionVersionArn in the form <solutionArn>/$LATEST, not ${versionArn}.`,
    );
  }
  const version = isLatestPointer(versionArn)
    ? newestActive(plane, solutionOf(versionArn))
    : findActive(plane, "solutionVersion", versionArn);
  const recipe = recipeNamed(version.recipeArn);
  if (recipe?.type === "USER_SEGMENTATION") {
    throw new InvalidInputException(`${recipe.name} serves batch segment jobs only; it cannot have a campaign.`);
  }
  assertExplorationFits(config?.itemExplorationConfig);
  if (config?.rankingInfluence && recipe?.name !== "aws-semantic-similarity") {
    throw new InvalidInputException(
      `rankingInfluence is for campaigns of aws-semantic-similarity; ${versionArn} is of ${recipe?.name ?? "another recipe"}.`,
    );
  }
  return version;
}

function newestActive(plane: ControlPlane, solutionArn: string): Rows["solutionVersion"] {
  find(plane, "solution", solutionArn);
  const newest = newestActiveVersion(plane, solutionArn);
  if (newest) return newest;
  throw new ResourceInUseException(`The solution ${solutionArn} has no ACTIVE solution version yet.`);
}

const explorationRanges: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
  explorationWeight: { min: 0, max: 1 },
  exploration_weight: { min: 0, max: 1 },
  explorationItemAgeCutOff: { min: 1, max: Number.MAX_VALUE },
};

export function assertExplorationFits(config: Readonly<Record<string, string>> | undefined): void {
  for (const [name, value] of Object.entries(config ?? {})) {
    const range = explorationRanges[name];
    if (!range) throw new InvalidInputException(`itemExplorationConfig has no parameter ${name}.`);
    const amount = Number(value);
    if (value.trim() === "" || !(amount >= range.min && amount <= range.max)) {
      throw new InvalidInputException(
        `itemExplorationConfig.${name} is ${JSON.stringify(value)}; it must be a number ${range.max === 1 ? "from 0 to 1" : "of at least 1"}.`,
      );
    }
  }
}
