/** The front door of the command line: finds the command, parses, runs, and turns errors into exit codes. */
import { createInterface } from "node:readline/promises";
import { inspect } from "node:util";
import { type Command, CommandFailure, helpOf, type Io, parse, Stopped, stoppedCode, UsageError } from "./command.ts";
import { cleanup, prune } from "./commands/cleanup.ts";
import { approve } from "./commands/approve.ts";
import { cost } from "./commands/cost.ts";
import { configAdopt } from "./commands/config-adopt.ts";
import { configCheck } from "./commands/config-check.ts";
import { configFromSolution } from "./commands/config-from-solution.ts";
import { drop } from "./commands/drop.ts";
import { events } from "./commands/events.ts";
import { explain } from "./commands/explain.ts";
import { promote, rollback } from "./commands/recall.ts";
import { recommend } from "./commands/recommend.ts";
import { report } from "./commands/report.ts";
import { run } from "./commands/run.ts";
import { runs } from "./commands/runs.ts";
import { schedulePause, scheduleResume, scheduleSet, scheduleShow } from "./commands/schedule.ts";
import { schemaInfer } from "./commands/schema-infer.ts";
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
  approve,
  rollback,
  promote,
  recommend,
  events,
  shop,
  "config check": configCheck,
  "config from-solution": configFromSolution,
  "config adopt": configAdopt,
  "schema infer": schemaInfer,
  "schedule show": scheduleShow,
  "schedule pause": schedulePause,
  "schedule resume": scheduleResume,
  "schedule set": scheduleSet,
  prune,
  cleanup,
};

/** The command that a line means, and the words behind its name, which may be of two words: `config check`. */
export function commandIn(args: readonly string[]) {
  for (const size of [2, 1]) {
    const name = args.slice(0, size).join(" ");
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command !== undefined) return { name, command, rest: args.slice(size) };
  }
  return undefined;
}

/** Nothing, when `first` begins no command of two words. */
const commandsUnder = (first: string): string[] => Object.keys(commands).filter((name) => name.startsWith(`${first} `));

/** Runs one command line; answers the exit code: 0 done, 1 failed, 2 asked for wrongly. */
export async function dispatch(args: readonly string[], io: Io): Promise<number> {
  const [first] = args;
  if (first === undefined || first === "help" || first === "--help" || first === "-h") {
    io.out(overview());
    return first === undefined ? 2 : 0;
  }
  const found = commandIn(args);
  if (!found) return unknownCommand(args, io);
  const { name, command, rest } = found;
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

function unknownCommand([first = "", second]: readonly string[], io: Io): 0 | 2 {
  const under = commandsUnder(first);
  if (under.length > 0 && (second === "--help" || second === "-h")) {
    io.out(overview(under));
    return 0;
  }
  const asked = under.length > 0 && second !== undefined ? `${first} ${second}` : first;
  const all = under.length > 0 ? under : Object.keys(commands);
  io.err(`There is no command "${asked}". There are: ${all.join(", ")}. See: outrank --help`);
  return 2;
}

/** Said for people, by a service about the request, or by the system about a file: a stack would only hide it. */
const isExplained = (error: unknown): error is Error =>
  error instanceof CommandFailure ||
  (error instanceof Error && error.name === "CredentialsProviderError") ||
  (typeof error === "object" && error !== null && ("$metadata" in error || "syscall" in error));

const explanation = (error: Error) => ("$metadata" in error ? `${error.name}: ` : "") + error.message;

function overview(names: readonly string[] = Object.keys(commands)): string {
  const width = Math.max(...names.map((name) => name.length)) + 2;
  return [
    "outrank: a new Personalize model goes live only if it outranks the popular-items baseline",
    "",
    ...names.map((name) => `  ${name.padEnd(width)}${commands[name]?.summary}`),
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
