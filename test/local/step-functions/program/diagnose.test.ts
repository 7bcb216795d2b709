import { describe, expect, it } from "@jest/globals";
import aslValidator from "asl-validator";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../../local/cloud/project-root.ts";
import { diagnoseText } from "../../../../local/step-functions/program/definitions.ts";

const machine = (States: object, rest: object = {}) => ({ QueryLanguage: "JSONata", StartAt: "A", States, ...rest });
const pass = (rest: object = {}) => ({ Type: "Pass", End: true, ...rest });
const sdkTask = "arn:aws:states:::aws-sdk:personalize:describeSolution";
const task = (rest: object = {}) => ({ Type: "Task", Resource: sdkTask, Arguments: {}, End: true, ...rest });

/** Diagnostics as `SEVERITY location: message`, short. */
const said = (definition: unknown) =>
  diagnoseText(typeof definition === "string" ? definition : JSON.stringify(definition)).map(
    ({ severity, location, message }) => `${severity} ${location}: ${message}`,
  );

const good: readonly { why: string; definition: object; stricter?: string }[] = [
  { why: "one Pass", definition: machine({ A: pass() }) },
  {
    why: "literal outputs",
    definition: machine({ A: pass({ Output: [1, null, "x"] }) }),
    stricter: "asl-validator wants an object; the service takes any value (fact 30)",
  },
  {
    why: "a loop that can end",
    definition: machine({
      A: { Type: "Wait", Seconds: 5, Next: "B" },
      B: { Type: "Choice", Choices: [{ Condition: "{% $states.input.done %}", Next: "C" }], Default: "A" },
      C: { Type: "Succeed" },
    }),
  },
  {
    why: "34: empty Retry and Catch, MaxAttempts 0",
    definition: machine({ A: task({ Retry: [], Catch: [] }) }),
  },
  {
    why: "Retry and Catch with all their fields",
    definition: machine({
      A: task({
        TimeoutSeconds: 60,
        HeartbeatSeconds: 20,
        Retry: [
          {
            ErrorEquals: ["X", "Y"],
            IntervalSeconds: 2,
            MaxAttempts: 0,
            BackoffRate: 1.5,
            MaxDelaySeconds: 9,
            JitterStrategy: "FULL",
          },
          { ErrorEquals: ["States.ALL"] },
        ],
        Catch: [{ ErrorEquals: ["States.ALL"], Output: "{% $states.errorOutput.Error %}", Next: "B" }],
      }),
      B: { Type: "Fail", Error: "E", Cause: "{% $states.input %}" },
    }),
  },
  {
    why: "Parallel and Map",
    definition: machine({
      A: {
        Type: "Parallel",
        Branches: [{ StartAt: "P", States: { P: pass() } }],
        Output: "{% $states.result[0] %}",
        Next: "M",
      },
      M: {
        Type: "Map",
        Items: "{% $states.input %}",
        ItemSelector: { i: "{% $states.context.Map.Item.Index %}" },
        MaxConcurrency: 2,
        ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, StartAt: "Q", States: { Q: pass() } },
        End: true,
      },
    }),
  },
  {
    why: "34: a state of a JSONPath machine in JSONata",
    definition: {
      StartAt: "A",
      States: {
        A: { Type: "Pass", Parameters: { "x.$": "States.Format('{}', $.a)" }, Next: "B" },
        B: { QueryLanguage: "JSONata", Type: "Pass", Output: "{% $states.input.x %}", End: true },
      },
    },
  },
];

const bad: readonly { why: string; definition: unknown; says: string }[] = [
  {
    why: "39: nothing required is there",
    definition: {},
    says: "ERROR /: These fields are required: [States, StartAt]",
  },
  { why: "no StartAt", definition: { States: { A: pass() } }, says: "ERROR /: These fields are required: [StartAt]" },
  { why: "no text", definition: "", says: "ERROR undefined: Definition must be a valid JSON object" },
  {
    why: "39: a downgrade to JSONPath",
    definition: machine({ A: pass({ QueryLanguage: "JSONPath" }) }),
    says: "ERROR /States/A: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
  },
  {
    why: "a typo",
    definition: machine({ A: pass({ Outptu: 1 }) }),
    says: "ERROR /States/A/Outptu: Field is not supported",
  },
  {
    why: "a typo at the top",
    definition: machine({ A: pass() }, { Startat: 1 }),
    says: "ERROR /Startat: Field is not supported",
  },
  {
    why: "a JSONPath field",
    definition: machine({ A: pass({ InputPath: "$" }) }),
    says: "ERROR /States/A/InputPath: Field 'InputPath' is not supported when QueryLanguage is 'JSONata'",
  },
  {
    why: "an unknown type",
    definition: machine({ A: { Type: "Pas", End: true } }),
    says: "ERROR /States/A/Type: Value must be one of",
  },
  {
    why: "neither Next nor End",
    definition: machine({ A: { Type: "Pass" } }),
    says: "ERROR /States/A: One of these fields is required: [Next, End]",
  },
  {
    why: "both",
    definition: machine({ A: pass({ Next: "A" }) }),
    says: "ERROR /States/A: Only one of [Next, End] is allowed",
  },
  {
    why: "a target that does not exist",
    definition: machine({ A: { Type: "Pass", Next: "B" } }),
    says: "ERROR /States/A/Next: Missing 'Next' target: B",
  },
  {
    why: "a start that does not exist",
    definition: machine({ B: pass() }),
    says: "ERROR /StartAt: Missing 'Next' target: A",
  },
  {
    why: "a catch that leads nowhere",
    definition: machine({ A: task({ Catch: [{ ErrorEquals: ["States.ALL"], Next: "Z" }] }) }),
    says: "ERROR /States/A/Catch[0]/Next: Missing 'Next' target: Z",
  },
  {
    why: "a state nobody reaches",
    definition: machine({ A: pass(), B: pass() }),
    says: 'ERROR /States/B: State "B" is not reachable.',
  },
  {
    why: "no end",
    definition: machine({ A: { Type: "Pass", Next: "A" } }),
    says: "ERROR /States: No terminal state was found",
  },
  {
    why: "States.ALL in company",
    definition: machine({ A: task({ Retry: [{ ErrorEquals: ["States.ALL", "X"] }] }) }),
    says: "ERROR /States/A/Retry[0]/ErrorEquals: States.ALL must appear alone",
  },
  {
    why: "States.ALL not last",
    definition: machine({ A: task({ Retry: [{ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["X"] }] }) }),
    says: "ERROR /States/A/Retry[0]/ErrorEquals: States.ALL must appear in the last entry",
  },
  {
    why: "a heartbeat as long as the timeout",
    definition: machine({ A: task({ TimeoutSeconds: 5, HeartbeatSeconds: 5 }) }),
    says: "ERROR /States/A/HeartbeatSeconds: HeartbeatSeconds must be smaller than TimeoutSeconds",
  },
  {
    why: "an integration that does not exist",
    definition: machine({ A: task({ Resource: "arn:aws:states:::sqs:sendMessage" }) }),
    says: "ERROR /States/A/Resource: The resource provided arn:aws:states:::sqs:sendMessage is not recognized.",
  },
  {
    why: "a Wait of two minds",
    definition: machine({ A: { Type: "Wait", Seconds: 1, Timestamp: "x", End: true } }),
    says: "ERROR /States/A: Exactly one of [Seconds, SecondsPath, Timestamp, TimestampPath] is required",
  },
  {
    why: "a rule without a condition",
    definition: machine({ A: { Type: "Choice", Choices: [{ Next: "B" }] }, B: pass() }),
    says: "ERROR /States/A/Choices[0]: These fields are required: [Condition]",
  },
  {
    why: "an expression that does not parse",
    definition: machine({ A: pass({ Output: { x: ["{% 1 + %}"] } }) }),
    says: "ERROR /States/A/Output/x[0]: The JSONata expression '1 +' is not valid.",
  },
  {
    why: "$states.result where nothing was done",
    definition: machine({ A: pass({ Output: "{% $states.result %}" }) }),
    says: "ERROR /States/A/Output: The variable '$states.result' does not exist in this field",
  },
  {
    why: "$states.result before the work",
    definition: machine({ A: task({ Arguments: "{% $states.result %}" }) }),
    says: "ERROR /States/A/Arguments: The variable '$states.result' does not exist in this field",
  },
  {
    why: "$states.errorOutput outside a catcher",
    definition: machine({ A: task({ Output: "{% $states.errorOutput.Error %}" }) }),
    says: "ERROR /States/A/Output: The variable '$states.errorOutput' does not exist in this field",
  },
  {
    why: "a variable nobody assigns",
    definition: machine({ A: pass({ Output: "{% $forgotten %}" }) }),
    says: "WARNING /States/A/Output: No state assigns the variable '$forgotten'",
  },
  {
    why: "faults inside a branch",
    definition: machine({
      A: { Type: "Parallel", Branches: [{ StartAt: "P", States: { P: { Type: "Pass" } } }], End: true },
    }),
    says: "ERROR /States/A/Branches[0]/States/P: One of these fields is required: [Next, End]",
  },
  {
    why: "a distributed Map",
    definition: machine({
      A: { Type: "Map", ToleratedFailureCount: 1, ItemProcessor: { StartAt: "P", States: { P: pass() } }, End: true },
    }),
    says: "ERROR /States/A/ToleratedFailureCount: Field 'ToleratedFailureCount' belongs to distributed Map states",
  },
  {
    why: "29: an odd escape in an intrinsic",
    definition: { StartAt: "A", States: { A: pass({ Parameters: { "x.$": "States.Format('\\n')" } }) } },
    says: "ERROR /States/A/Parameters/x.$: Value is not a valid JSONPath or intrinsic function.",
  },
];

describe("diagnose", () => {
  it.each(good)("has nothing to say about $why", ({ definition }) => {
    expect(said(definition)).toEqual([]);
  });

  it.each(bad)("names $why", ({ definition, says }) => {
    expect(said(definition)).toContainEqual(expect.stringContaining(says));
  });

  it("39: quotes Jackson for what is no JSON", () => {
    expect(diagnoseText("not a definition")).toEqual([
      {
        severity: "ERROR",
        code: "INVALID_JSON_DESCRIPTION",
        message:
          "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n" +
          ' at [Source: (String)"not a definition"; line: 1, column: 4]',
        location: '[Source: (String)"not a definition"; line: 1, column: 4]',
      },
    ]);
  });

  it("knows variables bound inside an expression, parameters and JSONata's own functions", () => {
    const source = "{% ($f := function($x) { $x + $count([1]) }; $f($n)) %}";
    expect(said(machine({ A: { Type: "Pass", Assign: { n: 1 }, Next: "B" }, B: pass({ Output: source }) }))).toEqual(
      [],
    );
  });
});

describe("asl-validator, as a second opinion", () => {
  it.each(good.filter(({ stricter }) => stricter === undefined))("accepts what we accept: $why", ({ definition }) => {
    expect(aslValidator(definition).errors.map((error) => JSON.stringify(error))).toEqual([]);
  });

  const folder = join(projectRoot(), "state-machines");
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".asl.json")) : [];
  it("and both accept the project's own machines", () => {
    for (const name of files) {
      const text = readFileSync(join(folder, name), "utf8").replace(/\$\{\w+\}/g, "name");
      expect({ name, faults: said(text).filter((line) => line.startsWith("ERROR")) }).toEqual({ name, faults: [] });
      const { errors } = aslValidator(JSON.parse(text) as object);
      expect({ name, errors: errors.map((error) => JSON.stringify(error)) }).toEqual({ name, errors: [] });
    }
  });
});
