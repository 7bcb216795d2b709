/** The definition as tests look at it: every state with its path and scope, whatever Map or Parallel it is in. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly End?: boolean;
  readonly Resource?: string;
  readonly Arguments?: Record<string, unknown>;
  readonly Assign?: Record<string, unknown>;
  readonly Retry?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly MaxAttempts: number;
    readonly JitterStrategy?: string;
  }[];
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly Next: string;
    readonly Assign?: Record<string, unknown>;
  }[];
  readonly Choices?: readonly {
    readonly Condition: string;
    readonly Next: string;
    readonly Assign?: Record<string, unknown>;
  }[];
  readonly TimeoutSeconds?: unknown;
  readonly Branches?: readonly Machine[];
  readonly ItemProcessor?: Machine;
}

export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

const definition = (name: string) =>
  JSON.parse(readFileSync(join(__dirname, "..", "..", "state-machines", `${name}.asl.json`), "utf8")) as Machine;

export const retrain = definition("retrain");
export const cleanup = definition("cleanup");

/** A machine and all machines inside it, each with the names it is nested in. */
export function scopes(
  machine: Machine,
  path: readonly string[] = [],
): { machine: Machine; path: readonly string[] }[] {
  const inner = Object.entries(machine.States).flatMap(([name, state]) =>
    [...(state.Branches ?? []), ...(state.ItemProcessor ? [state.ItemProcessor] : [])].flatMap((nested) =>
      scopes(nested, [...path, name]),
    ),
  );
  return [{ machine, path }, ...inner];
}

export const statesOf = (whole: Machine) =>
  scopes(whole).flatMap(({ machine, path }) =>
    Object.entries(machine.States).map(([name, state]) => ({ name, state, machine, path })),
  );

export const allStates = statesOf(retrain);

export const successors = (state: State): string[] => [
  ...(state.Next ? [state.Next] : []),
  ...(state.Default ? [state.Default] : []),
  ...(state.Choices ?? []).map((rule) => rule.Next),
  ...(state.Catch ?? []).map((catcher) => catcher.Next),
];

/** Names reachable from one state inside its own machine, itself included only through a loop. */
export function reachable(machine: Machine, from: string): Set<string> {
  const seen = new Set<string>();
  const queue = [from];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const next of successors(machine.States[name] as State)) {
      if (!seen.has(next)) queue.push(next);
      seen.add(next);
    }
  }
  return seen;
}

/** All texts in a value that are JSONata, without their braces. */
export function expressionsIn(value: unknown): string[] {
  if (typeof value === "string") return /^\{%.*%\}$/s.test(value) ? [value.slice(2, -2).trim()] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(expressionsIn);
}
