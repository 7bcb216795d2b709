/**
 * What takes one dataset group down: two Lambdas and a machine. Its rights to delete are its own; the retraining machine
 * and its Lambdas have none of them.
 */
import { Duration } from "aws-cdk-lib";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import * as layout from "../../pipeline/naming/bucket-layout.ts";
import { handlerFolder } from "../project-folder.ts";
import { withConfiguredCode } from "./configured-code.ts";
import type { DataBucket } from "./data-bucket.ts";
import { DefinedMachine } from "./defined-machine.ts";
import { deletableArns, type GroupArns } from "./group-arns.ts";
import type { Permission } from "./permission.ts";
import { PipelineFunction } from "./pipeline-function.ts";

export interface CleanupMachineProps {
  readonly project: string;
  readonly group: DatasetGroup;
  readonly arns: GroupArns;
  readonly data: DataBucket;
  readonly topic: ITopic;
  /** Folder of the bundled Lambdas. */
  readonly handlers: string;
  /** The retraining machine's: who gives the lease back starts what came meanwhile. */
  readonly ReleaseTheLease: PipelineFunction;
}

export class CleanupMachine extends Construct {
  private readonly props: CleanupMachineProps;

  constructor(scope: Construct, id: string, props: CleanupMachineProps) {
    super(scope, id);
    this.props = props;
    const { arns, topic, ReleaseTheLease } = props;
    new DefinedMachine(this, "Machine", {
      ...{ definition: "cleanup", name: arns.cleanupMachineName },
      functions: { BeginTheCleanup: this.beginTheCleanup(), CleanUp: this.cleanUp(), ReleaseTheLease },
      substitutions: { NoticeTopicArn: topic.topicArn },
      permissions: [{ actions: ["sns:Publish"], resources: [topic.topicArn] }],
    });
  }

  private get environment() {
    return { BUCKET: this.props.data.bucket.bucketName };
  }

  private objects(actions: readonly string[], ...keys: readonly string[]): Permission {
    const { bucket } = this.props.data;
    const because = "our own objects have the names of solutions, versions and cleanups";
    return { actions, resources: keys.map((key) => bucket.arnForObjects(key)), because };
  }

  private listing(): Permission {
    return { actions: ["s3:ListBucket"], resources: [this.props.data.bucket.bucketArn] };
  }

  private beginTheCleanup(): PipelineFunction {
    const { project, group, arns, handlers } = this.props;
    const name = "begin-the-cleanup";
    return withConfiguredCode(handlerFolder(handlers, name), "group.json", { project, group }, (codeFolder) => {
      const permissions: Permission[] = [
        this.objects(["s3:GetObject", "s3:PutObject"], layout.leaseKey(group.name)),
        this.listing(),
        {
          actions: ["states:DescribeExecution"],
          resources: [arns.executions, arns.cleanupExecutions],
          because: "executions are named at start",
        },
      ];
      return new PipelineFunction(this, "BeginTheCleanup", {
        ...{ name, codeFolder, permissions, environment: this.environment },
      });
    });
  }

  private cleanUp(): PipelineFunction {
    const { project, group, handlers } = this.props;
    const name = "clean-up";
    const pointers = layout.pointerPrefixes(group.name).map((key) => (key.endsWith("/") ? `${key}*` : key));
    return new PipelineFunction(this, "CleanUp", {
      ...{ name, codeFolder: handlerFolder(handlers, name), environment: this.environment },
      timeout: Duration.minutes(2),
      permissions: [
        this.listing(),
        this.objects(["s3:GetObject"], `${layout.championsPrefix(group.name)}*`),
        this.objects(["s3:DeleteObject"], ...pointers),
        this.objects(["s3:PutObject"], layout.cleanupKey(group.name, "*")),
        ...mayLook,
        ...mayDelete(project, group),
      ],
    });
  }
}

const mayLook: readonly Permission[] = [
  {
    actions: [
      "Recommenders",
      "Campaigns",
      "EventTrackers",
      "Filters",
      "MetricAttributions",
      "Solutions",
      "SolutionVersions",
      "BatchInferenceJobs",
      "BatchSegmentJobs",
      "Datasets",
      "DatasetImportJobs",
      "DatasetExportJobs",
      "DataDeletionJobs",
      "Schemas",
    ].map((kind) => `personalize:List${kind}`),
    resources: ["*"],
    because: "Personalize's List calls know no narrower resource; they read names and states, nothing else",
  },
];

function mayDelete(project: string, group: DatasetGroup): Permission[] {
  const arns = deletableArns(project, group);
  const because = group.cleanup.mayDeleteForeign
    ? "cleanup.mayDeleteForeign: what others made in this dataset group has any name; only what Personalize lists in it is deleted"
    : "things of former configurations have names that nobody knows any more; only what Personalize lists in this dataset group is deleted";
  const may = (resources: readonly string[], ...operations: readonly string[]): Permission => ({
    actions: operations.map((operation) => `personalize:${operation}`),
    ...{ resources, because },
  });
  return [
    may(arns.recommenders, "DeleteRecommender"),
    may(arns.campaigns, "DeleteCampaign"),
    { ...may(arns.eventTrackers, "DeleteEventTracker"), because: "the service gives an event tracker its id" },
    may(arns.filters, "DeleteFilter"),
    may(arns.metricAttributions, "DeleteMetricAttribution"),
    may(arns.solutions, "DeleteSolution", "StopSolutionVersionCreation"),
    may(arns.datasets, "DeleteDataset"),
    may(arns.schemas, "DeleteSchema"),
    may([arns.datasetGroup], "DescribeDatasetGroup", "DeleteDatasetGroup"),
  ];
}
