/**
 * Hands a message to a topic's subscribers, as far as this machine can: functions are invoked, web addresses get a POST,
 * mails are put into the outbox. What fails is logged and held against nobody: Publish has long succeeded.
 */
import type { PublishedMessage, Sns, Subscription } from "../topics.ts";
import { lambdaEvent, notification, textFor } from "./envelopes.ts";

type Deliver = (sns: Sns, subscription: Subscription, message: PublishedMessage) => Promise<unknown>;

/** The function's own policy says whether this topic may call it. */
const invoke: Deliver = async ({ deps }, subscription, message) =>
  deps.calls?.call(
    "lambda",
    "Invoke",
    {
      FunctionName: subscription.endpoint,
      InvocationType: "Event",
      Payload: Buffer.from(JSON.stringify(lambdaEvent(subscription, message))),
    },
    { kind: "service", principal: "sns.amazonaws.com", sourceArn: subscription.topicArn },
  );

const mail: Deliver = async ({ deps }, { endpoint, protocol, ...subscription }, message) => {
  const body =
    protocol === "email-json"
      ? JSON.stringify(notification({ endpoint, protocol, ...subscription }, message), null, 2)
      : textFor("email", message);
  await deps.outbox?.({ to: endpoint, subject: message.subject ?? "AWS Notification Message", body, message });
};

const triesOfPost = 3;
const betweenTries = 20_000;

const post: Deliver = async ({ deps }, subscription, message) => {
  const isRaw = subscription.attributes["RawMessageDelivery"] === "true";
  const body = isRaw
    ? textFor(subscription.protocol, message)
    : JSON.stringify(notification(subscription, message), null, 2);
  const headers = {
    "content-type": "text/plain; charset=UTF-8",
    "x-amz-sns-message-type": "Notification",
    "x-amz-sns-message-id": message.messageId,
    "x-amz-sns-topic-arn": message.topicArn,
    "x-amz-sns-subscription-arn": subscription.arn,
  };
  for (let tries = 1; ; tries++) {
    const release = deps.clock.busy();
    try {
      const answer = await fetch(subscription.endpoint, { method: "POST", headers, body });
      await answer.body?.cancel();
      if (answer.ok) return;
      if (tries === triesOfPost) throw new Error(`answered ${answer.status}`);
    } catch (error) {
      if (tries === triesOfPost) throw error;
    } finally {
      release();
    }
    await deps.clock.sleep(betweenTries);
  }
};

/** SQS, Firehose, phones and apps are not part of this cloud. */
const senders: Readonly<Record<string, Deliver>> = {
  ...{ lambda: invoke, email: mail, "email-json": mail, http: post, https: post },
};

/** Functions and mails are on disk when this resolves; web addresses are called on the way, without being waited for. */
export async function deliver(sns: Sns, subscriptions: readonly Subscription[], message: PublishedMessage) {
  const web = subscriptions.filter(({ protocol }) => protocol.startsWith("http"));
  for (const subscription of web) void attempt(sns, subscription, message);
  await Promise.all(subscriptions.filter((one) => !web.includes(one)).map((one) => attempt(sns, one, message)));
}

async function attempt(sns: Sns, subscription: Subscription, message: PublishedMessage): Promise<void> {
  const { protocol, arn, attributes } = subscription;
  try {
    if (attributes["FilterPolicy"] !== undefined) throw new Error("this cloud evaluates no filter policies");
    await senders[protocol]?.(sns, subscription, message);
  } catch (error) {
    sns.deps.log(`sns: message ${message.messageId} was not delivered by ${protocol} (${arn}): ${reasonOf(error)}`);
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
