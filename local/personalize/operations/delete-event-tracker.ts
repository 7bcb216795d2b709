/** Deletes the event tracker; the events it took stay in the dataset. */
import type { DeleteEventTrackerRequest } from "@aws-sdk/client-personalize";
import { assertDeletable, find, startDeleting, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const deleteEventTracker =
  (plane: ControlPlane) =>
  async ({ eventTrackerArn }: Checked<DeleteEventTrackerRequest>): Promise<void> => {
    assertDeletable("eventTracker", eventTrackerArn, find(plane, "eventTracker", eventTrackerArn).status);
    await startDeleting(plane, "eventTracker", eventTrackerArn);
  };
