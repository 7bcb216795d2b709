/** What can happen to an execution: the third argument of `step`. */
import type { Json } from "../json.ts";

export type CallOutcome =
  | { readonly kind: "succeeded"; readonly output: Json }
  | { readonly kind: "failed"; readonly error: string | undefined; readonly cause: string | undefined };

export type Signal =
  /** A ready thread enters its state. */
  | { readonly kind: "proceed"; readonly thread: string }
  /** A Wait or the delay before a retry is over. */
  | { readonly kind: "elapsed"; readonly thread: string }
  /** A call was answered. */
  | { readonly kind: "answered"; readonly thread: string; readonly attempt: string; readonly outcome: CallOutcome }
  /** Somebody used the task token, or the execution that the task awaits has ended. */
  | { readonly kind: "settled"; readonly thread: string; readonly attempt: string; readonly outcome: CallOutcome }
  | { readonly kind: "heartbeat"; readonly thread: string; readonly attempt: string }
  | { readonly kind: "call-expired"; readonly thread: string; readonly attempt: string }
  | { readonly kind: "execution-expired" }
  | { readonly kind: "stop"; readonly error?: string; readonly cause?: string }
  | { readonly kind: "redrive" }
  /** The interpreter itself broke: a bug of ours, reported rather than left hanging. */
  | { readonly kind: "broken"; readonly message: string };
