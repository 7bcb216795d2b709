/** The state machine that retrains one group, and what it may do beside calling its Lambdas. */
import type { IRole } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { Tags } from "../../pipeline/config/tags.ts";
import { metricNamespace } from "../../pipeline/records/run-metrics.ts";
import { DefinedMachine } from "./defined-machine.ts";
import { generatedNames, type GroupArns } from "./group-arns.ts";
import { mayTag, type Permission } from "./permission.ts";
import type { PipelineFunction } from "./pipeline-function.ts";

export interface MachineProps {
  readonly arns: GroupArns;
  readonly functions: Readonly<Record<string, PipelineFunction>>;
  readonly importRole: IRole;
  readonly topic: ITopic;
  /** What the run's resources are tagged with. */
  readonly tags: readonly Tags[];
}

export class Machine extends DefinedMachine {
  constructor(scope: Construct, id: string, props: MachineProps) {
    super(scope, id, {
      ...{ definition: "retrain", name: props.arns.stateMachineName, functions: props.functions },
      substitutions: { NoticeTopicArn: props.topic.topicArn },
      permissions: worksWith(props),
    });
  }
}

function worksWith({ arns, importRole, topic, tags }: MachineProps): readonly Permission[] {
  const { datasets, importJobs, solutions, campaigns } = arns;
  const onSolutions = { resources: solutions, because: generatedNames };
  const toChange = { resources: [...campaigns, ...solutions], because: generatedNames };
  return [
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
    {
      actions: ["cloudwatch:PutMetricData"],
      resources: ["*"],
      conditions: { StringEquals: { "cloudwatch:namespace": metricNamespace } },
      because: "PutMetricData knows no resource; the namespace narrows it",
    },
  ];
}
