/** GetFunction, GetFunctionConfiguration and ListFunctions: one record in three shapes. */
import { pathToFileURL } from "node:url";
import type {
  FunctionConfiguration,
  GetFunctionConfigurationRequest,
  GetFunctionRequest,
  GetFunctionResponse,
  ListFunctionsRequest,
  ListFunctionsResponse,
  Runtime,
} from "@aws-sdk/client-lambda";
import { page } from "../../cloud/ports/page.ts";
import { findFunction, type LambdaState, type ResolvedFunction } from "../state.ts";

export function configuration({ record, version, invokedArn }: ResolvedFunction): FunctionConfiguration {
  const hasVariables = Object.keys(record.environment).length > 0;
  return {
    FunctionName: record.name,
    FunctionArn: invokedArn,
    Runtime: record.runtime as Runtime,
    Role: record.roleArn,
    Handler: record.handler,
    CodeSize: record.codeBytes,
    CodeSha256: record.codeSha256,
    Description: record.description,
    Timeout: record.timeoutSeconds,
    MemorySize: record.memoryMb,
    LastModified: new Date(record.modifiedAt).toISOString().replace("Z", "+0000"),
    Version: version,
    ...(hasVariables ? { Environment: { Variables: { ...record.environment } } } : {}),
    TracingConfig: { Mode: "PassThrough" },
    RevisionId: revisionOf(record.codeSha256, record.modifiedAt),
    State: "Active",
    LastUpdateStatus: "Successful",
    PackageType: "Zip",
    Architectures: [record.architecture === "arm64" ? "arm64" : "x86_64"],
    EphemeralStorage: { Size: 512 },
    LoggingConfig: { LogFormat: record.logFormat, LogGroup: record.logGroup },
  };
}

/** Changes with the function, and only then. */
function revisionOf(sha256: string, modifiedAt: number): string {
  const hex = Buffer.from(`${modifiedAt}${sha256}`).toString("hex").slice(0, 32).padEnd(32, "0");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export const getFunctionConfiguration =
  (state: LambdaState) =>
  (input: GetFunctionConfigurationRequest): FunctionConfiguration =>
    configuration(findFunction(state, input.FunctionName, input.Qualifier));

export const getFunction =
  (state: LambdaState) =>
  (input: GetFunctionRequest): GetFunctionResponse => {
    const found = findFunction(state, input.FunctionName, input.Qualifier);
    const { record } = found;
    return {
      Configuration: configuration(found),
      // There is no bucket to sign a URL for; the code is a folder of this machine.
      Code: { RepositoryType: "S3", Location: pathToFileURL(record.codePath).href },
      Tags: { ...record.tags },
      ...(record.reservedConcurrency === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions: record.reservedConcurrency } }),
    };
  };

export const listFunctions =
  (state: LambdaState) =>
  (input: ListFunctionsRequest): ListFunctionsResponse => {
    const records = [...state.functions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, next } = page(records, input.Marker, input.MaxItems, 50);
    const Functions = items.map((record) => configuration({ record, version: "$LATEST", invokedArn: record.arn }));
    return { Functions, NextMarker: next };
  };
