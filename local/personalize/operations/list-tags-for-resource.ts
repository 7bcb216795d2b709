/** The tags of a resource. */
import type { ListTagsForResourceRequest, ListTagsForResourceResponse } from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";
import { assertTaggable } from "../tags.ts";

export const listTagsForResource =
  (plane: ControlPlane) =>
  ({ resourceArn }: Checked<ListTagsForResourceRequest>): ListTagsForResourceResponse => {
    assertTaggable(plane, resourceArn);
    return { tags: [...(plane.side.tags.get(resourceArn) ?? [])] };
  };
