/** Recipes as the service tells of them, trainable here or not. */
import { describe, expect, it } from "@jest/globals";
import { personalizeForTest } from "../../../support/personalize.ts";

describe("recipes", () => {
  it("are all listed, in pages, and by domain when asked", async () => {
    const { call } = personalizeForTest();

    const first = await call("ListRecipes", { maxResults: 20 });
    const second = await call("ListRecipes", { maxResults: 20, nextToken: first.nextToken });
    const videos = await call("ListRecipes", { domain: "VIDEO_ON_DEMAND" });

    const names = [...first.recipes, ...second.recipes].map(({ name }: { name: string }) => name);
    expect(new Set(names).size).toBe(25);
    expect(names).toEqual(expect.arrayContaining(["aws-hrnn-coldstart", "aws-next-best-action", "aws-vod-top-picks"]));
    expect(videos.recipes).toHaveLength(5);
  });

  it("lead to their algorithm with its hyperparameters, and to their feature transformation", async () => {
    const { call } = personalizeForTest({ realRecipes: true });
    const { recipe } = await call("DescribeRecipe", { recipeArn: "arn:aws:personalize:::recipe/aws-hrnn-coldstart" });

    const { algorithm } = await call("DescribeAlgorithm", { algorithmArn: recipe.algorithmArn });
    const { featureTransformation } = await call("DescribeFeatureTransformation", {
      featureTransformationArn: recipe.featureTransformationArn,
    });

    expect(recipe).toMatchObject({ recipeType: "USER_PERSONALIZATION", status: "ACTIVE" });
    expect(algorithm.defaultHyperParameters).toMatchObject({ hidden_dimension: "149", bptt: "32" });
    expect(algorithm.defaultHyperParameterRanges.integerHyperParameterRanges).toContainEqual({
      name: "bptt",
      minValue: 2,
      maxValue: 32,
      isTunable: true,
    });
    expect(featureTransformation.defaultParameters).toMatchObject({ cold_start_relative_from: "latestItem" });
  });

  it("have the one algorithm that is named differently", async () => {
    const { call } = personalizeForTest();

    const { recipe } = await call("DescribeRecipe", { recipeArn: "arn:aws:personalize:::recipe/aws-trending-now" });

    expect(recipe.algorithmArn).toBe("arn:aws:personalize:::algorithm/aws-trending-now-custom");
  });

  it.each([
    ["DescribeRecipe", { recipeArn: "arn:aws:personalize:::recipe/no" }],
    ["DescribeAlgorithm", { algorithmArn: "arn:aws:personalize:::algorithm/no" }],
    ["DescribeFeatureTransformation", { featureTransformationArn: "arn:aws:personalize:::feature-transformation/no" }],
  ])("are not found by %s when there are none", async (operation, input) => {
    const { call } = personalizeForTest();

    await expect(call(operation, input)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
