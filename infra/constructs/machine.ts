/** The state machine of one group: the definition file as it lies in state-machines/, with this group's ARNs put in. */
import { RemovalPolicy } from "aws-cdk-lib";
import { type IRole, Role } from "aws-cdk-lib/aws-iam";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { CfnStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import type { Tags } from "../../pipeline/config/tags.ts";
import { metricNamespace } from "../../pipeline/records/run-metrics.ts";
import { definitionFile } from "../project-folder.ts";
import { generatedNames, type GroupArns } from "./group-arns.ts";
import { allow, forThisAccount, mayTag, type Permission } from "./permission.ts";
import type { PipelineFunction } from "./pipeline-function.ts";

export interface MachineProps {
  readonly arns: GroupArns;
  readonly functions: Readonly<Record<string, PipelineFunction>>;
  readonly importRole: IRole;
  readonly topic: ITopic;
  /** What the run's resources are tagged with. */
  readonly tags: readonly Tags[];
}

export class Machine extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: MachineProps) {
    super(scope, id);
    const { arns, functions, topic } = props;
    const role = new Role(this, "Role", { assumedBy: forThisAccount("states.amazonaws.com") });
    for (const permission of [...worksWith(props), ...unnamed]) allow(role, permission);
    const logs = new LogGroup(this, "Logs", {
      logGroupName: `/aws/vendedlogs/states/${arns.stateMachineName}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const definition = new Asset(this, "Definition", { path: definitionFile("retrain") });
    const lambdaArns = Object.entries(functions).map(([name, { lambda }]) => [name, lambda.functionArn]);
    const machine = new CfnStateMachine(this, "StateMachine", {
      stateMachineName: arns.stateMachineName,
      roleArn: role.roleArn,
      definitionS3Location: { bucket: definition.s3BucketName, key: definition.s3ObjectKey },
      definitionSubstitutions: { ...Object.fromEntries(lambdaArns), NoticeTopicArn: topic.topicArn },
      loggingConfiguration: {
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logs.logGroupArn } }],
        // Every step is told, but not its data: they hold ids of users (the smoke test's).
        includeExecutionData: false,
        level: "ALL",
      },
      tracingConfiguration: { enabled: true },
    });
    machine.node.addDependency(role);
    this.arn = machine.attrArn;
  }
}

function worksWith({ arns, functions, importRole, topic, tags }: MachineProps): readonly Permission[] {
  const { datasets, importJobs, solutions, campaigns } = arns;
  const onSolutions = { resources: solutions, because: generatedNames };
  const toChange = { resources: [...campaigns, ...solutions], because: generatedNames };
  return [
    { actions: ["lambda:InvokeFunction"], resources: Object.values(functions).map(({ lambda }) => lambda.functionArn) },
    { actions: ["personalize:CreateDatasetImportJob"], resources: [...datasets, ...importJobs] },
    { actions: ["personalize:DescribeDatasetImportJob"], resources: importJobs },
    { actions: ["personalize:DescribeSolutionVersion", "personalize:GetSolutionMetrics"], ...onSolutions },
    { actions: ["personalize:DescribeCampaign"], resources: campaigns },
    { actions: ["personalize:CreateCampaign", "personalize:UpdateCampaign"], ...toChange },
    {
      actions: ["iam:PassRole"],
      resources: [importRole.roleArn],
      conditions: { StringEquals: { "iam:PassedToService": "personalize.amazonaws.com" } },
    },
    { actions: ["sns:Publish"], resources: [topic.topicArn] },
    ...mayTag(tags, [...importJobs, ...campaigns]),
  ];
}

/** What AWS has no resource for. */
const unnamed: readonly Permission[] = [
  {
    actions: ["cloudwatch:PutMetricData"],
    resources: ["*"],
    conditions: { StringEquals: { "cloudwatch:namespace": metricNamespace } },
    because: "PutMetricData knows no resource; the namespace narrows it",
  },
  {
    actions: [
      "logs:CreateLogDelivery",
      "logs:GetLogDelivery",
      "logs:UpdateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:DescribeResourcePolicies",
      "logs:DescribeLogGroups",
    ],
    resources: ["*"],
    because: "Step Functions sets up its log delivery with these; none can be narrowed (its developer guide says so)",
  },
  {
    actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"],
    resources: ["*"],
    because: "X-Ray knows no resource to name",
  },
];
