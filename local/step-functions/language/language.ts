/**
 * What a query language does for a state. The state types ask these questions and never look at `Output`, `Parameters`
 * or a path themselves, so that JSONata and JSONPath are two answers to one list of questions.
 *
 * Invariants
 *   L1  Every answer is JSON: detached from its input, finite numbers, no undefined (facts 19, 30).
 *   L2  `Output` and `Assign` both see the variables as they were before (fact 32).
 *   L3  All chance and time come from the scope's moment.
 */
import type { RandomSource } from "../../cloud/ports/clock.ts";
import type { Json, JsonObject } from "../json.ts";
import type {
  Catcher,
  ChoiceDefinition,
  ChoiceRule,
  FailDefinition,
  MapDefinition,
  OutputRules,
  StateDefinition,
  TaskDefinition,
  WaitDefinition,
} from "../program/definition.ts";

/** The instant of a step and its sources of chance; the only impure values a step sees. */
export interface Moment {
  readonly now: number;
  /** The instant at which a wait of that length, started now, is over. */
  deadline(milliseconds: number): number;
  readonly random: RandomSource;
  uuid(): string;
}

/** What an expression can see. */
export interface Scope {
  readonly input: Json;
  readonly context: JsonObject;
  readonly variables: JsonObject;
  readonly result?: Json;
  readonly errorOutput?: JsonObject;
  readonly moment: Moment;
}

/** The data that leave a state: its output and the variables it assigns (none: undefined). */
export interface Conclusion {
  readonly output: Json;
  readonly assigned: JsonObject | undefined;
}

export interface Language {
  /** What a Task calls with, and what a Parallel hands to each branch. */
  effectiveInput(definition: StateDefinition, scope: Scope): Promise<Json>;
  /** After success. `fallback` is the output where the definition states none. */
  conclude(definition: OutputRules, scope: Scope, fallback: Json): Promise<Conclusion>;
  /** After a caught error, which `scope.errorOutput` holds. */
  concludeCaught(catcher: Catcher, index: number, scope: Scope): Promise<Conclusion>;
  /** After a Choice: by the rule's own fields when one matched, else by the state's (fact 31). */
  concludeChoice(definition: ChoiceDefinition, rule: number | undefined, scope: Scope): Promise<Conclusion>;
  passResult(definition: StateDefinition, scope: Scope): Promise<Json>;
  matches(rule: ChoiceRule, index: number, scope: Scope): Promise<boolean>;
  waitSeconds(definition: WaitDefinition, scope: Scope): Promise<number>;
  /** Epoch milliseconds. */
  waitTimestamp(definition: WaitDefinition, scope: Scope): Promise<number>;
  timeoutSeconds(definition: TaskDefinition, scope: Scope): Promise<number | undefined>;
  heartbeatSeconds(definition: TaskDefinition, scope: Scope): Promise<number | undefined>;
  failure(definition: FailDefinition, scope: Scope): Promise<{ error?: string; cause?: string }>;
  items(definition: MapDefinition, scope: Scope): Promise<readonly Json[]>;
  /** An iteration's input; `scope.context.Map.Item` holds the item. */
  iterationInput(definition: MapDefinition, scope: Scope, item: Json): Promise<Json>;
  maxConcurrency(definition: MapDefinition, scope: Scope): Promise<number>;
}
