/** Invoke: waits for the answer (RequestResponse), takes an event (Event), or only checks (DryRun). */
import type { InvocationRequest, InvocationResponse } from "@aws-sdk/client-lambda";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import type { CallContext } from "../../cloud/ports/service.ts";
import type { AsyncEvents } from "../async-events.ts";
import type { EnvironmentPool } from "../environments/environment-pool.ts";
import { invokeFunction, longestPayload } from "../invoke-function.ts";
import { findFunction, parseFunctionName, type FunctionRecord, type LambdaState } from "../state.ts";

/** Of an event, in bytes. */
const longestEvent = 1024 * 1024;
const tailBytes = 4096;

export function invoke(state: LambdaState, pool: EnvironmentPool, events: AsyncEvents) {
  /** Invocations under way of functions with a reserved concurrency. */
  const running = new Map<string, number>();

  async function answer(input: InvocationRequest, payload: string, requestId: string): Promise<InvocationResponse> {
    const found = findFunction(state, input.FunctionName, input.Qualifier);
    const leave = enter(running, found.record);
    try {
      const {
        payload: result,
        failed,
        log,
      } = await invokeFunction(found, payload, requestId, { deps: state.deps, pool });
      return {
        StatusCode: 200,
        ExecutedVersion: found.version,
        Payload: Buffer.from(result),
        ...(failed ? { FunctionError: "Unhandled" } : {}),
        ...(input.LogType === "Tail" ? { LogResult: Buffer.from(log).subarray(-tailBytes).toString("base64") } : {}),
      };
    } finally {
      leave();
    }
  }

  return async (input: InvocationRequest, { requestId }: CallContext): Promise<InvocationResponse> => {
    findFunction(state, input.FunctionName, input.Qualifier);
    const type = input.InvocationType ?? "RequestResponse";
    const payload = readPayload(input.Payload, type === "Event" ? longestEvent : longestPayload);
    if (type === "DryRun") return { StatusCode: 204 };
    if (type === "RequestResponse") return answer(input, payload, requestId);
    const { name, qualifier } = parseFunctionName(input.FunctionName ?? "", input.Qualifier);
    await events.accept({ functionName: name, qualifier, payload, requestId });
    return { StatusCode: 202 };
  };
}

function readPayload(bytes: Uint8Array | undefined, longest: number): string {
  if (bytes !== undefined && bytes.byteLength > longest) {
    throw new AwsError(
      "RequestTooLargeException",
      `Request must be smaller than ${longest} bytes for the InvokeFunction operation`,
      { status: 413 },
    );
  }
  const text = Buffer.from(bytes ?? []).toString("utf8");
  if (text.trim() === "") return "{}";
  try {
    JSON.parse(text);
    return text;
  } catch (cause) {
    const message = `Could not parse request body into json: Could not parse payload into json: ${(cause as Error).message}`;
    throw new AwsError("InvalidRequestContentException", message, { cause, details: { Type: "User" } });
  }
}

/** Counts an invocation in, or refuses it when the function's reserved concurrency is used up. */
function enter(running: Map<string, number>, { name, reservedConcurrency }: FunctionRecord): () => void {
  const count = running.get(name) ?? 0;
  if (reservedConcurrency !== undefined && count >= reservedConcurrency) {
    throw new AwsError("TooManyRequestsException", "Rate Exceeded.", {
      status: 429,
      details: { Reason: "ReservedFunctionConcurrentInvocationLimitExceeded", Type: "User" },
    });
  }
  running.set(name, count + 1);
  return () => void running.set(name, (running.get(name) ?? 1) - 1);
}
