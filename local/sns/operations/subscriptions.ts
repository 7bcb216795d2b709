/** Subscribe, Unsubscribe and what is told of subscriptions. They are confirmed at once: nobody is asked. */
import type {
  GetSubscriptionAttributesCommandInput,
  GetSubscriptionAttributesCommandOutput,
  ListSubscriptionsByTopicCommandInput,
  ListSubscriptionsByTopicCommandOutput,
  ListSubscriptionsCommandInput,
  ListSubscriptionsCommandOutput,
  SetSubscriptionAttributesCommandInput,
  SubscribeCommandInput,
  SubscribeCommandOutput,
  UnsubscribeCommandInput,
} from "@aws-sdk/client-sns";
import { page } from "../../cloud/ports/page.ts";
import {
  type Answer,
  invalidParameter,
  type Sns,
  type Subscription,
  subscriptionOf,
  subscriptionsOf,
  topicOf,
} from "../topics.ts";

/** Protocols, with what their endpoints look like. */
const endpoints: Readonly<Record<string, RegExp>> = {
  email: /^[^\s@]+@[^\s@]+$/,
  "email-json": /^[^\s@]+@[^\s@]+$/,
  http: /^http:\/\//,
  https: /^https:\/\//,
  sqs: /^arn:aws[\w-]*:sqs:/,
  lambda: /^arn:aws[\w-]*:lambda:/,
  firehose: /^arn:aws[\w-]*:firehose:/,
  application: /^arn:aws[\w-]*:sns:/,
  sms: /^\+?[\d-]+$/,
};

export async function subscribe(sns: Sns, input: SubscribeCommandInput): Promise<Answer<SubscribeCommandOutput>> {
  const { Protocol: protocol = "", Endpoint: endpoint = "", Attributes: attributes = {} } = input;
  const topic = topicOf(sns, input.TopicArn);
  const form = Object.hasOwn(endpoints, protocol) ? endpoints[protocol] : undefined;
  if (!form) throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`);
  if (!form.test(endpoint)) throw invalidParameter("Endpoint");
  const known = subscriptionsOf(sns, topic.arn).find((it) => it.protocol === protocol && it.endpoint === endpoint);
  if (known) return { SubscriptionArn: known.arn };
  const arn = `${topic.arn}:${sns.deps.ids.uuid()}`;
  sns.subscriptions.put(arn, { arn, topicArn: topic.arn, protocol, endpoint, attributes });
  await sns.deps.store.commit();
  return { SubscriptionArn: arn };
}

export async function unsubscribe(sns: Sns, { SubscriptionArn: arn = "" }: UnsubscribeCommandInput): Promise<void> {
  sns.subscriptions.delete(arn);
  await sns.deps.store.commit();
}

export function listSubscriptions(
  sns: Sns,
  { NextToken }: ListSubscriptionsCommandInput,
): Answer<ListSubscriptionsCommandOutput> {
  const { items, next } = page([...sns.subscriptions.values()], NextToken, undefined);
  return { Subscriptions: items.map((item) => summaryOf(sns, item)), NextToken: next };
}

export function listSubscriptionsByTopic(
  sns: Sns,
  { TopicArn, NextToken }: ListSubscriptionsByTopicCommandInput,
): Answer<ListSubscriptionsByTopicCommandOutput> {
  const { items, next } = page(subscriptionsOf(sns, topicOf(sns, TopicArn).arn), NextToken, undefined);
  return { Subscriptions: items.map((item) => summaryOf(sns, item)), NextToken: next };
}

export function getSubscriptionAttributes(
  sns: Sns,
  input: GetSubscriptionAttributesCommandInput,
): Answer<GetSubscriptionAttributesCommandOutput> {
  const { arn, topicArn, protocol, endpoint, attributes } = subscriptionOf(sns, input.SubscriptionArn);
  return {
    Attributes: {
      SubscriptionArn: arn,
      TopicArn: topicArn,
      Protocol: protocol,
      Endpoint: endpoint,
      Owner: sns.deps.account,
      PendingConfirmation: "false",
      ConfirmationWasAuthenticated: "true",
      RawMessageDelivery: "false",
      ...attributes,
    },
  };
}

export async function setSubscriptionAttributes(sns: Sns, input: SetSubscriptionAttributesCommandInput): Promise<void> {
  const { AttributeName: name = "", AttributeValue: value = "" } = input;
  const subscription = subscriptionOf(sns, input.SubscriptionArn);
  const attributes = { ...subscription.attributes, [name]: value };
  sns.subscriptions.put(subscription.arn, { ...subscription, attributes });
  await sns.deps.store.commit();
}

function summaryOf({ deps }: Sns, { arn, topicArn, protocol, endpoint }: Subscription) {
  return { SubscriptionArn: arn, Owner: deps.account, Protocol: protocol, Endpoint: endpoint, TopicArn: topicArn };
}
