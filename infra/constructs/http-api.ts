/**
 * An HTTP API that hands requests to functions. Each route says who may take it; an open one says why. Its log names
 * routes and statuses, never paths or queries, which hold ids of users.
 */
import { Aws, RemovalPolicy } from "aws-cdk-lib";
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from "aws-cdk-lib/aws-apigatewayv2";
import { CfnPermission } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import type { PipelineFunction } from "./pipeline-function.ts";

export interface HttpRoute {
  /** `GET /groups/shop/runs/{id}` */
  readonly key: string;
  readonly to: PipelineFunction;
  /** Absent: signed requests only. */
  readonly openBecause?: string;
}

export interface HttpApiProps {
  readonly name: string;
  readonly routes: readonly HttpRoute[];
  readonly requestsPerSecond: number;
}

const logFormat = JSON.stringify({
  time: "$context.requestTime",
  requestId: "$context.requestId",
  route: "$context.routeKey",
  status: "$context.status",
  milliseconds: "$context.responseLatency",
  error: "$context.integrationErrorMessage",
});

export class HttpApi extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { name, routes, requestsPerSecond }: HttpApiProps) {
    super(scope, id);
    const api = new CfnApi(this, "Api", { name, protocolType: "HTTP", description: "Outrank" });
    const log = new LogGroup(this, "Log", {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const throttle = { throttlingRateLimit: requestsPerSecond, throttlingBurstLimit: 2 * requestsPerSecond };
    new CfnStage(this, "Stage", {
      ...{ apiId: api.ref, stageName: "$default", autoDeploy: true },
      accessLogSettings: { destinationArn: log.logGroupArn, format: logFormat },
      defaultRouteSettings: { ...throttle, detailedMetricsEnabled: true },
    });
    this.url = api.attrApiEndpoint;
    for (const to of new Set(routes.map((route) => route.to))) {
      const own = routes.filter((route) => route.to === to);
      this.connect(api, to, own);
    }
  }

  /** One integration for each function, and the permission for the API's routes to call it. */
  private connect(api: CfnApi, to: PipelineFunction, routes: readonly HttpRoute[]): void {
    const id = `${to.node.scope?.node.id ?? ""}-${to.name}`;
    const functionArn = to.lambda.functionArn;
    const integration = new CfnIntegration(this, `${id}-Integration`, {
      ...{ apiId: api.ref, integrationType: "AWS_PROXY", integrationUri: functionArn },
      ...{ payloadFormatVersion: "2.0", timeoutInMillis: 29_000 },
    });
    new CfnPermission(this, `${id}-Permission`, {
      ...{ action: "lambda:InvokeFunction", functionName: functionArn, principal: "apigateway.amazonaws.com" },
      sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${api.ref}/*`,
    });
    routes.forEach(({ key, openBecause }, at) => {
      const route = new CfnRoute(this, `${id}-Route${at}`, {
        ...{ apiId: api.ref, routeKey: key, target: `integrations/${integration.ref}` },
        authorizationType: openBecause === undefined ? "AWS_IAM" : "NONE",
      });
      if (openBecause !== undefined) acknowledge(route, "AwsSolutions-APIG4", openBecause);
    });
  }
}
