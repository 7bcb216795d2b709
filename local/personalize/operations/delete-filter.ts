/** Deletes a filter. */
import type { DeleteFilterRequest } from "@aws-sdk/client-personalize";
import { assertDeletable, find, startDeleting, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const deleteFilter =
  (plane: ControlPlane) =>
  async ({ filterArn }: Checked<DeleteFilterRequest>): Promise<void> => {
    assertDeletable("filter", filterArn, find(plane, "filter", filterArn).status);
    await startDeleting(plane, "filter", filterArn);
  };
