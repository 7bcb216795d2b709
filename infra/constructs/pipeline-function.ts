/**
 * One Lambda of the pipeline with its own role and its own log. It may write that log, its traces and what
 * `permissions` say, nothing else.
 */
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, type CfnFunction, Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { allow, type Permission } from "./permission.ts";

export interface PipelineFunctionProps {
  /** As its folder under lambdas/. */
  readonly name: string;
  /** The folder with its bundled code. */
  readonly codeFolder: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly permissions?: readonly Permission[];
  readonly timeout?: Duration;
  readonly memoryMiB?: number;
}

// Star: X-Ray's calls know no resource. They carry timings and names of calls, none of what was sent.
const tracing: Permission = {
  actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  resources: ["*"],
  because: "X-Ray knows no resource to name",
};

export class PipelineFunction extends Construct {
  readonly name: string;
  readonly lambda: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: PipelineFunctionProps) {
    super(scope, id);
    const {
      name,
      codeFolder,
      environment = {},
      permissions = [],
      timeout = Duration.seconds(60),
      memoryMiB = 256,
    } = props;
    this.name = name;
    const logGroup = new LogGroup(this, "Logs", {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    const ownLog = { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [logGroup.logGroupArn] };
    for (const permission of [ownLog, tracing, ...permissions]) allow(this.role, permission);
    this.lambda = new LambdaFunction(this, "Function", {
      description: `Outrank: ${name.replaceAll("-", " ")}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: Code.fromAsset(codeFolder),
      role: this.role,
      logGroup,
      environment: { ...environment },
      timeout,
      memorySize: memoryMiB,
    });
    // `tracing` of the L2 would add a statement of its own to the role.
    (this.lambda.node.defaultChild as CfnFunction).tracingConfig = { mode: "Active" };
  }
}
