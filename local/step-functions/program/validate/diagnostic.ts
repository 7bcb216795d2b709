/** What the checks hand each other. */
import type { Json } from "../../json.ts";
import type { QueryLanguage } from "../definition.ts";

/** One thing wrong with a definition, as ValidateStateMachineDefinition lists it (fact 39). */
export interface Diagnostic {
  readonly severity: "ERROR" | "WARNING";
  readonly code: "SCHEMA_VALIDATION_FAILED" | "MISSING_TRANSITION_TARGET" | "INVALID_JSON_DESCRIPTION";
  readonly message: string;
  /** A slash path, "/" for the whole definition. */
  readonly location?: string;
}

export const fault = (
  location: string,
  message: string,
  code: Diagnostic["code"] = "SCHEMA_VALIDATION_FAILED",
): Diagnostic => ({ severity: "ERROR", code, message, location });

export const warning = (location: string, message: string): Diagnostic => ({
  severity: "WARNING",
  code: "SCHEMA_VALIDATION_FAILED",
  message,
  location,
});

/** What a flow's states inherit from around them. */
export interface Surroundings {
  readonly inherited: QueryLanguage;
  /** A state may upgrade to JSONata, never go back (fact 34). */
  readonly isMachineJsonata: boolean;
  /** Variables of the scopes around. */
  readonly outer: ReadonlySet<string>;
}

export const list = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : [];
