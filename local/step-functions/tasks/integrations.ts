/** Which integration performs which resource. */
import type { TaskResource } from "../program/task-resource.ts";
import { awsSdk } from "./aws-sdk.ts";
import { eventsPutEvents } from "./events-put-events.ts";
import { glueStartJobRun } from "./glue-start-job-run.ts";
import type { Integration } from "./integration.ts";
import { lambdaFunction, lambdaInvoke } from "./lambda-invoke.ts";
import { snsPublish } from "./sns-publish.ts";
import { statesStartExecution } from "./states-start-execution.ts";

const optimized: Readonly<Record<string, Integration>> = {
  "lambda:invoke": lambdaInvoke,
  "sns:publish": snsPublish,
  "events:putEvents": eventsPutEvents,
  "states:startExecution": statesStartExecution,
  "glue:startJobRun": glueStartJobRun,
};

export function integrationFor(resource: TaskResource): Integration {
  if (resource.kind === "function") return lambdaFunction(resource.arn);
  const { resourceType, action } = resource;
  if (resourceType.startsWith("aws-sdk:")) return awsSdk(resourceType.slice("aws-sdk:".length), action);
  const found = optimized[`${resourceType}:${action}`];
  if (!found) throw new Error(`No integration for ${resourceType}:${action}`);
  return found;
}
