import { describe, expect, it } from "@jest/globals";
import { UsageError } from "../../../../local/cli/command.ts";
import { pickedRecipe } from "../../../../local/cli/start/recipe-choice.ts";
import { whyNoCandidate } from "../../../../pipeline/config/recipes.ts";
import { recipes } from "../../../../local/recipes/index.ts";

const list =
  "aws-user-personalization-v2, aws-user-personalization, aws-hrnn, aws-hrnn-metadata, aws-hrnn-coldstart, aws-popularity-count";

describe("the recipe of --recipe", () => {
  it.each([
    { given: "aws-hrnn", picked: "aws-hrnn" },
    { given: "hrnn", picked: "aws-hrnn" },
    { given: "hrnn-metadata", picked: "aws-hrnn-metadata" },
    { given: "user-personalization-v2", picked: "aws-user-personalization-v2" },
  ])("$given is $picked", ({ given, picked }) => {
    expect(pickedRecipe(given)).toBe(picked);
  });

  it.each([
    {
      given: "aws-sims",
      says: "aws-sims is no candidate: it recommends items like an item, not items for a user, so the popularity-count baseline is no yardstick for it",
    },
    {
      given: "personalized-ranking-v2",
      says: "aws-personalized-ranking-v2 is no candidate: it orders a list that the caller gives, while the baseline chooses among all items, so the popularity-count baseline is no yardstick for it",
    },
    { given: "magic", says: '--recipe knows no "magic"' },
  ])("$given is refused with why, and with what can be picked", ({ given, says }) => {
    expect(() => pickedRecipe(given)).toThrow(new UsageError(`${says}. Pick one of: ${list}`));
  });

  it("can be trained whenever it can be picked", () => {
    expect(list.split(", ").filter((name) => !(name in recipes))).toEqual([]);
  });

  it("is refused with a reason whenever the cloud could train it", () => {
    const unexplained = Object.keys(recipes).filter((name) => !list.includes(name) && !whyNoCandidate(name));

    expect(unexplained).toEqual([]);
  });
});
