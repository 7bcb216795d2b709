/** What the HTTP API offers of one group, and the functions that answer. Each may do what its route is for. */
import { Construct } from "constructs";
import type { Api } from "../../pipeline/config/api.ts";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import * as layout from "../../pipeline/naming/bucket-layout.ts";
import { handlerFolder } from "../project-folder.ts";
import type { DataBucket } from "./data-bucket.ts";
import { generatedNames, groupArns, type GroupArns } from "./group-arns.ts";
import type { HttpRoute } from "./http-api.ts";
import { listEventTrackers } from "./list-permissions.ts";
import { PipelineFunction, type PipelineFunctionProps } from "./pipeline-function.ts";

export interface GroupApiProps {
  readonly project: string;
  readonly group: DatasetGroup;
  readonly api: Api;
  readonly data: DataBucket;
  readonly handlers: string;
}

/** By the name in the configuration: `for-you` -> the campaign's ARN. */
const byName = (names: readonly { readonly name: string }[], arns: readonly string[]): string =>
  JSON.stringify(Object.fromEntries(names.map(({ name }, at) => [name, arns[at]])));

export class GroupApi extends Construct {
  readonly routes: readonly HttpRoute[];

  private readonly props: GroupApiProps;
  private readonly arns: GroupArns;

  constructor(scope: Construct, id: string, props: GroupApiProps) {
    super(scope, id);
    this.props = props;
    this.arns = groupArns(props.project, props.group);
    const { parts } = props.api;
    this.routes = [
      ...(parts.includes("runs") ? this.runs() : []),
      ...(parts.includes("recommendations") ? this.recommendations() : []),
      ...(parts.includes("events") ? this.events() : []),
    ];
  }

  private make(name: string, props: Partial<PipelineFunctionProps>): PipelineFunction {
    const id = name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
    return new PipelineFunction(this, id, { codeFolder: handlerFolder(this.props.handlers, name), ...props, name });
  }

  private get base(): string {
    return `/groups/${this.props.group.name}`;
  }

  private runs(): HttpRoute[] {
    const { group, data } = this.props;
    const start = this.make("start-a-run", {
      environment: { STATE_MACHINE_ARN: this.arns.stateMachine },
      permissions: [{ actions: ["states:StartExecution"], resources: [this.arns.stateMachine] }],
    });
    const show = this.make("show-a-run", {
      environment: { BUCKET: data.bucket.bucketName, GROUP: group.name },
      permissions: [
        {
          actions: ["s3:GetObject"],
          resources: [data.bucket.arnForObjects(layout.recordKey(group.name, "*"))],
          because: "records are named after runs",
        },
        { actions: ["s3:ListBucket"], resources: [data.bucket.bucketArn] },
      ],
    });
    return [
      { key: `POST ${this.base}/runs`, to: start },
      { key: `GET ${this.base}/runs/{id}`, to: show },
    ];
  }

  private recommendations(): HttpRoute[] {
    const { solutions, followUp } = this.props.group;
    const { campaigns, filters } = this.arns;
    const ask = this.make("recommend", {
      environment: { CAMPAIGNS: byName(solutions, campaigns), FILTERS: byName(followUp.filters, filters) },
      permissions: [{ actions: ["personalize:GetRecommendations"], resources: [...campaigns, ...filters] }],
    });
    return [{ key: `GET ${this.base}/solutions/{solution}/recommendations`, to: ask }];
  }

  private events(): HttpRoute[] {
    const { group, data } = this.props;
    if (!group.eventTracker) return [];
    const send = this.make("send-events", {
      environment: {
        ...{ BUCKET: data.bucket.bucketName, GROUP: group.name, DATASET_GROUP_ARN: this.arns.datasetGroup },
        SCHEMA: JSON.stringify(group.datasets.interactions.schema),
      },
      permissions: [
        listEventTrackers,
        {
          actions: ["personalize:DescribeEventTracker", "personalize:PutEvents"],
          resources: this.arns.eventTrackers,
          because: generatedNames,
        },
        {
          actions: ["s3:PutObject"],
          resources: [data.bucket.arnForObjects(`${layout.archivedEventsPrefix(group.name)}*`)],
          because: "each call is archived under a name of its own",
        },
      ],
    });
    return [{ key: `POST ${this.base}/events`, to: send }];
  }
}
