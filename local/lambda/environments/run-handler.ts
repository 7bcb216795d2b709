/** Calls a handler once, whatever its style (async, promise, callback), and shapes what it throws as Lambda does. */
import type { Handler } from "./load-handler.ts";
import type { FunctionErrorPayload, InvokeMessage } from "./protocol.ts";

/** @param elapsed milliseconds since the invocation began. */
export async function runHandler(handler: Handler, message: InvokeMessage, elapsed: () => number): Promise<string> {
  const event: unknown = JSON.parse(message.payload);
  const result = await new Promise<unknown>((resolve, reject) => {
    const callback = (error: unknown, value?: unknown) => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a function may fail with anything
      return error === null || error === undefined ? resolve(value) : reject(error);
    };
    const context = {
      ...message.context,
      awsRequestId: message.requestId,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, Math.round(message.timeoutMilliseconds - elapsed())),
      done: callback,
      succeed: resolve,
      fail: reject,
    };
    const returned = handler(event, context, callback);
    if (isPromise(returned)) returned.then(resolve, reject);
    // A handler that takes no callback has nothing else to answer with.
    else if (handler.length < 3) resolve(returned);
  });
  return toJson(result);
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === "function";

function toJson(result: unknown): string {
  try {
    return JSON.stringify(result) ?? "null";
  } catch (cause) {
    const error = new Error("Unable to stringify response body", { cause });
    error.name = "Runtime.MarshalError";
    throw error;
  }
}

export function errorPayload(error: unknown): FunctionErrorPayload {
  if (isError(error)) {
    const { name, message, stack } = error;
    return { errorType: name, errorMessage: message, trace: (stack ?? `${name}: ${message}`).split("\n") };
  }
  return { errorType: error === null ? "object" : typeof error, errorMessage: String(error), trace: [] };
}

/** Errors of bundled code may be of another realm, so their shape decides. */
const isError = (value: unknown): value is Error =>
  value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
