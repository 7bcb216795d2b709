/** Everything that is deployed and destroyed together: one bucket, one topic, and a pipeline for each dataset group. */
import { CfnOutput, Stack, type StackProps, Tags } from "aws-cdk-lib";
import type { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { busNameOf } from "../../pipeline/config/events.ts";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import { hasSubscribers, type Notifications as Subscribers, together } from "../../pipeline/config/notifications.ts";
import type { OutrankConfig } from "../../pipeline/config/outrank-config.ts";
import { CustomerKey } from "../constructs/customer-key.ts";
import { Dashboard } from "../constructs/dashboard.ts";
import { DataBucket } from "../constructs/data-bucket.ts";
import { RunEvents } from "../constructs/event-bus.ts";
import { GroupApi } from "../constructs/group-api.ts";
import { HttpApi } from "../constructs/http-api.ts";
import { Notifications } from "../constructs/notifications.ts";
import { PersonalizeAccess } from "../constructs/personalize-access.ts";
import { RetrainingPipeline } from "../constructs/retraining-pipeline.ts";

export interface OutrankStackProps extends StackProps {
  readonly config: OutrankConfig;
  /** Folder of the bundled Lambdas. */
  readonly handlers: string;
}

/** Dashboards have learnt to carry tags only lately: not everywhere, and not in cfn-lint's schemas. */
const untaggable = { excludeResourceTypes: ["AWS::CloudWatch::Dashboard"] };

export class OutrankStack extends Stack {
  constructor(scope: Construct, id: string, { config, handlers, ...props }: OutrankStackProps) {
    super(scope, id, props);
    for (const [key, value] of Object.entries(config.tags)) Tags.of(this).add(key, value, untaggable);
    const { project, datasetGroups: groups, encryption } = config;
    if (encryption !== undefined) new CustomerKey(this, { project, customerKey: encryption.customerKey });
    const data = new DataBucket(this, "Data", { groups, archiveDays: config.api?.archiveDays });
    const notices = new Notifications(this, "Notices", { subscribers: config.notifications, handlers });
    const events = new RunEvents(this, "Events", { name: busNameOf(project, config.events) });
    const access = new PersonalizeAccess(this, "PersonalizeAccess", { data, groups });
    const pipelines = groups.map((group) => {
      const shared = {
        project,
        tags: config.tags,
        data,
        importRole: access.role,
        topic: this.topicOf(group, config.notifications, notices, handlers),
        bus: events.bus,
        handlers,
      };
      return new RetrainingPipeline(this, `Group-${group.name}`, { ...shared, group });
    });
    this.offerApi(config, data, handlers);
    new Dashboard(this, "Observation", { groups: pipelines.map((pipeline) => pipeline.observed) });
    new CfnOutput(this, "BucketName", { value: data.bucket.bucketName, description: "Drop CSV files here" });
    new CfnOutput(this, "NoticeTopicArn", {
      value: notices.topic.topicArn,
      description: "Subscribe to hear of each run",
    });
    new CfnOutput(this, "EventBusName", {
      value: events.bus.eventBusName,
      description: "Rules on it hear of each run",
    });
    new CfnOutput(this, "Groups", {
      value: this.toJsonString(
        Object.fromEntries(pipelines.map(({ observed }) => [observed.group.name, observed.stateMachineArn])),
      ),
      description: "State machine of each dataset group",
    });
  }

  private offerApi({ api, project, datasetGroups }: OutrankConfig, data: DataBucket, handlers: string): void {
    if (api === undefined) return;
    const shared = { project, api, data, handlers };
    const routes = datasetGroups.flatMap(
      (group) => new GroupApi(this, `Api-${group.name}`, { ...shared, group }).routes,
    );
    const { requestsPerSecond } = api;
    const { url } = new HttpApi(this, "HttpApi", { name: project, routes, requestsPerSecond });
    new CfnOutput(this, "ApiUrl", { value: url, description: "The HTTP API; sign requests for execute-api" });
  }

  /** The stack's own, unless the group has subscribers beside the project's: then one that both listen to. */
  private topicOf(group: DatasetGroup, all: Subscribers, shared: Notifications, handlers: string): Topic {
    if (!hasSubscribers(group.notifications)) return shared.topic;
    const subscribers = together(all, group.notifications);
    return new Notifications(this, `Notices-${group.name}`, { subscribers, handlers }).topic;
  }
}
