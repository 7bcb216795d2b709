/** What SNS keeps: topics, subscriptions and the newest messages; and the errors about them. */
import { AwsError } from "../cloud/ports/aws-error.ts";
import type { Keys } from "../cloud/ports/keys.ts";
import type { AwsCalls, ServiceDeps } from "../cloud/ports/service.ts";
import type { Table } from "../cloud/ports/store.ts";

export interface Topic {
  readonly arn: string;
  readonly name: string;
  /** As given: DisplayName, Policy, FifoTopic, KmsMasterKeyId… */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface PublishedMessage {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** "json": a text for each protocol. Absent in messages of older versions. */
  readonly structure?: string | undefined;
  /** Epoch milliseconds. */
  readonly publishedAt: number;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly message: PublishedMessage;
}

export interface SnsDeps extends ServiceDeps {
  /** IAM's: keeps a topic's policy, or takes it away. Durable when it resolves. */
  setResourcePolicy(resourceArn: string, document: object | string | undefined): Promise<void>;
  /** Who may use the keys that topics are locked with; everybody by default. */
  readonly keys?: Keys;
  /** How subscribed functions are called; without it none is. Usable from `resume` on. */
  readonly calls?: AwsCalls;
  /** Where mails go; without it nowhere. */
  readonly outbox?: (mail: Mail) => Promise<void>;
  /** Called for every message once it is durable; `npm start` prints notices with it. */
  onPublish?(message: PublishedMessage): void;
}

export interface Sns {
  readonly deps: SnsDeps;
  readonly topics: Table<Topic>;
  readonly subscriptions: Table<Subscription>;
  /** Oldest first. */
  readonly messages: Table<PublishedMessage>;
}

/** Messages kept for people to look at; delivery does not depend on them. */
export const messagesKept = 1_000;

export function openSns(deps: SnsDeps): Sns {
  return {
    deps,
    topics: deps.store.table("sns/topics"),
    subscriptions: deps.store.table("sns/subscriptions"),
    messages: deps.store.table("sns/messages"),
  };
}

export function topicArn({ deps }: Sns, name: string): string {
  return `arn:aws:sns:${deps.region}:${deps.account}:${name}`;
}

export function topicOf(sns: Sns, arn: string | undefined): Topic {
  const topic = sns.topics.get(arn ?? "");
  if (!topic) throw new AwsError("NotFound", "Topic does not exist", { status: 404 });
  return topic;
}

export function subscriptionOf(sns: Sns, arn: string | undefined): Subscription {
  const subscription = sns.subscriptions.get(arn ?? "");
  if (!subscription) throw new AwsError("NotFound", "Subscription does not exist", { status: 404 });
  return subscription;
}

export function subscriptionsOf(sns: Sns, arn: string): Subscription[] {
  return [...sns.subscriptions.values()].filter((subscription) => subscription.topicArn === arn);
}

export function invalidParameter(what: string): AwsError {
  return new AwsError("InvalidParameter", `Invalid parameter: ${what}`);
}

/** The answer of an operation without the SDK's metadata. */
export type Answer<T> = Omit<T, "$metadata">;
