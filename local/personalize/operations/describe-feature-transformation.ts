/** The parameters of a feature transformation with their defaults. */
import type {
  DescribeFeatureTransformationRequest,
  DescribeFeatureTransformationResponse,
} from "@aws-sdk/client-personalize";
import { featureTransformationArn as arnOfTransformation, tailOf } from "../arns.ts";
import { describeFeatureTransformation as describe } from "../catalog/recipe-catalog.ts";
import type { ControlPlane } from "../control-plane.ts";
import { ResourceNotFoundException } from "../errors.ts";
import type { Checked } from "../model.ts";

export const describeFeatureTransformation =
  ({ recipes }: ControlPlane) =>
  (input: Checked<DescribeFeatureTransformationRequest>): DescribeFeatureTransformationResponse => {
    const { featureTransformationArn } = input;
    const name = tailOf(featureTransformationArn);
    const featureTransformation = describe(name, recipes);
    if (!featureTransformation || arnOfTransformation(name) !== featureTransformationArn) {
      throw new ResourceNotFoundException(featureTransformationArn);
    }
    return { featureTransformation };
  };
