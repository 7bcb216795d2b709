/**
 * A state machine made of one definition file: the bytes as they lie in state-machines/, with ARNs put in for the
 * placeholders. Its own role, its log without the data, its traces.
 */
import { RemovalPolicy } from "aws-cdk-lib";
import { Role } from "aws-cdk-lib/aws-iam";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import { CfnStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { definitionFile } from "../project-folder.ts";
import { allow, forThisAccount, type Permission } from "./permission.ts";
import type { PipelineFunction } from "./pipeline-function.ts";

export interface DefinedMachineProps {
  /** As in `state-machines/<definition>.asl.json`. */
  readonly definition: string;
  readonly name: string;
  /** By the names of the definition's placeholders. */
  readonly functions: Readonly<Record<string, PipelineFunction>>;
  /** The other placeholders. */
  readonly substitutions: Readonly<Record<string, string>>;
  /** Beside calling its functions. */
  readonly permissions: readonly Permission[];
}

export class DefinedMachine extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: DefinedMachineProps) {
    super(scope, id);
    const { name, functions, substitutions, permissions } = props;
    const lambdaArns = Object.entries(functions).map(([key, { lambda }]) => [key, lambda.functionArn] as const);
    const role = new Role(this, "Role", { assumedBy: forThisAccount("states.amazonaws.com") });
    const invoke = { actions: ["lambda:InvokeFunction"], resources: lambdaArns.map(([, arn]) => arn) };
    for (const permission of [invoke, ...permissions, ...unnamed]) allow(role, permission);
    const logs = new LogGroup(this, "Logs", {
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const definition = new Asset(this, "Definition", { path: definitionFile(props.definition) });
    const machine = new CfnStateMachine(this, "StateMachine", {
      stateMachineName: name,
      roleArn: role.roleArn,
      definitionS3Location: { bucket: definition.s3BucketName, key: definition.s3ObjectKey },
      definitionSubstitutions: { ...Object.fromEntries(lambdaArns), ...substitutions },
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

/** What AWS has no resource for. */
const unnamed: readonly Permission[] = [
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
