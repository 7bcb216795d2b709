/** Which fields a state may have: the table of the language. What is not here is refused, so that a typo cannot pass. */
import type { QueryLanguage, StateTypeName } from "../definition.ts";

const moving = ["Next", "End"];
const recovering = ["Retry", "Catch"];
const general = ["Type", "Comment", "QueryLanguage"];

/** Fields of a type in either language. */
const anyway: Readonly<Record<StateTypeName, readonly string[]>> = {
  Pass: [...moving, "Assign"],
  Task: [...moving, ...recovering, "Assign", "Resource", "TimeoutSeconds", "HeartbeatSeconds", "Credentials"],
  Choice: ["Choices", "Default", "Assign"],
  Wait: [...moving, "Assign", "Seconds", "Timestamp"],
  Parallel: [...moving, ...recovering, "Assign", "Branches"],
  Map: [...moving, ...recovering, "Assign", "ItemProcessor", "ItemSelector", "MaxConcurrency"],
  Succeed: [],
  Fail: ["Error", "Cause"],
};

const ofLanguage: Readonly<Record<QueryLanguage, Readonly<Record<StateTypeName, readonly string[]>>>> = {
  JSONata: {
    Pass: ["Output"],
    Task: ["Output", "Arguments"],
    Choice: ["Output"],
    Wait: ["Output"],
    Parallel: ["Output", "Arguments"],
    Map: ["Output", "Items"],
    Succeed: ["Output"],
    Fail: [],
  },
  JSONPath: {
    Pass: ["InputPath", "OutputPath", "Parameters", "Result", "ResultPath"],
    Task: [
      ...["InputPath", "OutputPath", "Parameters", "ResultSelector", "ResultPath"],
      ...["TimeoutSecondsPath", "HeartbeatSecondsPath"],
    ],
    Choice: ["InputPath", "OutputPath"],
    Wait: ["InputPath", "OutputPath", "SecondsPath", "TimestampPath"],
    Parallel: ["InputPath", "OutputPath", "Parameters", "ResultSelector", "ResultPath"],
    Map: [
      ...["InputPath", "OutputPath", "Parameters", "ResultSelector", "ResultPath"],
      ...["ItemsPath", "Iterator", "MaxConcurrencyPath"],
    ],
    Succeed: ["InputPath", "OutputPath"],
    Fail: ["ErrorPath", "CausePath"],
  },
};

export const stateTypeNames = Object.keys(anyway) as readonly StateTypeName[];

export function fieldsOf(type: StateTypeName, language: QueryLanguage): ReadonlySet<string> {
  return new Set([...general, ...anyway[type], ...ofLanguage[language][type]]);
}

/** Whether the field exists, but in the other language. */
export function isFieldOfOther(type: StateTypeName, language: QueryLanguage, field: string): boolean {
  return ofLanguage[language === "JSONata" ? "JSONPath" : "JSONata"][type].includes(field);
}

/** Fields of a distributed Map, which the embedded cloud does not have. */
export const distributedMapFields: ReadonlySet<string> = new Set([
  ...["ItemReader", "ItemBatcher", "ResultWriter", "Label"],
  ...["ToleratedFailureCount", "ToleratedFailureCountPath"],
  ...["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"],
]);

export const machineFields: ReadonlySet<string> = new Set([
  ...["Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"],
]);

export const branchFields: ReadonlySet<string> = new Set(["Comment", "StartAt", "States", "ProcessorConfig"]);

export const retrierFields: ReadonlySet<string> = new Set([
  ...["ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy", "Comment"],
]);

const catching = ["ErrorEquals", "Next", "Assign", "Comment"];
export const catcherFields: Readonly<Record<QueryLanguage, ReadonlySet<string>>> = {
  JSONata: new Set([...catching, "Output"]),
  JSONPath: new Set([...catching, "ResultPath"]),
};
