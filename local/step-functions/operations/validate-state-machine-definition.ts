/** ValidateStateMachineDefinition: never throws for a bad definition, it says what is bad (fact 39). */
import type { ValidateStateMachineDefinitionInput, ValidateStateMachineDefinitionOutput } from "@aws-sdk/client-sfn";
import { diagnoseText } from "../program/definitions.ts";
import { pageSize } from "./pages.ts";

export const validateStateMachineDefinition =
  () =>
  (input: ValidateStateMachineDefinitionInput): ValidateStateMachineDefinitionOutput => {
    const { definition = "", severity = "ERROR" } = input;
    const all = diagnoseText(definition);
    const shown = all.filter((each) => severity === "WARNING" || each.severity === "ERROR");
    const size = pageSize(input);
    return {
      result: all.some((each) => each.severity === "ERROR") ? "FAIL" : "OK",
      diagnostics: shown.slice(0, size).map((each) => ({ ...each })),
      truncated: shown.length > size,
    };
  };
