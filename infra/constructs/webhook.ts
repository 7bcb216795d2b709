/** A webhook that hears what a topic says, through a small function of its own: one that fails holds up no other. */
import { Duration } from "aws-cdk-lib";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnSubscription, type ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { handlerFolder } from "../project-folder.ts";
import { PipelineFunction } from "./pipeline-function.ts";

export interface WebhookProps {
  readonly topic: ITopic;
  readonly url: string;
  /** Folder of the bundled Lambdas. */
  readonly handlers: string;
}

export class Webhook extends Construct {
  constructor(scope: Construct, id: string, { topic, url, handlers }: WebhookProps) {
    super(scope, id);
    const name = "post-the-notice";
    const { lambda } = new PipelineFunction(this, "Post", {
      ...{ name, codeFolder: handlerFolder(handlers, name), timeout: Duration.seconds(20) },
      environment: { WEBHOOK_URL: url },
    });
    lambda.addPermission("Topic", {
      principal: new ServicePrincipal("sns.amazonaws.com"),
      sourceArn: topic.topicArn,
    });
    new CfnSubscription(this, "Subscription", {
      topicArn: topic.topicArn,
      protocol: "lambda",
      endpoint: lambda.functionArn,
    });
  }
}
