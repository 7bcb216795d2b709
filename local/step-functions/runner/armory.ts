/** One execution's armed timers and running calls: what its threads' demands have become. Effects only, no decisions. */
import type { Clock, Timer } from "../../cloud/ports/clock.ts";
import type { Call, Execution, Thread } from "../interpreter/execution.ts";
import type { CallOutcome, Signal } from "../interpreter/signal.ts";
import { demandsOf, type Demand } from "./demands.ts";

/**
 * Makes a call as the execution's role. `awaited`: the result of what it started; undefined while that goes on, which
 * only what is polled may be.
 */
export type PerformCall = (
  execution: Execution,
  call: Call,
  part: "request" | "awaited",
) => Promise<CallOutcome | undefined>;

/** Between two questions whether another service's run has ended. */
const pollMilliseconds = 10_000;

export interface ArmoryDeps {
  readonly clock: Clock;
  readonly log: (line: string) => void;
  readonly performCall: PerformCall;
  post(signal: Signal): void;
  whenEnded(executionArn: string, listener: () => void): void;
}

export interface Armory {
  /** Brings what is armed for a thread in line with what it asks for now. */
  arm(id: string, thread: Thread | undefined, execution: Execution): void;
  /** Arms the machine's own TimeoutSeconds. */
  expire(execution: Execution): void;
  disarmAll(): void;
}

export function createArmory({ clock, log, performCall, post, whenEnded }: ArmoryDeps): Armory {
  const timers = new Map<string, Timer[]>();
  /** Attempts under way, by attempt and part: a heartbeat re-arms the thread but must not repeat the call. */
  const underWay = new Set<string>();
  /** Attempts that are polled, by thread. */
  const polled = new Map<string, string>();

  function disarm(id: string): void {
    for (const timer of timers.get(id) ?? []) timer.cancel();
    timers.delete(id);
    polled.delete(id);
  }

  function setTimer(id: string, at: number, run: () => void): void {
    timers.set(id, [...(timers.get(id) ?? []), clock.at(at, run)]);
  }

  async function perform(thread: string, call: Call, execution: Execution, part: "request" | "awaited") {
    const { attempt } = call;
    const done = clock.busy();
    let outcome: CallOutcome | undefined;
    try {
      outcome = await performCall(execution, call, part);
    } catch (thrown) {
      const { message, stack } = thrown as Error;
      log(`${execution.arn}: the call to ${call.resource} broke: ${stack ?? message}`);
      outcome = { kind: "failed", error: "States.TaskFailed", cause: message };
    }
    if (outcome) post({ kind: part === "request" ? "answered" : "settled", thread, attempt, outcome });
    else if (polled.get(thread) === attempt) poll(thread, call, execution);
    done();
  }

  function poll(thread: string, call: Call, execution: Execution): void {
    polled.set(thread, call.attempt);
    setTimer(thread, clock.deadline(pollMilliseconds), () => void perform(thread, call, execution, "awaited"));
  }

  function meet(id: string, demand: Demand, execution: Execution): void {
    if (demand.kind === "signal") return post(demand.signal);
    if (demand.kind === "timer") return setTimer(id, demand.at, () => post(demand.signal));
    if (demand.kind === "poll") return poll(id, demand.call, execution);
    const part = demand.kind === "call" ? "request" : "awaited";
    const key = `${demand.call.attempt} ${part}`;
    if (underWay.has(key)) return;
    underWay.add(key);
    const go = () => void perform(id, demand.call, execution, part).finally(() => underWay.delete(key));
    if (demand.kind === "call") go();
    else whenEnded(demand.executionArn, go);
  }

  return {
    arm(id, thread, execution) {
      disarm(id);
      if (!thread || execution.status !== "RUNNING") return;
      for (const demand of demandsOf(thread)) {
        // A ready thread's signal is in the mailbox already: the runner puts it there in the same turn.
        if (demand.kind !== "signal") meet(id, demand, execution);
      }
    },
    expire({ expiresAt }) {
      disarm("");
      if (expiresAt !== undefined) setTimer("", expiresAt, () => post({ kind: "execution-expired" }));
    },
    disarmAll() {
      for (const id of [...timers.keys()]) disarm(id);
    },
  };
}
