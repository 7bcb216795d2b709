/** DeleteTopic: with its subscriptions and policy; deleting what is not there succeeds. */
import type { DeleteTopicCommandInput } from "@aws-sdk/client-sns";
import { type Sns, subscriptionsOf } from "../topics.ts";

export async function deleteTopic(sns: Sns, { TopicArn: arn = "" }: DeleteTopicCommandInput): Promise<void> {
  if (!sns.topics.has(arn)) return;
  for (const subscription of subscriptionsOf(sns, arn)) sns.subscriptions.delete(subscription.arn);
  sns.topics.delete(arn);
  await sns.deps.store.commit();
  await sns.deps.setResourcePolicy(arn, undefined);
}
