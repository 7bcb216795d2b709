/** One topic that says, in words, how each run ended. Subscribe by mail, chat or queue. */
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";

export class Notifications extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.topic = new Topic(this, "Topic", { displayName: "Outrank", enforceSSL: true });
  }
}
