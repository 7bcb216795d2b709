/**
 * What an execution is between two steps: one record, and a tree of threads. A thread is one line of states running
 * one after another: the machine itself, each branch of a Parallel, each iteration of a Map.
 *
 * Invariants
 *   T1  A thread's phase says all that it waits for; what must be armed after a restart follows from it alone.
 *   T2  `previousEventId` is the causal parent of the thread's next history event (fact 2).
 *   T3  The children of a forked thread are `childId(thread, startedEventId, 0 … total - 1)`.
 *   T4  Input and variables stand in `data`, apart, because they are large and change seldom.
 */
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { Json, JsonObject } from "../json.ts";

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** Times are epoch milliseconds; input and output are texts, as the API shows them. */
export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly versionArn?: string;
  readonly aliasArn?: string;
  readonly roleArn: string;
  /** Key of the definition it started with. */
  readonly definitionKey: string;
  readonly revisionId?: string;
  readonly inputText: string;
  readonly outputText?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly status: ExecutionStatus;
  readonly startDate: number;
  readonly stopDate?: number;
  /** The instant at which the machine's TimeoutSeconds are over. */
  readonly expiresAt?: number;
  readonly redriveCount: number;
  readonly redriveDate?: number;
  readonly traceHeader?: string;
}

/** One request to a service, made until its result is recorded. */
export interface Call {
  /** Unique per attempt; names of things the call creates derive from it, so that a repetition creates nothing twice. */
  readonly attempt: string;
  readonly resource: string;
  readonly parameters: Json;
  /** The task token, when the state waits for it. */
  readonly token?: string;
  /** The request itself was answered; missing is the token's result, or the end of what is in `awaits`. */
  readonly submitted: boolean;
  /** The ARN of an execution, or the id of a job run of another service. */
  readonly awaits?: string;
  readonly timeoutAt?: number;
  readonly heartbeatSeconds?: number;
  readonly heartbeatAt?: number;
}

export type Phase =
  /** About to enter its state. */
  | { readonly kind: "ready" }
  /** A child that MaxConcurrency holds back, and one that begins now. */
  | { readonly kind: "queued" }
  | { readonly kind: "starting" }
  | { readonly kind: "waiting"; readonly until: number }
  | { readonly kind: "retrying"; readonly until: number }
  | { readonly kind: "calling"; readonly call: Call }
  | {
      readonly kind: "forked";
      readonly startedEventId: number;
      readonly total: number;
      /** Children that were started, in order of index, and those that are done. */
      readonly started: number;
      readonly done: number;
    }
  /** Ended; its output is its data's input. */
  | { readonly kind: "done" }
  /** Kept for a redrive: where it stood when the execution failed. */
  | { readonly kind: "stopped" };

/** The state a thread is in. */
export interface Entered {
  readonly eventId: number;
  /** The causal parent of that event; EvaluationFailed repeats it (fact 5). */
  readonly parentEventId: number;
  readonly time: number;
}

export interface ThreadData {
  readonly input: Json;
  readonly variables: JsonObject;
  /** The item of an iteration, as `$states.context.Map.Item` shows it. */
  readonly item?: { readonly Index: number; readonly Value: Json };
}

export interface Thread {
  readonly id: string;
  readonly parent: string | undefined;
  readonly index: number;
  readonly flow: number;
  readonly state: string;
  readonly previousEventId: number;
  readonly entered: Entered | undefined;
  /** Attempts used up, retrier by retrier. */
  readonly retries: readonly number[];
  readonly phase: Phase;
  readonly data: ThreadData;
}

export interface Snapshot {
  readonly execution: Execution;
  readonly threads: ReadonlyMap<string, Thread>;
  readonly lastEventId: number;
}

/** A history event as it is stored: the API's own members, its time in epoch milliseconds. */
export type StoredEvent = Omit<HistoryEvent, "timestamp" | "id" | "type" | "previousEventId"> & {
  readonly id: number;
  readonly type: NonNullable<HistoryEvent["type"]>;
  readonly previousEventId: number;
  readonly timestamp: number;
};
export type EventDetails = Omit<StoredEvent, "id" | "type" | "previousEventId" | "timestamp">;

export const rootThread = "0";

export const childId = (parent: string, startedEventId: number, index: number) =>
  `${parent}/${startedEventId}.${index}`;
