import { describe, expect, it } from "@jest/globals";
import { StateFailure } from "../../../../local/step-functions/language/failure.ts";
import { createExpressions, expressionIn } from "../../../../local/step-functions/language/jsonata/expressions.ts";
import { createJsonataLanguage } from "../../../../local/step-functions/language/jsonata/jsonata-language.ts";
import type { Scope } from "../../../../local/step-functions/language/language.ts";
import type { Json } from "../../../../local/step-functions/json.ts";

const scope: Scope = {
  input: { a: 1, list: [3, 1, 2], text: '{"k":[1]}' },
  context: { Execution: { Name: "run" } },
  variables: { outer: 10 },
  result: { Payload: "p" },
  moment: { now: 1_700_000_000_000, deadline: (ms) => ms, random: () => 0.25, uuid: () => "uuid-1" },
};
const evaluate = (source: string) => createExpressions().evaluate(source, "Output", scope);

async function failureOf(promise: Promise<unknown>): Promise<StateFailure> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof StateFailure) return thrown;
    throw thrown;
  }
  throw new Error("it did not fail");
}

describe("an expression", () => {
  it.each([
    { source: "$states.input.a + $outer", value: 11 },
    { source: "$states.context.Execution.Name", value: "run" },
    { source: "$states.result.Payload", value: "p" },
    { source: "$sort($states.input.list)", value: [1, 2, 3] },
    { source: "$partition([1, 2, 3, 4, 5], 2)", value: [[1, 2], [3, 4], [5]] },
    { source: "$range(0, 10, 5)", value: [0, 5, 10] },
    { source: "$range(3, 0, -2)", value: [3, 1] },
    { source: "$hash('abc', 'MD5')", value: "900150983cd24fb0d6963f7d28e17f72" },
    { source: "$hash('abc', 'SHA-1')", value: "a9993e364706816aba3e25717850c26c9cd0d89d" },
    { source: "$parse($states.input.text)", value: { k: [1] } },
    { source: "$random()", value: 0.25 },
    { source: "$uuid()", value: "uuid-1" },
    { source: "$millis()", value: 1_700_000_000_000 },
    { source: "$now()", value: "2023-11-14T22:13:20.000Z" },
    { source: "$now('[Y0001]-[M01]', '+0000')", value: "2023-11" },
    { source: "$random(7) = $random(7)", value: true },
    { source: "$random(7) = $random(8)", value: false },
  ])("$source", async ({ source, value }) => {
    expect(await evaluate(source)).toEqual(value);
  });

  it("30: an assignment gives its value; $parse('-0') gives 0", async () => {
    expect(await evaluate("$x := 1")).toBe(1);
    expect(Object.is(await evaluate("$parse('-0')"), 0)).toBe(true);
  });

  it.each([
    { why: "nothing", source: "$states.input.none", cause: "returned nothing (undefined)." },
    { why: "a function", source: "function($x) { $x }", cause: "returned an unsupported result type." },
    { why: "a function inside", source: '{"f": $sum}', cause: "returned an unsupported result type." },
    { why: "no finite number", source: "1/0", cause: "returned an unsupported result type." },
    {
      why: "an unknown function",
      source: "$nope(1)",
      cause: "threw an error during evaluation. T1006: Attempted to invoke a non-function",
    },
    {
      why: "$eval",
      source: "$eval('1 + 1')",
      cause: "threw an error during evaluation. T1006: Attempted to invoke a non-function",
    },
    { why: "a raised error", source: "$error('mine')", cause: "threw an error during evaluation. D3137: mine" },
    { why: "recursion without end", source: "($f := function($n) { 1 + $f($n) }; $f(1))", cause: "D1011" },
  ])("19: $why fails with States.QueryEvaluationError at its field", async ({ source, cause }) => {
    const failure = await failureOf(evaluate(source));
    expect(failure.error).toBe("States.QueryEvaluationError");
    expect(failure.failureCause).toContain(`The JSONata expression '${source}' specified for the field 'Output'`);
    expect(failure.failureCause).toContain(cause);
    expect(failure.origin).toEqual({ kind: "evaluation", location: "Output" });
  });

  it("gives values that share nothing with what it was given, and are no JSONata sequences", async () => {
    const value = (await evaluate("$states.input")) as { list: Json[] };
    value.list.push(9);
    expect((scope.input as { list: Json[] }).list).toHaveLength(3);
    expect(await evaluate("$states.input.list[$ > 1]")).not.toHaveProperty("sequence");
  });
});

describe("a template", () => {
  const language = createJsonataLanguage();
  const output = async (Output: Json) => (await language.conclude({ Output }, scope, null)).output;

  it.each([
    { text: "{% 1 %}", inside: "1" },
    { text: "{%1%}", inside: "1" },
    { text: " {% 1 %}", inside: undefined },
    { text: "{% 1 %} ", inside: undefined },
    { text: "a {% 1 %} b", inside: undefined },
    { text: "$states.input", inside: undefined },
  ])("30: '$text' holds $inside", ({ text, inside }) => {
    expect(expressionIn(text)).toBe(inside);
  });

  it("30: may be any value, at any depth", async () => {
    expect(await output([1, null, { a: ["{% $outer %}", "$outer"] }])).toEqual([1, null, { a: [10, "$outer"] }]);
    expect(await output("plain")).toBe("plain");
  });

  it("19: names the path of the part that fails", async () => {
    const failure = await failureOf(output({ list: [{ deep: "{% $nope %}" }] }));
    expect(failure.origin).toEqual({ kind: "evaluation", location: "Output/list[0]/deep" });
  });

  it("32: Assign and Output both see the variables from before", async () => {
    const rules = { Assign: { outer: "{% $outer + 1 %}" }, Output: "{% $outer %}" };
    expect(await language.conclude(rules, scope, null)).toEqual({ output: 10, assigned: { outer: 11 } });
  });

  it("30: a literal condition is allowed; a condition of another type is named", async () => {
    expect(await language.matches({ Condition: true, Next: "N" }, 0, scope)).toBe(true);
    const failure = await failureOf(language.matches({ Condition: "{% [1] %}", Next: "N" }, 2, scope));
    expect(failure.failureCause).toBe(
      "The JSONata expression '[1]' specified for the field 'Choices[2]/Condition' returned an unexpected result type. " +
        "Expected 'boolean', but was 'array' for value: [1]",
    );
  });

  it("19: Items that are no array are named with their type", async () => {
    const failure = await failureOf(language.items({ Type: "Map", Items: "{% 'x' %}" }, scope));
    expect(failure.failureCause).toContain("Expected 'array', but was 'string' for value: \"x\"");
    expect(failure.origin).toEqual({ kind: "evaluation", location: "Items" });
  });

  it.each([
    { text: "2026-01-05T00:00:00Z", epoch: Date.UTC(2026, 0, 5) },
    { text: "2026-01-05T01:00:00+01:00", epoch: Date.UTC(2026, 0, 5) },
    { text: "2026-01-05T00:00:00.123456789Z", epoch: Date.UTC(2026, 0, 5) + 123 },
    { text: "2026-01-05T00:00:00.5Z", epoch: Date.UTC(2026, 0, 5) + 500 },
  ])("20: takes the timestamp $text", async ({ text, epoch }) => {
    expect(await language.waitTimestamp({ Type: "Wait", Timestamp: text }, scope)).toBe(epoch);
  });

  it.each(["2026-01-05T00:00:00", "2026-01-05", "soon", "2026-13-05T00:00:00Z"])(
    "20: refuses the timestamp %s: zone and date are required",
    async (text) => {
      expect((await failureOf(language.waitTimestamp({ Type: "Wait", Timestamp: text }, scope))).error).toBe(
        "States.QueryEvaluationError",
      );
    },
  );
});
