/** Adds tags to a resource, or changes their values. */
import type { TagResourceRequest, TagResourceResponse } from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";
import { assertTaggable, assertTagsFit, withTags } from "../tags.ts";

export const tagResource =
  (plane: ControlPlane) =>
  async ({ resourceArn, tags }: Checked<TagResourceRequest>): Promise<TagResourceResponse> => {
    assertTaggable(plane, resourceArn);
    assertTagsFit(tags);
    const before = plane.side.tags.get(resourceArn) ?? [];
    plane.side.tags.put(resourceArn, withTags(resourceArn, before, tags, plane.settings.quotas.tagsPerResource));
    await plane.store.commit();
    return {};
  };
