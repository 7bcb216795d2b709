/**
 * Runs a job's script as a child process and tells how it ended.
 *
 * Invariants
 *   J1  The child sees nothing of this process's environment but what it is given.
 *   J2  An aborted signal kills the child and all that it started.
 */
import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { Interpreter } from "./interpreters.ts";

export interface ScriptRun {
  readonly interpreter: Interpreter;
  readonly script: string;
  readonly folder: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onLines: (stream: "output" | "error", lines: readonly string[]) => void;
}

export interface ScriptEnd {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  /** What it printed last on stderr. */
  readonly lastErrors: readonly string[];
}

const lastErrorLines = 10;

export async function runScript(request: ScriptRun): Promise<ScriptEnd> {
  const { interpreter, script, folder, args, signal, onLines } = request;
  signal.throwIfAborted();
  const child = spawn(interpreter.command, [script, ...args], {
    cwd: folder,
    env: { ...interpreter.env, ...request.env },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that its children can be ended with it.
    detached: true,
  });
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
  };
  signal.addEventListener("abort", kill, { once: true });
  const lastErrors: string[] = [];
  const ended = new Promise<number | undefined>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? undefined));
  });
  try {
    const reading = [
      eachLine(child.stdout, (lines) => onLines("output", lines)),
      eachLine(child.stderr, (lines) => {
        onLines("error", lines);
        lastErrors.push(...lines.slice(-lastErrorLines));
        lastErrors.splice(0, lastErrors.length - lastErrorLines);
      }),
    ];
    const [exitCode] = await Promise.all([ended, ...reading]);
    return { exitCode, lastErrors };
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

async function eachLine(stream: Readable, take: (lines: readonly string[]) => void): Promise<void> {
  let rest = "";
  for await (const text of stream.setEncoding("utf8") as AsyncIterable<string>) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    if (lines.length > 0) take(lines);
  }
  if (rest !== "") take([rest]);
}
