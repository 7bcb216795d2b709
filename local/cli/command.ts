/**
 * What a command is: data plus `run`. Options are declared once; parsing, `--help` and the exit code for bad arguments
 * (2, with the remedy) come from the declaration.
 */
import { parseArgs } from "node:util";

/** Where a command prints, and what it must know of its surroundings. */
export interface Io {
  out(line: string): void;
  err(line: string): void;
  /** Is a person looking at a terminal that can redraw? */
  readonly tty: boolean;
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Asks a person and waits for the line; absent where nobody can answer. */
  readonly ask?: (question: string) => Promise<string>;
  /** Aborted on Ctrl-C or SIGTERM. */
  readonly stop: AbortSignal;
}

export interface Option {
  readonly type: "string" | "boolean";
  /** How the value is called in the help, e.g. "DIR". */
  readonly value?: string;
  readonly help: string;
  readonly default?: string;
}

export interface Positional {
  readonly name: string;
  readonly help: string;
  readonly optional?: boolean;
}

export interface Command {
  readonly summary: string;
  /** Words besides the options; only the last may be left out. */
  readonly positionals?: readonly Positional[];
  readonly options: Readonly<Record<string, Option>>;
  run(args: Arguments, io: Io): Promise<number>;
}

/** Parsed arguments; readers throw UsageError with the remedy. */
export interface Arguments {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  flag(name: string): boolean;
  /** A number of at least `min`, an integer unless `fraction`. */
  number(name: string, limits?: { min?: number; max?: number; fraction?: boolean }): number | undefined;
}

/** The person asked for something that cannot be: exit code 2 and the remedy, no stack. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What went wrong is known and explained; exit code 1, no stack. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
}

/** The person asked to stop; the reason of `Io.stop`. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  /** As shells tell it: 128 and the signal's number. */
  readonly code: number;
  constructor(signal: string) {
    super(`stopped by ${signal}`);
    this.code = signal === "SIGTERM" ? 143 : 130;
  }
}

/** The exit code of work that was not finished when the person stopped it. */
export const stoppedCode = ({ stop }: Pick<Io, "stop">): number =>
  stop.reason instanceof Stopped ? stop.reason.code : 130;

export function parse(name: string, command: Command, args: readonly string[]): Arguments {
  const options = Object.fromEntries(Object.entries(command.options).map(([key, { type }]) => [key, { type }]));
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(". To specify")[0]}. See: outrank ${name} --help`, {
      cause: error,
    });
  }
  const wanted = command.positionals ?? [];
  const needed = wanted.filter(({ optional }) => !optional).length;
  if (parsed.positionals.length < needed || parsed.positionals.length > wanted.length) {
    const names = wanted.map(asTyped).join(" ") || "no words";
    const given = parsed.positionals.length === 0 ? "none" : parsed.positionals.join(" ");
    throw new UsageError(
      `outrank ${name} wants ${names} besides its options, got ${given}. See: outrank ${name} --help`,
    );
  }
  return readers(command, parsed.values, parsed.positionals);
}

const asTyped = ({ name, optional }: Positional): string => (optional ? `[${name}]` : name);

function readers(command: Command, values: Record<string, unknown>, positionals: readonly string[]): Arguments {
  const text = (key: string) => (values[key] as string | undefined) ?? command.options[key]?.default;
  return {
    positionals,
    text,
    flag: (key) => values[key] === true,
    number(key, { min = 0, max = Number.MAX_SAFE_INTEGER, fraction = false } = {}) {
      const given = text(key);
      if (given === undefined) return undefined;
      const number = given.trim() === "" ? NaN : Number(given);
      if (!(number >= min && number <= max) || (!fraction && !Number.isInteger(number))) {
        const kind = fraction ? "a number" : "a whole number";
        const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
        throw new UsageError(`--${key} wants ${kind} ${range}, got "${given}"`);
      }
      return number;
    },
  };
}

/** The text of `outrank NAME --help`. */
export function helpOf(name: string, command: Command): string {
  const positionals = command.positionals ?? [];
  const left = (key: string, { value }: Option) => `  --${key}${value ? ` ${value}` : ""}`;
  const rows = [
    ...positionals.map(({ name: word, help }) => [`  ${word}`, help] as const),
    ...Object.entries(command.options).map(
      ([key, option]) =>
        [
          left(key, option),
          option.help + (option.default === undefined ? "" : ` (default ${option.default})`),
        ] as const,
    ),
    ["  --help", "show this"] as const,
  ];
  const width = Math.max(...rows.map(([first]) => first.length)) + 2;
  const words = positionals.map((positional) => ` ${asTyped(positional)}`).join("");
  return [
    `outrank ${name}${words} [options]: ${command.summary}`,
    "",
    ...rows.map(([first, help]) => first.padEnd(width) + help),
  ].join("\n");
}
