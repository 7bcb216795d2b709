/** Publish and PublishBatch: the message is kept, logged and handed to the topic's subscribers. */
import type {
  PublishBatchCommandInput,
  PublishBatchCommandOutput,
  PublishCommandInput,
  PublishCommandOutput,
} from "@aws-sdk/client-sns";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { deliver } from "../delivery/deliver.ts";
import {
  type Answer,
  invalidParameter,
  messagesKept,
  type Sns,
  subscriptionsOf,
  type Topic,
  topicOf,
} from "../topics.ts";

const longestMessageBytes = 256 * 1024;

export async function publish(sns: Sns, input: PublishCommandInput): Promise<Answer<PublishCommandOutput>> {
  if (input.PhoneNumber !== undefined) throw invalidParameter("PhoneNumber Reason: this cloud sends no text messages");
  const arn = input.TopicArn ?? input.TargetArn;
  if (arn === undefined) throw invalidParameter("TopicArn or TargetArn Reason: no value for required parameter");
  const topic = topicOf(sns, arn);
  checkMessage(topic, input);
  const message = {
    messageId: sns.deps.ids.uuid(),
    topicArn: topic.arn,
    subject: input.Subject,
    message: input.Message ?? "",
    attributes: attributesOf(input),
    structure: input.MessageStructure,
    publishedAt: sns.deps.clock.now(),
  };
  sns.messages.put(message.messageId, message);
  forgetOldest(sns);
  await sns.deps.store.commit();
  const listeners = subscriptionsOf(sns, topic.arn);
  sns.deps.log(`sns: message ${message.messageId} on ${topic.name}, ${listeners.length} subscriptions`);
  sns.deps.onPublish?.(message);
  await deliver(sns, listeners, message);
  return { MessageId: message.messageId };
}

export async function publishBatch(
  sns: Sns,
  input: PublishBatchCommandInput,
): Promise<Answer<PublishBatchCommandOutput>> {
  const entries = input.PublishBatchRequestEntries ?? [];
  topicOf(sns, input.TopicArn);
  if (entries.length === 0) throw new AwsError("EmptyBatchRequest", "The batch request doesn't contain any entries.");
  if (entries.length > 10)
    throw new AwsError("TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.");
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw new AwsError("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
  }
  const result = { Successful: [], Failed: [] } as Required<Answer<PublishBatchCommandOutput>>;
  for (const { Id, ...entry } of entries) {
    try {
      result.Successful.push({ Id, ...(await publish(sns, { ...entry, TopicArn: input.TopicArn })) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      result.Failed.push({ Id, Code: error.name, Message: error.message, SenderFault: true });
    }
  }
  return result;
}

function checkMessage(topic: Topic, input: PublishCommandInput): void {
  const { Message: message = "", Subject: subject, MessageStructure: structure } = input;
  if (message === "") throw invalidParameter("Empty message");
  if (Buffer.byteLength(message) > longestMessageBytes) throw invalidParameter("Message too long");
  if (subject !== undefined && (subject.length === 0 || subject.length > 100 || /[\x00-\x1f]/.test(subject))) {
    throw invalidParameter("Subject");
  }
  if (structure !== undefined && structure !== "json") throw invalidParameter("MessageStructure");
  if (structure === "json" && !hasDefaultText(message)) {
    throw invalidParameter("Message Structure - No default entry in JSON message body");
  }
  const isFifo = topic.name.endsWith(".fifo");
  if (isFifo && input.MessageGroupId === undefined) {
    throw invalidParameter("The MessageGroupId parameter is required for FIFO topics");
  }
}

function hasDefaultText(message: string): boolean {
  try {
    const parsed = JSON.parse(message) as { default?: unknown } | null;
    return typeof parsed?.default === "string";
  } catch (error) {
    throw new AwsError("InvalidParameter", "Invalid parameter: Message Structure - JSON message body failed to parse", {
      cause: error,
    });
  }
}

function attributesOf({ MessageAttributes: attributes = {} }: PublishCommandInput): Record<string, string> {
  const entries = Object.entries(attributes).map(([name, { StringValue, BinaryValue }]) => {
    return [name, StringValue ?? Buffer.from(BinaryValue ?? []).toString("base64")] as const;
  });
  return Object.fromEntries(entries);
}

function forgetOldest({ messages }: Sns): void {
  for (const [id] of messages.entries()) {
    if (messages.size <= messagesKept) return;
    messages.delete(id);
  }
}
