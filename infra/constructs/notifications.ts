/**
 * One topic that says, in words, how each run ended, and when an alarm changes its mind: to mail boxes and webhooks that the
 * configuration names, and to whoever else subscribes.
 */
import { Aws } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnSubscription, Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { createHash } from "node:crypto";
import type { Notifications as Subscribers } from "../../pipeline/config/notifications.ts";
import { Webhook } from "./webhook.ts";

export interface NotificationsProps {
  readonly subscribers: Subscribers;
  /** Folder of the bundled Lambdas. */
  readonly handlers: string;
}

/** Ids that stay when the order changes, and tell nothing of an address: logical ids are seen by many. */
const idOf = (kind: string, address: string): string =>
  `${kind}${createHash("sha256").update(address).digest("hex").slice(0, 8)}`;

export class Notifications extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { subscribers, handlers }: NotificationsProps) {
    super(scope, id);
    this.topic = new Topic(this, "Topic", { displayName: "Outrank", enforceSSL: true });
    // A policy of its own takes the place of the one that lets this account's alarms in.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsSpeak",
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID },
          ArnLike: { "aws:SourceArn": `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:*` },
        },
      }),
    );
    const { topic } = this;
    for (const endpoint of subscribers.emails) {
      new CfnSubscription(this, idOf("Mail", endpoint), { topicArn: topic.topicArn, protocol: "email", endpoint });
    }
    for (const url of subscribers.webhooks) new Webhook(this, idOf("Webhook", url), { topic, url, handlers });
  }
}
