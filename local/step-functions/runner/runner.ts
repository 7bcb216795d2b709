/**
 * The loop around `step`: takes signals one at a time per execution, stores what each changed, and only when that is
 * on disk arms timers and makes calls.
 *
 * Invariants
 *   R1  What a step changed is durable before anything it asks for is done.
 *   R2  Signals of one execution are taken in order; executions do not wait for each other.
 *   R3  A call's answer counts only while the thread still waits for that attempt (`step`, P2).
 *   R4  While a step is computed, stored or armed, and while a call runs, the clock is held busy.
 */
import type { ServiceDeps, ProgressListener } from "../../cloud/ports/service.ts";
import { applyOutcome, type Outcome } from "../interpreter/draft.ts";
import type { Execution, Snapshot, StoredEvent, Thread } from "../interpreter/execution.ts";
import type { Signal } from "../interpreter/signal.ts";
import { begin, step } from "../interpreter/step.ts";
import type { Moment } from "../language/language.ts";
import type { Program } from "../program/program.ts";
import { createArmory, type Armory, type PerformCall } from "./armory.ts";
import type { LogDelivery } from "./log-delivery.ts";
import { lastEventIdOf, readThreads, writeOutcome, type Tables } from "./tables.ts";

export interface RunnerDeps extends Pick<ServiceDeps, "clock" | "ids" | "random" | "store" | "log"> {
  readonly tables: Tables;
  readonly performCall: PerformCall;
  readonly programOf: (definitionKey: string) => Program;
  readonly progress: ProgressListener;
  readonly logDelivery: LogDelivery;
}

export interface Runner {
  /** Resolves when the execution is durable and under way. */
  start(execution: Execution): Promise<void>;
  /** Resolves when the signal was taken and what it changed is durable. */
  signal(executionArn: string, signal: Signal): Promise<void>;
  /** The execution's thread, as it is now. */
  thread(executionArn: string, id: string): Thread | undefined;
  lastEventId(executionArn: string): number;
  /** Calls back once when the execution has ended, at once when it already has. */
  whenEnded(executionArn: string, listener: () => void): void;
  /** Takes up every execution that the store knows as running. */
  resume(): void;
  close(): Promise<void>;
}

interface Post {
  readonly signal: Signal;
  /** Told when the signal's outcome is durable. */
  readonly taken?: () => void;
}

/** A running execution in memory. */
interface Live {
  snapshot: Snapshot;
  readonly program: Program;
  readonly mailbox: Post[];
  draining: boolean;
  readonly armory: Armory;
}

/** What a turn changed and must tell once that is durable. */
interface Turned {
  readonly changed: Set<string>;
  readonly events: StoredEvent[];
  readonly taken: (() => void)[];
}

/** So many steps are computed before others on the event loop, and the disk, get their turn. */
const stepsPerTurn = 64;

export function createRunner(deps: RunnerDeps): Runner {
  const { clock, store, tables, log } = deps;
  const live = new Map<string, Live>();
  const endListeners = new Map<string, Set<() => void>>();
  let closed = false;

  function momentNow(): Moment {
    const now = clock.now();
    const { random, ids } = deps;
    return { now, deadline: (milliseconds) => clock.deadline(milliseconds), random, uuid: () => ids.uuid() };
  }

  function enliven(snapshot: Snapshot): Live {
    const { arn, definitionKey } = snapshot.execution;
    const post = (signal: Signal) => deliver(arn, { signal });
    const armory = createArmory({ clock, log, post, performCall: deps.performCall, whenEnded });
    const program = deps.programOf(definitionKey);
    const one: Live = { snapshot, program, mailbox: [], draining: false, armory };
    live.set(arn, one);
    return one;
  }

  function deliver(arn: string, post: Post): void {
    const one = live.get(arn);
    if (!one || closed) return post.taken?.();
    one.mailbox.push(post);
    if (!one.draining) void drain(one);
  }

  async function drain(one: Live): Promise<void> {
    one.draining = true;
    const done = clock.busy();
    try {
      while (one.mailbox.length > 0 && !closed) await turn(one);
    } finally {
      one.draining = false;
      done();
    }
  }

  /** Up to `stepsPerTurn` steps; they become durable together, then what they ask for is done. */
  async function turn(one: Live): Promise<void> {
    const turned: Turned = { changed: new Set(), events: [], taken: [] };
    for (let steps = 0; steps < stepsPerTurn && one.mailbox.length > 0; steps++) {
      const post = one.mailbox.shift();
      if (!post) break;
      take(one, await outcomeOf(one, post.signal), turned);
      if (post.taken) turned.taken.push(post.taken);
    }
    publish(one, turned);
    await new Promise((resolve) => setImmediate(resolve));
  }

  async function outcomeOf({ program, snapshot }: Live, signal: Signal): Promise<Outcome> {
    try {
      return await step(program, snapshot, signal, momentNow());
    } catch (thrown) {
      const { message, stack } = thrown as Error;
      log(`${snapshot.execution.arn}: the interpreter broke on ${signal.kind}: ${stack ?? message}`);
      return step(program, snapshot, { kind: "broken", message }, momentNow());
    }
  }

  function take(one: Live, outcome: Outcome, { changed, events }: Turned): void {
    writeOutcome(tables, one.snapshot, outcome);
    // A redrive sets the machine's deadline anew.
    if (outcome.execution.expiresAt !== one.snapshot.execution.expiresAt) one.armory.expire(outcome.execution);
    one.snapshot = applyOutcome(one.snapshot, outcome);
    for (const event of outcome.history) reportEntered(outcome.execution.arn, event);
    events.push(...outcome.history);
    for (const [id, thread] of outcome.threads) {
      const proceeds = thread?.phase.kind === "ready" || thread?.phase.kind === "starting";
      if (proceeds && outcome.execution.status === "RUNNING") {
        one.mailbox.push({ signal: { kind: "proceed", thread: id } });
      }
      changed.add(id);
    }
  }

  function reportEntered(
    executionArn: string,
    { stateEnteredEventDetails: entered, timestamp: at }: StoredEvent,
  ): void {
    if (entered?.name) deps.progress({ kind: "state-entered", executionArn, state: entered.name, at });
  }

  /** Commits, then arms what still is as it was. Does not hold up the next turn: many turns share one write. */
  function publish(one: Live, { changed, events, taken }: Turned): void {
    const done = clock.busy();
    const { execution, threads } = one.snapshot;
    const threadsThen = [...changed].map((id) => [id, threads.get(id)] as const);
    store
      .commit()
      .then(() => {
        if (closed) return;
        for (const [id, thread] of threadsThen) {
          if (one.snapshot.threads.get(id) === thread) one.armory.arm(id, thread, one.snapshot.execution);
        }
        deps.logDelivery.deliver(execution, events);
        const isOver = execution.status !== "RUNNING" && one.snapshot.execution === execution;
        if (isOver && live.get(execution.arn) === one) retire(one, execution);
        for (const tell of taken) tell();
      })
      .finally(done)
      .catch((thrown: Error) =>
        log(`${execution.arn}: stands still, its state could not be written: ${thrown.message}`),
      );
  }

  function retire(one: Live, { arn, status, stopDate: at = clock.now() }: Execution): void {
    one.armory.disarmAll();
    live.delete(arn);
    for (const listener of endListeners.get(arn) ?? []) listener();
    endListeners.delete(arn);
    deps.progress({ kind: "execution-ended", executionArn: arn, status, at });
  }

  function whenEnded(arn: string, listener: () => void): void {
    if (!live.has(arn)) return listener();
    const listeners = endListeners.get(arn) ?? new Set();
    endListeners.set(arn, listeners.add(listener));
  }

  /** Puts an execution under way from where it stands: after StartExecution and after a restart of the process. */
  function launch(one: Live): void {
    const { execution, threads } = one.snapshot;
    const { arn } = execution;
    one.armory.expire(execution);
    const waiting: string[] = [];
    for (const [id, { phase }] of threads) {
      if (phase.kind === "ready" || phase.kind === "starting")
        deliver(arn, { signal: { kind: "proceed", thread: id } });
      else waiting.push(id);
    }
    if (waiting.length > 0) publish(one, { changed: new Set(waiting), events: [], taken: [] });
  }

  return {
    async start(execution) {
      const empty: Snapshot = { execution, threads: new Map(), lastEventId: 0 };
      const outcome = begin(deps.programOf(execution.definitionKey), execution, momentNow());
      tables.executions.put(execution.arn, execution);
      writeOutcome(tables, empty, outcome);
      launch(enliven(applyOutcome(empty, outcome)));
      await store.commit();
      deps.logDelivery.deliver(execution, outcome.history);
    },
    async signal(arn, signal) {
      if (signal.kind === "redrive") revive(arn);
      await new Promise<void>((taken) => deliver(arn, { signal, taken }));
    },
    thread: (arn, id) => live.get(arn)?.snapshot.threads.get(id),
    lastEventId: (arn) => live.get(arn)?.snapshot.lastEventId ?? lastEventIdOf(tables, arn),
    whenEnded,
    resume() {
      const stored = [...tables.executions.values()];
      const running = stored.filter(({ status, arn }) => status === "RUNNING" && !live.has(arn));
      const arns = new Set(running.map(({ arn }) => arn));
      const threads = readThreads(tables, (arn) => arns.has(arn));
      const revived = running.map((execution) => {
        const { arn } = execution;
        return enliven({ execution, threads: threads.get(arn) ?? new Map(), lastEventId: lastEventIdOf(tables, arn) });
      });
      // All are alive before the first is launched: a parent may wait for another's end.
      revived.forEach(launch);
    },
    async close() {
      closed = true;
      for (const one of live.values()) one.armory.disarmAll();
      await store.commit();
    },
  };

  /** Brings an ended execution back to memory, so that it can take the redrive. */
  function revive(arn: string): void {
    const execution = tables.executions.get(arn);
    if (!execution || live.has(arn)) return;
    const threads = readThreads(tables, (each) => each === arn).get(arn) ?? new Map<string, Thread>();
    enliven({ execution, threads, lastEventId: lastEventIdOf(tables, arn) });
  }
}
