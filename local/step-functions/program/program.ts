/**
 * A definition made ready to run: its flows (the machine, every branch, every item processor) numbered depth first, so
 * that a number found in a stored thread means the same flow after a restart, and each state with its language.
 */
import type { Language } from "../language/language.ts";
import { createJsonataLanguage } from "../language/jsonata/jsonata-language.ts";
import { jsonPathLanguage } from "../language/jsonpath/jsonpath-language.ts";
import type { FlowDefinition, MachineDefinition, QueryLanguage, StateDefinition } from "./definition.ts";

export interface State<D extends StateDefinition = StateDefinition> {
  readonly name: string;
  readonly definition: D;
  readonly language: Language;
  /** Flow numbers of a Parallel's branches, or of a Map's processor. */
  readonly flows: readonly number[];
}

export interface Flow {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

export interface Program {
  readonly definition: MachineDefinition;
  readonly flows: readonly Flow[];
}

export function makeProgram(definition: MachineDefinition): Program {
  const languages: Readonly<Record<QueryLanguage, Language>> = {
    JSONata: createJsonataLanguage(),
    JSONPath: jsonPathLanguage,
  };
  const inherited = definition.QueryLanguage ?? "JSONPath";
  const flows: Flow[] = [];
  function addFlow(flow: FlowDefinition): number {
    const states = new Map<string, State>();
    const index = flows.push({ startAt: flow.StartAt, states }) - 1;
    for (const [name, state] of Object.entries(flow.States)) {
      const language = languages[state.QueryLanguage ?? inherited];
      states.set(name, { name, definition: state, language, flows: innerFlows(state).map(addFlow) });
    }
    return index;
  }
  addFlow(definition);
  return { definition, flows };
}

/** The flows written inside a state, in order. */
export function innerFlows(state: StateDefinition): readonly FlowDefinition[] {
  if (state.Type === "Parallel") return state.Branches;
  if (state.Type !== "Map") return [];
  const processor = state.ItemProcessor ?? state.Iterator;
  return processor ? [processor] : [];
}

export function stateOf(program: Program, flow: number, name: string): State {
  const state = program.flows[flow]?.states.get(name);
  if (!state) throw new Error(`The definition has no state '${name}' in its flow ${flow}`);
  return state;
}
