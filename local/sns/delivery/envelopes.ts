/** What subscribers are given: SNS's notification, as a web address and a function see it. Nothing here is signed. */
import type { PublishedMessage, Subscription } from "../topics.ts";

/** With MessageStructure "json" each protocol may have its own text. */
export function textFor(protocol: string, { message, structure }: PublishedMessage): string {
  if (structure !== "json") return message;
  const texts = JSON.parse(message) as Readonly<Record<string, string>>; // Publish has checked it
  return texts[protocol] ?? texts["default"] ?? "";
}

const attributesOf = ({ attributes }: PublishedMessage) =>
  Object.fromEntries(Object.entries(attributes).map(([name, Value]) => [name, { Type: "String", Value }]));

export const notification = ({ protocol }: Subscription, message: PublishedMessage) => ({
  Type: "Notification",
  MessageId: message.messageId,
  TopicArn: message.topicArn,
  Subject: message.subject ?? null,
  Message: textFor(protocol, message),
  Timestamp: new Date(message.publishedAt).toISOString(),
  MessageAttributes: attributesOf(message),
});

export const lambdaEvent = (subscription: Subscription, message: PublishedMessage) => ({
  Records: [
    {
      EventSource: "aws:sns",
      EventVersion: "1.0",
      EventSubscriptionArn: subscription.arn,
      Sns: notification(subscription, message),
    },
  ],
});
