/** The variables that a function's code finds, beside its own; nothing of this process leaks into them. */
import type { FunctionRecord, LambdaDeps } from "../state.ts";

/** Names that Lambda sets itself; a function may not bring its own. */
export const reservedNames: readonly string[] = [
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "LAMBDA_TASK_ROOT",
  "LAMBDA_RUNTIME_DIR",
];

export interface EnvironmentPlace {
  readonly version: string;
  readonly logStream: string;
}

export function functionEnvironment(
  record: FunctionRecord,
  { version, logStream }: EnvironmentPlace,
  deps: Pick<LambdaDeps, "region" | "endpointUrl" | "issueCredentials">,
): Record<string, string> {
  const key = deps.issueCredentials(record.roleArn, record.name);
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    AWS_ENDPOINT_URL: deps.endpointUrl(),
    // The function does not choose the Node.js that it runs on here: the SDK need not warn of its age.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    ...record.environment,
    AWS_REGION: deps.region,
    AWS_DEFAULT_REGION: deps.region,
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    AWS_SESSION_TOKEN: key.sessionToken,
    AWS_EXECUTION_ENV: `AWS_Lambda_${record.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: record.name,
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(record.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_FORMAT: record.logFormat,
    AWS_LAMBDA_LOG_GROUP_NAME: record.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    LAMBDA_TASK_ROOT: record.codePath,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    _HANDLER: record.handler,
  };
}
