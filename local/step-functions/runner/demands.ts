/**
 * What a stored thread asks the world for. It follows from the thread's phase alone, so that arming after a step and
 * arming after a restart are the same thing.
 */
import type { Call, Thread } from "../interpreter/execution.ts";
import type { Signal } from "../interpreter/signal.ts";

export type Demand =
  | { readonly kind: "signal"; readonly signal: Signal }
  | { readonly kind: "timer"; readonly at: number; readonly signal: Signal }
  | { readonly kind: "call"; readonly call: Call }
  | { readonly kind: "await-execution"; readonly call: Call; readonly executionArn: string }
  /** Another service's run: it tells nobody of its end, so it is asked now and then. */
  | { readonly kind: "poll"; readonly call: Call };

export function demandsOf({ id: thread, phase }: Thread): readonly Demand[] {
  switch (phase.kind) {
    case "ready":
    case "starting":
      return [{ kind: "signal", signal: { kind: "proceed", thread } }];
    case "waiting":
    case "retrying":
      return [{ kind: "timer", at: phase.until, signal: { kind: "elapsed", thread } }];
    case "calling":
      return [...expiry(thread, phase.call), ...pending(phase.call)];
    default:
      return [];
  }
}

function expiry(thread: string, { attempt, timeoutAt = Infinity, heartbeatAt = Infinity }: Call): Demand[] {
  const at = Math.min(timeoutAt, heartbeatAt);
  return at === Infinity ? [] : [{ kind: "timer", at, signal: { kind: "call-expired", thread, attempt } }];
}

function pending(call: Call): Demand[] {
  if (!call.submitted) return [{ kind: "call", call }];
  if (call.awaits === undefined) return [];
  const isExecution = call.awaits.startsWith("arn:");
  return [isExecution ? { kind: "await-execution", call, executionArn: call.awaits } : { kind: "poll", call }];
}
