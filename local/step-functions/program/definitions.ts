/** Definitions by content: stored once per text, compiled once per process. */
import { createHash } from "node:crypto";
import type { Table } from "../../cloud/ports/store.ts";
import { invalidDefinition } from "../errors.ts";
import { readJson } from "../json-text.ts";
import type { DefinitionRow } from "../runner/tables.ts";
import type { MachineDefinition } from "./definition.ts";
import { makeProgram, type Program } from "./program.ts";
import { diagnose, type Diagnostic } from "./validate/diagnose.ts";

export interface Definitions {
  /** Checks the text, stores it and returns its key. Throws InvalidDefinition with the first fault. */
  accept(text: string): string;
  textOf(key: string): string;
  programOf(key: string): Program;
}

export function createDefinitions(table: Table<DefinitionRow>): Definitions {
  const programs = new Map<string, Program>();
  const textOf = (key: string) => {
    const row = table.get(key);
    if (!row) throw new Error(`No definition is stored under '${key}'`);
    return row.definition;
  };
  return {
    accept(text) {
      const fault = diagnoseText(text).find(({ severity }) => severity === "ERROR");
      if (fault) throw invalidDefinition(sentenceOf(fault));
      const key = createHash("sha256").update(text).digest("hex");
      if (!table.has(key)) table.put(key, { definition: text });
      return key;
    },
    textOf,
    programOf(key) {
      let program = programs.get(key);
      if (!program) programs.set(key, (program = makeProgram(JSON.parse(textOf(key)) as MachineDefinition)));
      return program;
    },
  };
}

const sentenceOf = ({ code, message, location }: Diagnostic) =>
  `${code}: ${message}${location === undefined ? "" : ` at ${location}`}`;

/** All that is wrong with a definition's text (fact 39). */
export function diagnoseText(text: string): readonly Diagnostic[] {
  if (text.trim() === "") {
    return [{ severity: "ERROR", code: "SCHEMA_VALIDATION_FAILED", message: "Definition must be a valid JSON object" }];
  }
  const read = readJson(text);
  if (read.ok) return diagnose(read.value);
  const { message, location } = read.fault;
  return [{ severity: "ERROR", code: "INVALID_JSON_DESCRIPTION", message: `${message}\n at ${location}`, location }];
}
