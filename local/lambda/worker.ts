/**
 * The worker thread that is one execution environment of a function: loads the handler once, then runs one invocation
 * after the other. Everything the function prints goes to the main thread, in order with its results.
 */
import { format } from "node:util";
import { getHeapStatistics } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { LoadFailure, loadHandler, type Handler } from "./environments/load-handler.ts";
import type { InvokeMessage, LogLevel, WorkerMessage, WorkerSetup } from "./environments/protocol.ts";
import { errorPayload, runHandler } from "./environments/run-handler.ts";

const post = (message: WorkerMessage): void => parentPort?.postMessage(message);

function start(setup: WorkerSetup): void {
  let requestId: string | undefined;
  captureOutput(() => requestId);
  process.on("uncaughtException", (error) => crash(errorPayload(error)));
  process.on("unhandledRejection", (reason) => {
    const { errorMessage, trace } = errorPayload(reason);
    const type = "Runtime.UnhandledPromiseRejection";
    crash({
      errorType: type,
      errorMessage: `${nameOf(reason)}${errorMessage}`,
      trace: [`${type}: ${errorMessage}`, ...(trace ?? [])],
    });
  });
  const begun = performance.now();
  const loading = loadHandler(setup);
  loading.then(
    () => post({ kind: "ready", initMilliseconds: performance.now() - begun }),
    (error) => post({ kind: "init-failed", error: error instanceof LoadFailure ? error.payload : errorPayload(error) }),
  );
  parentPort?.on("message", (message: InvokeMessage) => {
    requestId = message.requestId;
    void loading.then((handler) => answer(handler, message));
  });
}

const nameOf = (reason: unknown) => (reason instanceof Error ? `${reason.name}: ` : "");

async function answer(handler: Handler, message: InvokeMessage): Promise<void> {
  const begun = performance.now();
  const elapsed = () => performance.now() - begun;
  const { requestId } = message;
  const done = (outcome: Extract<WorkerMessage, { kind: "done" }>["outcome"]) => {
    const usedBytes = getHeapStatistics().used_heap_size + getHeapStatistics().external_memory;
    post({ kind: "done", requestId, durationMilliseconds: elapsed(), usedBytes, outcome });
  };
  try {
    done({ payload: await runHandler(handler, message, elapsed) });
  } catch (error) {
    done({ error: errorPayload(error) });
  }
}

function crash(error: Extract<WorkerMessage, { kind: "crashed" }>["error"]): void {
  post({ kind: "crashed", error });
  process.exit(128);
}

/** console by level, plain writes without one. */
function captureOutput(requestIdOf: () => string | undefined): void {
  const levels: readonly (readonly ["trace" | "debug" | "log" | "info" | "warn" | "error", LogLevel])[] = [
    ["trace", "TRACE"],
    ["debug", "DEBUG"],
    ["log", "INFO"],
    ["info", "INFO"],
    ["warn", "WARN"],
    ["error", "ERROR"],
  ];
  for (const [method, level] of levels) {
    // eslint-disable-next-line no-console -- the function's console is what this thread exists to capture
    console[method] = (...values: unknown[]) =>
      post({ kind: "log", requestId: requestIdOf(), level, text: format(...values) });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
      const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      post({ kind: "log", requestId: requestIdOf(), text });
      const done = rest.find((one) => typeof one === "function") as (() => void) | undefined;
      done?.();
      return true;
    };
  }
}

if (parentPort) start(workerData as WorkerSetup);
