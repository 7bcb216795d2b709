/** Ends a training for good: at once when it is pending, by way of CREATE STOPPING when it runs. */
import type { StopSolutionVersionCreationRequest } from "@aws-sdk/client-personalize";
import { change, find, type ControlPlane } from "../control-plane.ts";
import { ResourceInUseException } from "../errors.ts";
import type { Checked } from "../model.ts";

export const stopSolutionVersionCreation =
  (plane: ControlPlane) =>
  async ({ solutionVersionArn }: Checked<StopSolutionVersionCreationRequest>): Promise<void> => {
    const { status } = find(plane, "solutionVersion", solutionVersionArn);
    if (status === "CREATE PENDING") {
      plane.transitions.settlePending("solutionVersion.create", solutionVersionArn, { kind: "cancelled" });
    } else if (status === "CREATE IN_PROGRESS") {
      change(plane, "solutionVersion", solutionVersionArn, { status: "CREATE STOPPING" });
      plane.runningTrainings.get(solutionVersionArn)?.cancel();
    } else {
      throw new ResourceInUseException(
        `The solution version ${solutionVersionArn} is ${status}; only one that is pending or in progress can be stopped.`,
      );
    }
    await plane.store.commit();
  };
