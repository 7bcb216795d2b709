/** Removes tags by key; keys that are not there are no error. */
import type { UntagResourceRequest, UntagResourceResponse } from "@aws-sdk/client-personalize";
import type { ControlPlane } from "../control-plane.ts";
import { TooManyTagKeysException } from "../errors.ts";
import type { Checked } from "../model.ts";
import { assertTaggable } from "../tags.ts";

export const untagResource =
  (plane: ControlPlane) =>
  async ({ resourceArn, tagKeys }: Checked<UntagResourceRequest>): Promise<UntagResourceResponse> => {
    assertTaggable(plane, resourceArn);
    const quota = plane.settings.quotas.tagKeysPerRequest;
    if (tagKeys.length > quota) throw new TooManyTagKeysException(tagKeys.length, quota);
    const before = plane.side.tags.get(resourceArn) ?? [];
    plane.side.tags.put(
      resourceArn,
      before.filter(({ tagKey }) => !tagKeys.includes(tagKey ?? "")),
    );
    await plane.store.commit();
    return {};
  };
