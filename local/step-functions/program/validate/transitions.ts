/** Where states lead: every target exists, every state is reached, every flow can end. */
import { isObject, type Json, type JsonObject } from "../../json.ts";
import { fault, type Diagnostic } from "./diagnostic.ts";

interface Transition {
  readonly target: Json;
  readonly location: string;
}

export function checkTransitions(states: JsonObject, startAt: Json | undefined, location: string): Diagnostic[] {
  const missing = "MISSING_TRANSITION_TARGET";
  const entry: Transition = { target: startAt ?? null, location: `${location}/StartAt` };
  const all = Object.entries(states).flatMap(([name, state]) =>
    transitionsOf(isObject(state) ? state : {}, `${location}/States/${name}`),
  );
  const exists = ({ target }: Transition) => typeof target === "string" && Object.hasOwn(states, target);
  const lost = [entry, ...all]
    .filter((each) => !exists(each))
    .map(({ target, location: at }) =>
      fault(at, `Missing 'Next' target: ${typeof target === "string" ? target : JSON.stringify(target)}`, missing),
    );
  const reached = reachedFrom(startAt, states);
  const unreached = Object.keys(states)
    .filter((name) => exists(entry) && !reached.has(name))
    .map((name) => fault(`${location}/States/${name}`, `State "${name}" is not reachable.`, missing));
  const canEnd = Object.values(states).some(isTerminal);
  return [...lost, ...unreached, ...(canEnd ? [] : [fault(`${location}/States`, "No terminal state was found")])];
}

function isTerminal(state: Json): boolean {
  if (!isObject(state)) return false;
  return state["End"] === true || state["Type"] === "Succeed" || state["Type"] === "Fail";
}

function transitionsOf(state: JsonObject, location: string): Transition[] {
  const targets: Transition[] = [];
  const add = (holder: Json | undefined, field: string, at: string) => {
    const target = isObject(holder) ? holder[field] : undefined;
    if (target !== undefined) targets.push({ target, location: `${at}/${field}` });
  };
  add(state, "Next", location);
  add(state, "Default", location);
  for (const field of ["Choices", "Catch"]) {
    const holders = state[field];
    if (!Array.isArray(holders)) continue;
    (holders as readonly Json[]).forEach((holder, index) => add(holder, "Next", `${location}/${field}[${index}]`));
  }
  return targets;
}

function reachedFrom(start: Json | undefined, states: JsonObject): ReadonlySet<string> {
  const reached = new Set<string>();
  const pending = [start].filter(isText);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const state = states[name];
    if (reached.has(name) || !isObject(state)) continue;
    reached.add(name);
    pending.push(
      ...transitionsOf(state, "")
        .map(({ target }) => target)
        .filter(isText),
    );
  }
  return reached;
}

const isText = (value: Json | undefined): value is string => typeof value === "string";
