/** TagResource, UntagResource and ListTagsForResource, for rules and buses. */
import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from "@aws-sdk/client-eventbridge";
import { ResourceNotFoundException, tagList, tagsOf, type EventsState } from "../state.ts";

interface Tagged {
  readonly tags: Readonly<Record<string, string>>;
  put(tags: Readonly<Record<string, string>>): Promise<void>;
}

function resourceOf(state: EventsState, arn: string | undefined): Tagged {
  const { store } = state.deps;
  for (const table of [state.rules, state.buses]) {
    for (const [key, value] of table.entries()) {
      if (value.arn !== arn) continue;
      const put = (tags: Tagged["tags"]) => {
        (table as typeof state.buses).put(key, { ...value, tags } as never);
        return store.commit();
      };
      return { tags: value.tags, put };
    }
  }
  throw new ResourceNotFoundException(`${arn} does not exist.`);
}

export const tagResource =
  (state: EventsState) =>
  async (input: TagResourceRequest): Promise<object> => {
    const { tags, put } = resourceOf(state, input.ResourceARN);
    await put({ ...tags, ...tagsOf(input.Tags) });
    return {};
  };

export const untagResource =
  (state: EventsState) =>
  async (input: UntagResourceRequest): Promise<object> => {
    const { tags, put } = resourceOf(state, input.ResourceARN);
    await put(Object.fromEntries(Object.entries(tags).filter(([key]) => !input.TagKeys?.includes(key))));
    return {};
  };

export const listTagsForResource =
  (state: EventsState) =>
  (input: ListTagsForResourceRequest): ListTagsForResourceResponse => ({
    Tags: tagList(resourceOf(state, input.ResourceARN).tags),
  });
