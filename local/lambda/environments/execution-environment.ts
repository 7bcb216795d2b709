/**
 * One execution environment: a worker thread with a function's code, its limits enforced from outside.
 *
 * Invariants
 *   X1  One invocation at a time; the pool sees to it.
 *   X2  An invocation always ends: with the handler's answer, at the timeout, when the memory is used up, when the code
 *       exits or crashes. After the last four the environment is dead and is not used again.
 */
import { Worker } from "node:worker_threads";
import type { Clock, Timer } from "../../cloud/ports/clock.ts";
import { builtFile } from "../../cloud/project-root.ts";
import type { FunctionRecord, LambdaDeps } from "../state.ts";
import { functionEnvironment } from "./function-environment.ts";
import type { FunctionErrorPayload, InvokeMessage, LogLevel, WorkerMessage, WorkerSetup } from "./protocol.ts";

export interface Invocation {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  readonly invokedArn: string;
  readonly onPrint: (level: LogLevel | undefined, text: string) => void;
}

export interface Outcome {
  readonly answer: { readonly payload: string } | { readonly error: FunctionErrorPayload };
  readonly durationMilliseconds: number;
  /** Of a first invocation: how long the code took to load. */
  readonly initMilliseconds: number | undefined;
  readonly usedMb: number;
  /** The end of the REPORT line when the environment did not survive. */
  readonly trouble: string | undefined;
}

interface Current {
  readonly invocation: Invocation;
  readonly begun: number;
  readonly end: (outcome: Outcome) => void;
}

/** Lambda's own limit for loading the code. */
const longestInit = 10_000;
const megabyte = 1024 * 1024;

export class ExecutionEnvironment {
  readonly logStream: string;
  readonly #record: FunctionRecord;
  readonly #version: string;
  readonly #clock: Clock;
  readonly #worker: Worker;
  /** What was printed while the code was loading. */
  readonly #early: { readonly level?: LogLevel; readonly text: string }[] = [];
  #current: Current | undefined;
  #timer: Timer | undefined;
  #isLoaded = false;
  #isDead = false;
  #initMilliseconds: number | undefined;
  #loadError: FunctionErrorPayload | undefined;
  #usedMb = 0;

  constructor(record: FunctionRecord, version: string, deps: LambdaDeps) {
    this.#record = record;
    this.#version = version;
    this.#clock = deps.realClock;
    this.logStream = logStreamName(deps, version);
    this.#worker = startWorker(record, version, this.logStream, deps);
    this.#worker.on("message", (message: WorkerMessage) => this.#onMessage(message));
    this.#worker.on("error", (error: Error & { code?: string }) => this.#onError(error));
    this.#worker.on("exit", (code) => this.#onExit(code));
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  invoke(invocation: Invocation): Promise<Outcome> {
    const outcome = new Promise<Outcome>((end) => {
      this.#current = { invocation, begun: this.#clock.now(), end };
    });
    for (const { level, text } of this.#early.splice(0)) invocation.onPrint(level, text);
    if (this.#loadError) this.#die(this.#loadError);
    else if (this.#isDead) this.#die({ errorType: "Runtime.ExitError", errorMessage: this.#told("Runtime exited") });
    else {
      this.#worker.postMessage(invokeMessage(this.#record, this.#version, this.logStream, invocation));
      if (this.#isLoaded) this.#limit(this.#record.timeoutSeconds * 1000, "Task");
      else this.#limit(longestInit, "Init");
    }
    return outcome;
  }

  async terminate(): Promise<void> {
    this.#isDead = true;
    this.#timer?.cancel();
    await this.#worker.terminate();
  }

  /** The time of loading does not count as the function's own. */
  #limit(milliseconds: number, what: "Task" | "Init"): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.at(this.#clock.now() + milliseconds, () => {
      const errorMessage = this.#told(`${what} timed out after ${(milliseconds / 1000).toFixed(2)} seconds`);
      this.#die({ errorType: "Sandbox.Timedout", errorMessage }, "Status: timeout");
    });
  }

  #onMessage(message: WorkerMessage): void {
    switch (message.kind) {
      case "ready":
        this.#isLoaded = true;
        this.#initMilliseconds = message.initMilliseconds;
        if (this.#current) this.#limit(this.#record.timeoutSeconds * 1000, "Task");
        return;
      case "init-failed":
        this.#loadError = message.error;
        if (this.#current) this.#die(message.error);
        return;
      case "crashed":
        return this.#die(message.error);
      case "log":
        if (this.#current) this.#current.invocation.onPrint(message.level, message.text);
        else this.#early.push(message);
        return;
      case "done":
        if (message.requestId !== this.#current?.invocation.requestId) return;
        this.#usedMb = Math.ceil(message.usedBytes / megabyte);
        return this.#finish(message.outcome, message.durationMilliseconds);
    }
  }

  #onError(error: Error & { code?: string }): void {
    if (error.code !== "ERR_WORKER_OUT_OF_MEMORY") {
      return this.#die({ errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") });
    }
    this.#usedMb = this.#record.memoryMb;
    const errorMessage = this.#told("Runtime exited with error: signal: killed");
    this.#die({ errorType: "Runtime.OutOfMemory", errorMessage });
  }

  #onExit(code: number): void {
    if (this.#isDead) return;
    const how = code === 0 ? "without providing a reason" : `with error: exit status ${code}`;
    this.#die({ errorType: "Runtime.ExitError", errorMessage: this.#told(`Runtime exited ${how}`) });
  }

  #die(error: FunctionErrorPayload, trouble = `Status: error\tError Type: ${error.errorType}`): void {
    this.#isDead = true;
    const now = this.#clock.now();
    this.#finish({ error }, now - (this.#current?.begun ?? now), trouble);
    void this.#worker.terminate();
  }

  #finish(answer: Outcome["answer"], durationMilliseconds: number, trouble?: string): void {
    this.#timer?.cancel();
    const current = this.#current;
    this.#current = undefined;
    const initMilliseconds = this.#initMilliseconds;
    this.#initMilliseconds = undefined;
    current?.end({ answer, durationMilliseconds, initMilliseconds, usedMb: this.#usedMb, trouble });
  }

  #told(message: string): string {
    return `RequestId: ${this.#current?.invocation.requestId ?? "none"} Error: ${message}`;
  }
}

function startWorker(record: FunctionRecord, version: string, logStream: string, deps: LambdaDeps): Worker {
  const setup: WorkerSetup = { taskRoot: record.codePath, handler: record.handler };
  const worker = new Worker(deps.workerFile ?? builtFile("lambda-worker.mjs"), {
    workerData: setup,
    env: functionEnvironment(record, { version, logStream }, deps),
    execArgv: [],
    argv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: record.memoryMb },
  });
  worker.unref();
  return worker;
}

/** `2026/11/24/[$LATEST]<32 hex digits>`. */
function logStreamName({ clock, ids }: LambdaDeps, version: string): string {
  const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll("-", "/");
  return `${day}/[${version}]${ids.hex(32)}`;
}

const invokeMessage = (
  record: FunctionRecord,
  version: string,
  logStream: string,
  { requestId, payload, invokedArn }: Invocation,
): InvokeMessage => ({
  requestId,
  payload,
  timeoutMilliseconds: record.timeoutSeconds * 1000,
  context: {
    functionName: record.name,
    functionVersion: version,
    invokedFunctionArn: invokedArn,
    memoryLimitInMB: String(record.memoryMb),
    logGroupName: record.logGroup,
    logStreamName: logStream,
  },
});
