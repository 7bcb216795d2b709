/**
 * Step Functions' `arn:aws:states:::aws-sdk:<service>:<action>`: parameters and results in PascalCase, timestamps as ISO
 * text, bodies as text, errors as the AWS SDK for Java would name and word them.
 */
import { isPlainObject } from "../models/constraints.ts";
import { decode, type Dialect, encode } from "../models/convert.ts";
import { membersOf, type Model, operationOf, shapeOf } from "../models/model.ts";
import { operationNameOf, sdkExceptionName, sdkMemberName, type SdkService } from "../models/sdk-names.ts";
import { sdkServiceNames, sdkServiceOf } from "../models/sdk-names.ts";
import { formatTimestamp, parseTimestamp } from "../models/timestamps.ts";
import { describeError } from "../models/wire-errors.ts";
import { AwsError } from "../ports/aws-error.ts";
import { SdkIntegrationError } from "../ports/sdk-integration-error.ts";
import type { Caller, SdkIntegration } from "../ports/service.ts";
import type { EndpointCalls } from "./aws-calls.ts";

/** Results above this fail the state (States.DataLimitExceeded); reading a body stops there. */
const longestResultBytes = 256 * 1024;

const sdkDialect: Dialect = {
  memberKey: sdkMemberName,
  readTime: parseTimestamp,
  writeTime: (date) => formatTimestamp(date, "iso8601"),
  readBytes: (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)),
  writeBytes: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"),
};

export function createSdkIntegration(calls: EndpointCalls): SdkIntegration {
  async function call(serviceName: string, action: string, parameters: unknown, caller: Caller): Promise<unknown> {
    const { service, model, operation } = resolve(calls, serviceName, action);
    const { input: inputShape, output: outputShape } = operationOf(model, operation);
    const input = inputShape === undefined ? {} : readParameters(model, inputShape, parameters ?? {});
    const context = calls.contextOf(caller);
    try {
      const output = await calls.invoke(service.id, { operation, input }, context);
      if (outputShape === undefined) return {};
      return encode(model, { shape: outputShape }, await withBodiesRead(output), sdkDialect);
    } catch (error) {
      throw error instanceof AwsError ? failureOf(service, model, error, context.requestId) : error;
    }
  }
  return { call };
}

function resolve(calls: EndpointCalls, serviceName: string, action: string) {
  const service = sdkServiceOf(serviceName);
  if (!service) {
    throw new SdkIntegrationError(
      "States.Runtime",
      `The AWS SDK integration "${serviceName}" is not supported by this cloud. It has: ${sdkServiceNames.join(", ")}`,
    );
  }
  const model = calls.modelOf(service.id);
  const operation = operationNameOf(action);
  if (!Object.hasOwn(model.operations, operation)) {
    throw new SdkIntegrationError(
      "States.Runtime",
      `The action "${action}" of the AWS SDK integration "${serviceName}" is not supported by this cloud; docs/support.md lists what is`,
    );
  }
  return { service, model, operation };
}

/** Parameters to the domain's form. Fields that the API does not have, or that are missing, stop the task as in AWS. */
function readParameters(model: Model, shapeName: string, parameters: unknown): unknown {
  const faults = [...fieldFaults(model, shapeName, parameters)];
  if (faults.length > 0) {
    throw new SdkIntegrationError(
      "States.Runtime",
      `The Parameters '${JSON.stringify(parameters)}' could not be used to start the Task: [${faults.join(", ")}]`,
    );
  }
  return decode(model, shapeName, parameters, sdkDialect);
}

function* fieldFaults(model: Model, shapeName: string, value: unknown): Generator<string> {
  const shape = shapeOf(model, shapeName);
  if (shape.type === "list" && Array.isArray(value)) {
    for (const member of value as unknown[]) yield* fieldFaults(model, shape.member?.shape ?? "", member);
  }
  if (shape.type === "map" && isPlainObject(value)) {
    for (const member of Object.values(value)) yield* fieldFaults(model, shape.value?.shape ?? "", member);
  }
  if (shape.type !== "structure" || !isPlainObject(value) || shape.document) return;
  const members = new Map(membersOf(shape).map(([name, use]) => [sdkMemberName(name), use]));
  for (const [field, member] of Object.entries(value)) {
    const use = members.get(field);
    if (use) yield* fieldFaults(model, use.shape, member);
    else yield `The field "${field}" is not supported by Step Functions`;
  }
  for (const name of shape.required ?? []) {
    const field = sdkMemberName(name);
    const isMissing = value[field] === undefined && !members.get(field)?.idempotencyToken;
    if (isMissing) yield `The field "${field}" is required but was missing`;
  }
}

/** Replaces streams (S3's Body) by what they hold. */
async function withBodiesRead(output: unknown): Promise<unknown> {
  if (!isPlainObject(output)) return output ?? {};
  const entries = Object.entries(output).map(async ([name, value]) => [name, await readBody(value)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function readBody(value: unknown): Promise<unknown> {
  const isStream = typeof value === "object" && value !== null && Symbol.asyncIterator in value;
  if (!isStream) return value;
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of value as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    sizeBytes += chunk.byteLength;
    if (sizeBytes > longestResultBytes) {
      throw new SdkIntegrationError(
        "States.DataLimitExceeded",
        "The state/task 'getObject' returned a result with a size exceeding the maximum number of bytes service limit.",
      );
    }
  }
  return Buffer.concat(chunks);
}

/** `Personalize.ResourceNotFoundException`, or `Personalize.PersonalizeException` where the SDK has no class for it. */
function failureOf({ prefix }: SdkService, model: Model, error: AwsError, requestId: string): SdkIntegrationError {
  const { name, shape, status, message } = describeError(model, error);
  const exception = shape ? sdkExceptionName(name) : `${prefix}Exception`;
  const cause = `${message} (Service: ${prefix}, Status Code: ${status}, Request ID: ${requestId})`;
  return new SdkIntegrationError(`${prefix}.${exception}`, cause);
}
