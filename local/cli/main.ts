/** The front door of the command line: finds the command, parses, runs, and turns errors into exit codes. */
import { createInterface } from "node:readline/promises";
import { inspect } from "node:util";
import { type Command, CommandFailure, helpOf, type Io, parse, Stopped, stoppedCode, UsageError } from "./command.ts";
import { cleanup, prune } from "./commands/cleanup.ts";
import { cost } from "./commands/cost.ts";
import { drop } from "./commands/drop.ts";
import { explain } from "./commands/explain.ts";
import { promote, rollback } from "./commands/recall.ts";
import { recommend } from "./commands/recommend.ts";
import { report } from "./commands/report.ts";
import { run } from "./commands/run.ts";
import { runs } from "./commands/runs.ts";
import { shop } from "./commands/shop.ts";
import { start } from "./commands/start.ts";
import { up } from "./commands/up.ts";

export const commands: Readonly<Record<string, Command>> = {
  start,
  up,
  drop,
  run,
  runs,
  explain,
  report,
  cost,
  rollback,
  promote,
  recommend,
  shop,
  prune,
  cleanup,
};

/** Runs one command line; answers the exit code: 0 done, 1 failed, 2 asked for wrongly. */
export async function dispatch(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    io.out(overview());
    return name === undefined ? 2 : 0;
  }
  const command = commands[name];
  if (!command) {
    io.err(`There is no command "${name}". There are: ${Object.keys(commands).join(", ")}. See: outrank --help`);
    return 2;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    io.out(helpOf(name, command));
    return 0;
  }
  try {
    return await command.run(parse(name, command, rest), io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(error.message);
      return 2;
    }
    if (io.stop.aborted) return stoppedCode(io);
    io.err(isExplained(error) ? explanation(error) : `A fault in Outrank itself: ${inspect(error)}`);
    return 1;
  }
}

/** Said for people, by a service about the request, or by the system about a file: a stack would only hide it. */
const isExplained = (error: unknown): error is Error =>
  error instanceof CommandFailure ||
  (error instanceof Error && error.name === "CredentialsProviderError") ||
  (typeof error === "object" && error !== null && ("$metadata" in error || "syscall" in error));

const explanation = (error: Error) => ("$metadata" in error ? `${error.name}: ` : "") + error.message;

function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length)) + 2;
  return [
    "outrank: a new Personalize model goes live only if it outranks the popular-items baseline",
    "",
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}${summary}`),
    "",
    "outrank COMMAND --help tells a command's options.",
  ].join("\n");
}

/** One line from the person at the terminal; the question goes beside the output, which may be piped. */
async function ask(question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question, { signal });
  } finally {
    lines.close();
  }
}

/** The process's own entry: real terminal, real signals. A second Ctrl-C ends at once. */
export async function main(args: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    const stopped = new Stopped(signal);
    if (stop.signal.aborted) process.exit(stopped.code);
    stop.abort(stopped);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const io: Io = {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    tty: process.stdout.isTTY === true,
    get columns() {
      return process.stdout.columns ?? 100;
    },
    env: process.env,
    cwd: process.cwd(),
    stop: stop.signal,
    ...(process.stdin.isTTY ? { ask: (question: string) => ask(question, stop.signal) } : {}),
  };
  try {
    return await dispatch(args, io);
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}
