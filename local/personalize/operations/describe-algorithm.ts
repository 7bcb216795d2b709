/** The hyperparameters of a recipe's algorithm, with defaults and ranges. */
import type { DescribeAlgorithmRequest, DescribeAlgorithmResponse } from "@aws-sdk/client-personalize";
import { algorithmArn as arnOfAlgorithm } from "../arns.ts";
import { catalog, describeAlgorithm as describe } from "../catalog/recipe-catalog.ts";
import type { ControlPlane } from "../control-plane.ts";
import { ResourceNotFoundException } from "../errors.ts";
import type { Checked } from "../model.ts";

export const describeAlgorithm =
  ({ recipes }: ControlPlane) =>
  ({ algorithmArn }: Checked<DescribeAlgorithmRequest>): DescribeAlgorithmResponse => {
    const recipe = catalog.find(({ algorithm }) => arnOfAlgorithm(algorithm) === algorithmArn);
    if (!recipe) throw new ResourceNotFoundException(algorithmArn);
    return { algorithm: describe(recipe, recipes) };
  };
