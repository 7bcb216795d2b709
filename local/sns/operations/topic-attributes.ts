/** GetTopicAttributes and SetTopicAttributes. */
import type {
  GetTopicAttributesCommandInput,
  GetTopicAttributesCommandOutput,
  SetTopicAttributesCommandInput,
} from "@aws-sdk/client-sns";
import { type Answer, invalidParameter, type Sns, subscriptionsOf, type Topic, topicOf } from "../topics.ts";

export function getTopicAttributes(
  sns: Sns,
  input: GetTopicAttributesCommandInput,
): Answer<GetTopicAttributesCommandOutput> {
  const topic = topicOf(sns, input.TopicArn);
  return {
    Attributes: {
      TopicArn: topic.arn,
      Owner: sns.deps.account,
      DisplayName: "",
      Policy: defaultPolicy(sns, topic),
      SubscriptionsConfirmed: String(subscriptionsOf(sns, topic.arn).length),
      SubscriptionsPending: "0",
      SubscriptionsDeleted: "0",
      ...topic.attributes,
    },
  };
}

const settable =
  /^(DisplayName|Policy|DeliveryPolicy|KmsMasterKeyId|TracingConfig|SignatureVersion|ContentBasedDeduplication|.+Feedback(RoleArn|SampleRate))$/;

export async function setTopicAttributes(sns: Sns, input: SetTopicAttributesCommandInput): Promise<void> {
  const { AttributeName: name = "", AttributeValue: value = "" } = input;
  const topic = topicOf(sns, input.TopicArn);
  if (!settable.test(name)) throw invalidParameter("AttributeName");
  sns.topics.put(topic.arn, { ...topic, attributes: { ...topic.attributes, [name]: value } });
  await sns.deps.store.commit();
  if (name === "Policy") await sns.deps.setResourcePolicy(topic.arn, value);
}

/** What a topic has that nobody gave a policy: its owner's account may do everything with it. */
function defaultPolicy({ deps }: Sns, { arn }: Topic): string {
  const verbs =
    "GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic Subscribe ListSubscriptionsByTopic Publish";
  const statement = {
    Sid: "__default_statement_ID",
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: verbs.split(" ").map((verb) => `SNS:${verb}`),
    Resource: arn,
    Condition: { StringEquals: { "AWS:SourceOwner": deps.account } },
  };
  return JSON.stringify({ Version: "2008-10-17", Id: "__default_policy_ID", Statement: [statement] });
}
