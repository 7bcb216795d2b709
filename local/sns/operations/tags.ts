/** TagResource, UntagResource and ListTagsForResource, of topics. */
import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from "@aws-sdk/client-sns";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { type Answer, type Sns, type Topic } from "../topics.ts";

function resourceOf(sns: Sns, arn: string | undefined): Topic {
  const topic = sns.topics.get(arn ?? "");
  if (!topic) throw new AwsError("ResourceNotFound", "Resource does not exist", { status: 404 });
  return topic;
}

export async function tagResource(sns: Sns, input: TagResourceCommandInput): Promise<void> {
  const topic = resourceOf(sns, input.ResourceArn);
  const added = Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
  sns.topics.put(topic.arn, { ...topic, tags: { ...topic.tags, ...added } });
  await sns.deps.store.commit();
}

export async function untagResource(sns: Sns, input: UntagResourceCommandInput): Promise<void> {
  const topic = resourceOf(sns, input.ResourceArn);
  const kept = Object.entries(topic.tags).filter(([key]) => !input.TagKeys?.includes(key));
  sns.topics.put(topic.arn, { ...topic, tags: Object.fromEntries(kept) });
  await sns.deps.store.commit();
}

export function listTagsForResource(
  sns: Sns,
  input: ListTagsForResourceCommandInput,
): Answer<ListTagsForResourceCommandOutput> {
  const { tags } = resourceOf(sns, input.ResourceArn);
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}
