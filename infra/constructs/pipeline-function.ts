/**
 * One Lambda of the pipeline with its own role and its own log. It may write that log and what `allow` says, nothing
 * else: no managed policies, no grants whose expansion nobody has read.
 */
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

/** One permission: named actions on named resources, with the reason when a resource has to be a star. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

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

export const statementOf = ({ actions, resources, conditions }: Permission): PolicyStatement =>
  new PolicyStatement({
    actions: [...actions],
    resources: [...resources],
    ...(conditions === undefined ? {} : { conditions }),
  });

export class PipelineFunction extends Construct {
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
    const logGroup = new LogGroup(this, "Logs", {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    const ownLog = { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [logGroup.logGroupArn] };
    for (const permission of [ownLog, ...permissions]) this.role.addToPolicy(statementOf(permission));
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
  }
}
