/** What the main thread and a function's worker thread tell each other. Payloads travel as JSON text. */

/** Given to the worker once, as its workerData. */
export interface WorkerSetup {
  /** The folder with the function's code. */
  readonly taskRoot: string;
  /** `<file without extension>.<export>`, e.g. "index.handler". */
  readonly handler: string;
}

export interface InvokeMessage {
  readonly requestId: string;
  readonly payload: string;
  readonly timeoutMilliseconds: number;
  readonly context: {
    readonly functionName: string;
    readonly functionVersion: string;
    readonly invokedFunctionArn: string;
    readonly memoryLimitInMB: string;
    readonly logGroupName: string;
    readonly logStreamName: string;
  };
}

/** Lambda's own shape of a failure. */
export interface FunctionErrorPayload {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type LogLevel = "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR";

export type WorkerMessage =
  | { readonly kind: "ready"; readonly initMilliseconds: number }
  | { readonly kind: "init-failed"; readonly error: FunctionErrorPayload }
  | {
      readonly kind: "done";
      readonly requestId: string;
      readonly durationMilliseconds: number;
      readonly usedBytes: number;
      readonly outcome: { readonly payload: string } | { readonly error: FunctionErrorPayload };
    }
  /** Something was thrown where nobody could catch it; the worker ends. */
  | { readonly kind: "crashed"; readonly error: FunctionErrorPayload }
  /** Text of the function: a level from console, none from a plain write to stdout or stderr. */
  | { readonly kind: "log"; readonly requestId: string | undefined; readonly level?: LogLevel; readonly text: string };
