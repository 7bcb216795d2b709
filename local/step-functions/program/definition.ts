/**
 * The Amazon States Language as types: what a definition holds once `validate-definition.ts` has let it through.
 * Fields of both query languages stand side by side; the validator refuses a state that mixes them.
 */
import type { Json, JsonObject } from "../json.ts";

export type QueryLanguage = "JSONata" | "JSONPath";

export interface FlowDefinition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, StateDefinition>>;
}

export interface MachineDefinition extends FlowDefinition {
  readonly Comment?: string;
  readonly QueryLanguage?: QueryLanguage;
  readonly TimeoutSeconds?: number;
  readonly Version?: string;
}

/** What a state, a Choice rule or a catcher may say about the data that leave it. */
export interface OutputRules {
  readonly Assign?: JsonObject;
  readonly Output?: Json;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string | null;
  readonly ResultSelector?: JsonObject;
}

interface CommonFields extends OutputRules {
  readonly Comment?: string;
  readonly QueryLanguage?: QueryLanguage;
  readonly InputPath?: string | null;
}

interface Continuing {
  readonly Next?: string;
  readonly End?: boolean;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: "FULL" | "NONE";
}

export interface Catcher extends OutputRules {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}

interface Recovering {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface PassDefinition extends CommonFields, Continuing {
  readonly Type: "Pass";
  readonly Result?: Json;
  readonly Parameters?: Json;
}

export interface TaskDefinition extends CommonFields, Continuing, Recovering {
  readonly Type: "Task";
  readonly Resource: string;
  readonly Arguments?: Json;
  readonly Parameters?: Json;
  readonly TimeoutSeconds?: number | string;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: number | string;
  readonly HeartbeatSecondsPath?: string;
  readonly Credentials?: JsonObject;
}

/** In JSONata a rule has a Condition; in JSONPath a tree of comparisons. */
export interface ChoiceRule extends OutputRules {
  readonly Condition?: boolean | string;
  readonly Next: string;
  readonly [comparison: string]: unknown;
}

export interface ChoiceDefinition extends CommonFields {
  readonly Type: "Choice";
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export interface WaitDefinition extends CommonFields, Continuing {
  readonly Type: "Wait";
  readonly Seconds?: number | string;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
}

export interface ParallelDefinition extends CommonFields, Continuing, Recovering {
  readonly Type: "Parallel";
  readonly Branches: readonly FlowDefinition[];
  readonly Arguments?: Json;
  readonly Parameters?: Json;
}

export interface MapDefinition extends CommonFields, Continuing, Recovering {
  readonly Type: "Map";
  readonly ItemProcessor?: FlowDefinition;
  /** The processor's and the selector's former names, still accepted. */
  readonly Iterator?: FlowDefinition;
  readonly Parameters?: Json;
  readonly Items?: Json;
  readonly ItemsPath?: string;
  readonly ItemSelector?: Json;
  readonly MaxConcurrency?: number | string;
  readonly MaxConcurrencyPath?: string;
}

export interface SucceedDefinition extends CommonFields {
  readonly Type: "Succeed";
}

export interface FailDefinition {
  readonly Type: "Fail";
  readonly Comment?: string;
  readonly QueryLanguage?: QueryLanguage;
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

export type StateDefinition =
  | PassDefinition
  | TaskDefinition
  | ChoiceDefinition
  | WaitDefinition
  | ParallelDefinition
  | MapDefinition
  | SucceedDefinition
  | FailDefinition;
export type StateTypeName = StateDefinition["Type"];
