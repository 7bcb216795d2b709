/** Starts a training. There is no idempotency token: called twice, it trains twice. */
import type { CreateSolutionVersionRequest, CreateSolutionVersionResponse } from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";
import { startTraining } from "../start-training.ts";

export const createSolutionVersion =
  (plane: ControlPlane) =>
  async (input: Checked<CreateSolutionVersionRequest>): Promise<CreateSolutionVersionResponse> => ({
    solutionVersionArn: await startTraining(plane, { ...input, trainingType: "MANUAL" }),
  });
