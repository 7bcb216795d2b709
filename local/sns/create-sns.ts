/** SNS: topics and subscriptions as in AWS; messages are kept, shown, and handed to functions, web addresses and an outbox. */
import type { ListTopicsCommandInput, ListTopicsCommandOutput } from "@aws-sdk/client-sns";
import { AwsError } from "../cloud/ports/aws-error.ts";
import { page } from "../cloud/ports/page.ts";
import type { AccessRequest, AwsService, Caller, Operation, Provisioner } from "../cloud/ports/service.ts";
import { createTopic } from "./operations/create-topic.ts";
import { deleteTopic } from "./operations/delete-topic.ts";
import { publish, publishBatch } from "./operations/publish.ts";
import {
  getSubscriptionAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionAttributes,
  subscribe,
  unsubscribe,
} from "./operations/subscriptions.ts";
import { listTagsForResource, tagResource, untagResource } from "./operations/tags.ts";
import { getTopicAttributes, setTopicAttributes } from "./operations/topic-attributes.ts";
import { snsProvisioners } from "./provisioners.ts";
import { type Answer, openSns, type PublishedMessage, type Sns, type SnsDeps, topicArn } from "./topics.ts";

export interface SnsParts {
  readonly service: AwsService;
  readonly provisioners: readonly Provisioner[];
  /** The newest messages of a topic, oldest first. */
  messagesOf(topicArn: string): PublishedMessage[];
}

export function createSns(deps: SnsDeps): SnsParts {
  const sns = openSns(deps);
  const bound = Object.entries(operations).map(([name, run]): [string, Operation] => [
    name,
    (input: SnsInput, { caller }) => {
      if (name.startsWith("Publish")) assertKeyUsable(sns, caller, input);
      return run(sns, input);
    },
  ]);
  return {
    service: {
      id: "sns",
      operations: Object.fromEntries(bound),
      access: (operation, input: SnsInput) => accessOf(sns, operation, input),
    },
    provisioners: snsProvisioners(sns),
    messagesOf: (arn) => [...sns.messages.values()].filter((message) => message.topicArn === arn),
  };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the table is heterogeneous; each function is typed where it is defined
const operations: Readonly<Record<string, (sns: Sns, input: any) => ReturnType<Operation>>> = {
  CreateTopic: createTopic,
  DeleteTopic: deleteTopic,
  ListTopics: listTopics,
  GetTopicAttributes: getTopicAttributes,
  SetTopicAttributes: setTopicAttributes,
  Publish: publish,
  PublishBatch: publishBatch,
  Subscribe: subscribe,
  Unsubscribe: unsubscribe,
  ListSubscriptions: listSubscriptions,
  ListSubscriptionsByTopic: listSubscriptionsByTopic,
  GetSubscriptionAttributes: getSubscriptionAttributes,
  SetSubscriptionAttributes: setSubscriptionAttributes,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
};

function listTopics(sns: Sns, { NextToken }: ListTopicsCommandInput): Answer<ListTopicsCommandOutput> {
  const { items, next } = page([...sns.topics.values()], NextToken, undefined);
  return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken: next };
}

interface SnsInput {
  readonly Name?: string;
  readonly TopicArn?: string;
  readonly TargetArn?: string;
  readonly ResourceArn?: string;
  readonly SubscriptionArn?: string;
}

/** Whoever publishes into a locked topic must be allowed to use its key, in SNS's name for the refusal. */
function assertKeyUsable({ deps, topics }: Sns, caller: Caller, { TopicArn, TargetArn }: SnsInput): void {
  const topic = topics.get(TopicArn ?? TargetArn ?? "");
  const key = topic?.attributes["KmsMasterKeyId"];
  if (topic === undefined || key === undefined || key === "alias/aws/sns") return;
  try {
    for (const action of ["kms:GenerateDataKey", "kms:Decrypt"] as const) {
      const encryptionContext = { "aws:sns:topicArn": topic.arn };
      deps.keys?.assertUsable(caller, { action, key, via: "sns", encryptionContext });
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const name = error.name.startsWith("KMS") ? error.name : `KMS${error.name.replace(/Exception$/, "")}Exception`;
    throw new AwsError(name, error.message);
  }
}

/** Subscriptions are judged by their topic, a batch as single messages. */
function accessOf(sns: Sns, operation: string, input: SnsInput): AccessRequest[] {
  const ofSubscription = input.SubscriptionArn?.split(":").slice(0, 6).join(":");
  const created = operation === "CreateTopic" ? topicArn(sns, input.Name ?? "") : undefined;
  const resource = input.TopicArn ?? input.TargetArn ?? input.ResourceArn ?? ofSubscription ?? created ?? "*";
  return [{ action: `sns:${operation === "PublishBatch" ? "Publish" : operation}`, resource }];
}
