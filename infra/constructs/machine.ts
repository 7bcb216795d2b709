/** The state machine that retrains one group, and what it may do beside calling its Lambdas. */
import type { IEventBus } from "aws-cdk-lib/aws-events";
import type { IRole } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { Preparation } from "../../pipeline/config/glue.ts";
import type { Tags } from "../../pipeline/config/tags.ts";
import { metricNamespace } from "../../pipeline/records/run-metrics.ts";
import { type DataQuality, glueArn } from "./data-quality.ts";
import { DefinedMachine } from "./defined-machine.ts";
import { generatedNames, type GroupArns } from "./group-arns.ts";
import { mayPass, mayTag, type Permission } from "./permission.ts";
import type { PipelineFunction } from "./pipeline-function.ts";

export interface MachineProps {
  readonly arns: GroupArns;
  readonly functions: Readonly<Record<string, PipelineFunction>>;
  readonly importRole: IRole;
  readonly topic: ITopic;
  readonly bus: IEventBus;
  /** Where a person answers; absent: nobody is asked. */
  readonly approvalUrl?: string;
  /** Absent: no rules are evaluated. */
  readonly quality?: DataQuality;
  readonly preparation?: Preparation | undefined;
  /** Whether a late training may be stopped. */
  readonly stopsLateTraining: boolean;
  /** What the run's resources are tagged with. */
  readonly tags: readonly Tags[];
}

export class Machine extends DefinedMachine {
  constructor(scope: Construct, id: string, props: MachineProps) {
    super(scope, id, {
      ...{ definition: "retrain", name: props.arns.stateMachineName, functions: props.functions },
      substitutions: {
        NoticeTopicArn: props.topic.topicArn,
        EventBusName: props.bus.eventBusName,
        ApprovalUrl: props.approvalUrl ?? "none",
        QualityRole: props.quality?.role.roleArn ?? "none",
      },
      permissions: [...worksWith(props), ...gluePermissions(props)],
    });
  }
}

/** Glue: a job that the configuration names, and the rulesets of this group. */
function gluePermissions({ quality, preparation }: MachineProps): Permission[] {
  return [
    ...(preparation === undefined
      ? []
      : [{ actions: ["glue:StartJobRun", "glue:GetJobRun"], resources: [glueArn(`job/${preparation.glueJob}`)] }]),
    ...(quality === undefined
      ? []
      : [
          { actions: ["glue:StartDataQualityRulesetEvaluationRun"], resources: quality.rulesets },
          {
            actions: ["glue:GetDataQualityRulesetEvaluationRun"],
            resources: [glueArn("dataQualityRuleset/*")],
            because: "a run has an id, and Glue knows no resource for it",
          },
          { actions: ["glue:GetTable"], resources: quality.tables },
          mayPass(quality.role, "glue"),
        ]),
  ];
}

function worksWith({ arns, importRole, topic, bus, tags, stopsLateTraining }: MachineProps): readonly Permission[] {
  const { datasets, importJobs, solutions, campaigns } = arns;
  const onSolutions = { resources: solutions, because: generatedNames };
  const toChange = { resources: [...campaigns, ...solutions], because: generatedNames };
  return [
    { actions: ["personalize:CreateDatasetImportJob"], resources: [...datasets, ...importJobs] },
    { actions: ["personalize:DescribeDatasetImportJob"], resources: importJobs },
    { actions: ["personalize:DescribeSolutionVersion", "personalize:GetSolutionMetrics"], ...onSolutions },
    ...(stopsLateTraining ? [{ actions: ["personalize:StopSolutionVersionCreation"], ...onSolutions }] : []),
    { actions: ["personalize:DescribeCampaign"], resources: campaigns },
    { actions: ["personalize:CreateCampaign", "personalize:UpdateCampaign"], ...toChange },
    mayPass(importRole, "personalize"),
    { actions: ["sns:Publish"], resources: [topic.topicArn] },
    { actions: ["events:PutEvents"], resources: [bus.eventBusArn] },
    ...mayTag(tags, [...importJobs, ...campaigns]),
    {
      actions: ["cloudwatch:PutMetricData"],
      resources: ["*"],
      conditions: { StringEquals: { "cloudwatch:namespace": metricNamespace } },
      because: "PutMetricData knows no resource; the namespace narrows it",
    },
  ];
}
