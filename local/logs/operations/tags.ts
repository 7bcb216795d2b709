/** TagResource, UntagResource and ListTagsForResource, of log groups. */
import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from "@aws-sdk/client-cloudwatch-logs";
import type { LogStore } from "../log-store.ts";
import { type Answer, groupNameOf } from "../names.ts";

export async function tagResource(logs: LogStore, input: TagResourceCommandInput): Promise<void> {
  const group = logs.groupOf(groupNameOf(input.resourceArn));
  logs.groups.put(group.name, { ...group, tags: { ...group.tags, ...input.tags } });
  await logs.deps.store.commit();
}

export async function untagResource(logs: LogStore, input: UntagResourceCommandInput): Promise<void> {
  const group = logs.groupOf(groupNameOf(input.resourceArn));
  const kept = Object.entries(group.tags).filter(([key]) => !input.tagKeys?.includes(key));
  logs.groups.put(group.name, { ...group, tags: Object.fromEntries(kept) });
  await logs.deps.store.commit();
}

export function listTagsForResource(
  logs: LogStore,
  input: ListTagsForResourceCommandInput,
): Answer<ListTagsForResourceCommandOutput> {
  return { tags: { ...logs.groupOf(groupNameOf(input.resourceArn)).tags } };
}
