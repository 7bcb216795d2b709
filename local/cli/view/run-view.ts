/**
 * Shows a run as it goes. Finished facts scroll by as lines; on a terminal the present moment (which state, how far each
 * training) is redrawn below them, on a pipe it is a line every few seconds. `describe*` are pure; `createRunView` paints.
 */
import type { Progress } from "../../cloud/ports/service.ts";
import type { Io } from "../command.ts";
import { clip } from "./table.ts";

type Training = Extract<Progress, { kind: "training" }>;
type Import = Extract<Progress, { kind: "import" }>;

/** "0:07", "12:30", "1:02:03". */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export function describeTraining(training: Training): string {
  const { recipe, fraction, epoch, epochs, loss, secondsLeft } = training;
  const parts = [
    `training ${recipe}`,
    `${Math.floor(fraction * 100)}%`,
    epochs > 1 ? `epoch ${Math.min(epoch, epochs)} of ${epochs}` : undefined,
    loss === undefined ? undefined : `loss ${loss.toFixed(3)}`,
    secondsLeft === undefined ? undefined : `about ${clockText(secondsLeft)} left`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

export function describeImport({ jobArn, rows, bytes, totalBytes }: Import): string {
  const name = jobArn.split("/").at(-1) ?? jobArn;
  const share = totalBytes > 0 ? `, ${Math.floor((100 * bytes) / totalBytes)}%` : "";
  return `importing ${name}: ${rows.toLocaleString("en-US")} rows${share}`;
}

export interface RunView {
  progress(progress: Progress): void;
  /** A line that stays. */
  say(line: string): void;
  /** Clears what is redrawn. */
  end(): void;
}

export interface RunViewOptions {
  readonly io: Pick<Io, "out" | "tty" | "columns">;
  /** Writes raw text to the terminal, for redrawing. */
  readonly paint: (text: string) => void;
  /** Milliseconds; injected so that tests can step it. */
  readonly now: () => number;
  /** Quiet states: polling loops enter them again and again; they are shown once per run. */
  readonly pipeEveryMilliseconds?: number;
}

export function createRunView({ io, paint, now, pipeEveryMilliseconds = 3_000 }: RunViewOptions): RunView {
  const started = now();
  const seenStates = new Set<string>();
  const live = new Map<string, string>();
  const lastPiped = new Map<string, number>();
  let painted = 0;

  const stamp = () => clockText((now() - started) / 1000).padStart(5);
  const clear = () => {
    if (painted > 0) paint(`\u001b[${painted}A\u001b[0J`);
    painted = 0;
  };
  const redraw = () => {
    if (!io.tty) return;
    const lines = [...live.values()].map((line) => clip(`       ${line}`, io.columns - 1));
    if (lines.length > 0) paint(`${lines.join("\n")}\n`);
    painted = lines.length;
  };
  const say = (line: string) => {
    clear();
    io.out(line);
    redraw();
  };
  const show = (key: string, line: string, done: boolean) => {
    if (done) {
      if (!live.delete(key)) return;
      return say(`${stamp()}  ${line}`);
    }
    if (io.tty) {
      clear();
      live.set(key, line);
      return redraw();
    }
    live.set(key, line);
    if (now() - (lastPiped.get(key) ?? -Infinity) < pipeEveryMilliseconds) return;
    lastPiped.set(key, now());
    io.out(`${stamp()}  ${line}`);
  };

  return {
    say,
    end: () => {
      clear();
      live.clear();
    },
    progress(progress) {
      if (progress.kind === "training") {
        show(progress.solutionVersionArn, describeTraining(progress), progress.fraction >= 1);
      } else if (progress.kind === "import") {
        show(progress.jobArn, describeImport(progress), progress.bytes >= progress.totalBytes);
      } else if (progress.kind === "state-entered" && !seenStates.has(progress.state)) {
        seenStates.add(progress.state);
        say(`${stamp()}  ${progress.state}`);
      }
    },
  };
}
