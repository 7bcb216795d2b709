/**
 * Shows runs as they go. Facts scroll by as lines: every state when it is first entered, every import and training when
 * it is done. On a terminal the present moment (the state, how far each job is) is redrawn below them, in one write and
 * at most ten times a second; on a pipe it is a line every few seconds.
 */
import type { Progress } from "../../cloud/ports/service.ts";
import type { Io } from "../command.ts";
import {
  bar,
  clockText,
  describeFileJob,
  describeFileJobDone,
  describeTrained,
  describeTraining,
  type FileJob,
} from "./progress-text.ts";
import { clip } from "./table.ts";

export interface RunView {
  progress(progress: Progress): void;
  /** A line that stays. */
  say(line: string): void;
  /** Takes away what is redrawn; it comes back with the next progress. */
  clear(): void;
}

export interface RunViewOptions {
  readonly io: Pick<Io, "out" | "tty" | "columns">;
  /** Writes raw text to the terminal, for redrawing. */
  readonly paint: (text: string) => void;
  /** Milliseconds; injected so that tests can step it. */
  readonly now: () => number;
  readonly pipeEveryMilliseconds?: number;
  readonly paintEveryMilliseconds?: number;
}

/** What is under way: a line that changes until it is done. */
interface Job {
  readonly since: number;
  readonly line: string;
  readonly fraction: number;
}

const barWidth = 20;

export function createRunView(options: RunViewOptions): RunView {
  const { io, now, pipeEveryMilliseconds = 3_000 } = options;
  const started = now();
  const jobs = new Map<string, Job>();
  const finished = new Set<string>();
  const piped = new Map<string, number>();
  const screen = createScreen(options, present);
  const executions = followExecutions((state) => screen.say(`${stamp()}  ${state}`));

  function present(): string[] {
    const state = executions.current();
    const lines = [...jobs.values()].map(({ fraction, line }) => `       ${bar(fraction, barWidth)} ${line}`);
    return [...(state === undefined ? [] : [`${stamp()}  ... ${state}`]), ...lines];
  }
  const stamp = () => clockText((now() - started) / 1000).padStart(5);
  const underWay = (key: string, line: string, fraction: number) => {
    jobs.set(key, { since: jobs.get(key)?.since ?? now(), line, fraction });
    if (io.tty) return screen.refresh();
    if (now() - (piped.get(key) ?? -Infinity) < pipeEveryMilliseconds) return;
    piped.set(key, now());
    screen.say(`${stamp()}  ${line}`);
  };
  const done = (key: string, line: (seconds: number) => string) => {
    if (finished.has(key)) return;
    finished.add(key);
    const since = jobs.get(key)?.since ?? now();
    jobs.delete(key);
    screen.say(`${stamp()}  ${line((now() - since) / 1000)}`);
  };
  const training = (event: Extract<Progress, { kind: "training" }>) => {
    const key = event.solutionVersionArn;
    if (event.fraction >= 1) done(key, (seconds) => describeTrained(event, seconds));
    else if (!finished.has(key)) underWay(key, describeTraining(event), event.fraction);
  };
  const fileJob = (event: FileJob) => {
    const fraction = event.totalBytes > 0 ? event.bytes / event.totalBytes : 1;
    if (fraction >= 1) done(event.jobArn, () => describeFileJobDone(event));
    else if (!finished.has(event.jobArn)) underWay(event.jobArn, describeFileJob(event), fraction);
  };

  return {
    say: screen.say,
    clear: screen.clear,
    progress(event) {
      if (event.kind === "training") return training(event);
      if (event.kind === "import" || event.kind === "batch") return fileJob(event);
      if (event.kind === "state-entered") executions.entered(event.executionArn, event.state);
      else executions.ended(event.executionArn);
      screen.refresh();
    },
  };
}

/** Tells every state once, however many executions come through it at a time and however often a poll comes back. */
function followExecutions(tell: (state: string) => void) {
  interface Followed {
    entries: number;
    state: string;
  }
  const running = new Map<string, Followed>();
  const told = new Set<string>();
  return {
    /** Where the execution is that has come furthest. */
    current: () => [...running.values()].sort((a, b) => b.entries - a.entries)[0]?.state,
    entered(arn: string, state: string) {
      running.set(arn, { entries: (running.get(arn)?.entries ?? 0) + 1, state });
      if (told.has(state)) return;
      told.add(state);
      tell(state);
    },
    ended(arn: string) {
      running.delete(arn);
      if (running.size === 0) told.clear();
    },
  };
}

/** Lines that stay above lines that are redrawn. Without a terminal, the latter do not exist. */
function createScreen(
  { io, paint, now, paintEveryMilliseconds = 100 }: RunViewOptions,
  present: () => readonly string[],
) {
  let painted = 0;
  let lastPaint = -Infinity;
  const put = (above: readonly string[], below: readonly string[]) => {
    const up = painted > 0 ? `\u001b[${painted}A\r` : "";
    const lines = [...above, ...below.map((line) => clip(line, io.columns - 1))];
    painted = below.length;
    lastPaint = now();
    if (up !== "" || lines.length > 0) paint(`${up}${lines.map((line) => `${line}\u001b[K\n`).join("")}\u001b[0J`);
  };
  return {
    say(text: string) {
      if (io.tty) put(text.split("\n"), present());
      else io.out(text);
    },
    refresh() {
      if (!io.tty) return;
      const lines = present();
      if (lines.length !== painted || now() - lastPaint >= paintEveryMilliseconds) put([], lines);
    },
    clear() {
      if (io.tty) put([], []);
    },
  };
}
