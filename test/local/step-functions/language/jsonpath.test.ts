import { describe, expect, it } from "@jest/globals";
import type { Json } from "../../../../local/step-functions/json.ts";
import { StateFailure } from "../../../../local/step-functions/language/failure.ts";
import { ruleHolds } from "../../../../local/step-functions/language/jsonpath/choice-rule.ts";
import { evaluateIntrinsic, parseIntrinsic } from "../../../../local/step-functions/language/jsonpath/intrinsics.ts";
import { jsonPathLanguage } from "../../../../local/step-functions/language/jsonpath/jsonpath-language.ts";
import { parsePath } from "../../../../local/step-functions/language/jsonpath/path.ts";
import { placeResult } from "../../../../local/step-functions/language/jsonpath/result-path.ts";
import { lookUp } from "../../../../local/step-functions/language/jsonpath/roots.ts";
import type { Scope } from "../../../../local/step-functions/language/language.ts";

const scopeWith = (input: Json, variables: Scope["variables"] = {}): Scope => ({
  input,
  context: { Execution: { Name: "run" } },
  variables,
  moment: { now: 0, deadline: (ms) => ms, random: () => 0.5, uuid: () => "uuid-1" },
});
const store: Json = {
  a: { b: [10, 20, 30], "c d": 1 },
  items: [
    { price: 5, tag: "x" },
    { price: 15, tag: "y" },
  ],
};

async function causeOf(act: () => unknown): Promise<string | undefined> {
  try {
    await act();
  } catch (thrown) {
    if (thrown instanceof StateFailure) return thrown.failureCause;
    throw thrown;
  }
  throw new Error("it did not fail");
}

describe("a path", () => {
  it.each([
    { path: "$", value: store },
    { path: "$.a.b[1]", value: 20 },
    { path: "$.a.b[-1]", value: 30 },
    { path: "$.a['c d']", value: 1 },
    { path: "$.a.b[*]", value: [10, 20, 30] },
    { path: "$.a.b[0:2]", value: [10, 20] },
    { path: "$.a.b[0,2]", value: [10, 30] },
    { path: "$.items[*].price", value: [5, 15] },
    { path: "$..price", value: [5, 15] },
    { path: "$.items[?(@.price > 10)].tag", value: ["y"] },
    { path: "$.items[?(@.price < 10 && @.tag == 'x')].price", value: [5] },
    { path: "$.items[?(!(@.tag == 'x'))].price", value: [15] },
    { path: "$.a[?(@.b)].b[0]", value: [10] },
    { path: "$.a[?(@.none)]", value: [] },
    { path: "$..[?(@.price > 10)].tag", value: ["y"] },
    { path: "$..a[?(@.b)]['c d']", value: [1] },
    { path: "$.none", value: undefined },
    { path: "$$.Execution.Name", value: "run" },
    { path: "$v.n", value: 7 },
    { path: "$other", value: undefined },
  ])("$path", ({ path, value }) => {
    expect(lookUp(parsePath(path), scopeWith(store, { v: { n: 7 } }))).toEqual(value);
  });

  it.each(["$.none[*]", "$.none[0:2]", "$.none..x"])("25: %s over something missing is an empty list", (path) => {
    expect(lookUp(parsePath(path), scopeWith({}))).toEqual([]);
    expect(lookUp(parsePath("$[*]"), scopeWith({}))).toEqual([]);
  });

  it.each(["a.b", "$.", "$[", "$['a", "$.a b", "$[?(@.x ~ 1)]"])("%s is refused", (path) => {
    expect(() => parsePath(path)).toThrow(SyntaxError);
  });
});

describe("an intrinsic", () => {
  const input: Json = { n: 2, list: [1, 2, 2, [3]], o: { Arg1: 1, Arg2: [] }, s: "a.b,c" };
  it.each([
    { text: "States.Format('{} and {}', $.n, 'x')", value: "2 and x" },
    { text: "States.Format('{}', $.o)", value: "{Arg1=1, Arg2=[]}" },
    { text: "States.Format('{} {}', null, true)", value: "null true" },
    { text: "States.Format('\\{\\} {}', 1)", value: "{} 1" },
    { text: "States.Array(1, 'a', $.n)", value: [1, "a", 2] },
    { text: "States.ArrayPartition($.list, 3)", value: [[1, 2, 2], [[3]]] },
    { text: "States.ArrayContains($.list, States.Array(3))", value: true },
    { text: "States.ArrayRange(1, 9, 2)", value: [1, 3, 5, 7, 9] },
    { text: "States.ArrayGetItem($.list, 1)", value: 2 },
    { text: "States.ArrayLength($.list)", value: 4 },
    { text: "States.ArrayUnique($.list)", value: [1, 2, [3]] },
    { text: "States.Base64Encode('hi')", value: "aGk=" },
    { text: "States.Base64Decode('aGk=')", value: "hi" },
    { text: "States.Hash('abc', 'SHA-1')", value: "a9993e364706816aba3e25717850c26c9cd0d89d" },
    { text: "States.JsonMerge($.o, $.o, false)", value: { Arg1: 1, Arg2: [] } },
    { text: "States.JsonToString($.o)", value: '{"Arg1":1,"Arg2":[]}' },
    { text: "States.StringToJson('[1]')", value: [1] },
    { text: "States.StringToJson('  ')", value: null },
    { text: "States.MathAdd(-1.5, 0)", value: -1 },
    { text: "States.MathAdd(2.5, 1)", value: 4 },
    { text: "States.MathRandom(1, 11)", value: 6 },
    { text: "States.StringSplit($.s, '.,')", value: ["a", "b", "c"] },
    { text: "States.StringSplit(',a,,b,', ',')", value: ["a", "b"] },
    { text: "States.UUID()", value: "uuid-1" },
    { text: "States.Format('it\\'s {}', 1)", value: "it's 1" },
  ])("27, 28, 29: $text", ({ text, value }) => {
    expect(evaluateIntrinsic(parseIntrinsic(text), scopeWith(input))).toEqual(value);
  });

  it.each(["States.Nope()", "States.Format('\\n')", "States.Array(1", "States.Array(1) 2"])(
    "29: %s is refused",
    (text) => {
      expect(() => parseIntrinsic(text)).toThrow(SyntaxError);
    },
  );
});

describe("ResultPath", () => {
  it.each([
    { path: undefined, output: "r" },
    { path: "$", output: "r" },
    { path: null, output: { a: { b: 1 } } },
    { path: "$.x", output: { a: { b: 1 }, x: "r" } },
    { path: "$.a.b", output: { a: { b: "r" } } },
    { path: "$.y.z", output: { a: { b: 1 }, y: { z: "r" } } },
  ])("$path", ({ path, output }) => {
    expect(placeResult(path, { a: { b: 1 } }, "r")).toEqual(output);
  });
});

describe("a Choice rule", () => {
  const input: Json = { s: "abc", n: 5, t: "2026-01-05T00:00:00Z", b: true, z: null, star: "a*c" };
  it.each([
    { rule: { Variable: "$.s", StringEquals: "abc" }, holds: true },
    { rule: { Variable: "$.s", StringMatches: "a*" }, holds: true },
    { rule: { Variable: "$.star", StringMatches: "a\\*c" }, holds: true },
    { rule: { Variable: "$.s", StringMatches: "a\\*c" }, holds: false },
    { rule: { Variable: "$.n", NumericGreaterThanEquals: 5 }, holds: true },
    { rule: { Variable: "$.n", NumericLessThanPath: "$.n" }, holds: false },
    { rule: { Variable: "$.t", TimestampLessThan: "2026-01-05T01:00:00+00:30" }, holds: true },
    { rule: { Variable: "$.b", BooleanEquals: true }, holds: true },
    { rule: { Variable: "$.n", StringEquals: "5" }, holds: false },
    { rule: { Variable: "$.s", TimestampEquals: "abc" }, holds: false },
    { rule: { Variable: "$.n", IsString: false }, holds: true },
    { rule: { Variable: "$.z", IsNull: true }, holds: true },
    { rule: { Variable: "$.z", IsNull: false }, holds: false },
    { rule: { Variable: "$.b", IsBoolean: false }, holds: false },
    { rule: { Variable: "$.none", IsPresent: false }, holds: true },
    { rule: { Not: { Variable: "$.b", BooleanEquals: true } }, holds: false },
    {
      rule: {
        And: [
          { Variable: "$.n", NumericEquals: 5 },
          { Variable: "$.b", BooleanEquals: true },
        ],
      },
      holds: true,
    },
    {
      rule: {
        Or: [
          { Variable: "$.n", NumericEquals: 6 },
          { Variable: "$.b", BooleanEquals: true },
        ],
      },
      holds: true,
    },
  ])("24: $rule is $holds", ({ rule, holds }) => {
    expect(ruleHolds(rule, scopeWith(input))).toBe(holds);
  });
});

describe("the service's words", () => {
  const wait = (rest: object) => ({ Type: "Wait" as const, ...rest });
  it.each([
    {
      why: "18: a missing path in a template",
      act: () =>
        jsonPathLanguage.effectiveInput(
          { Type: "Task", Resource: "", Parameters: { "v.$": "$.x" } },
          scopeWith({ a: 1 }),
        ),
      cause: "The JSONPath '$.x' specified for the field 'v.$' could not be found in the input '{\"a\":1}'",
    },
    {
      why: "18: a missing path of a Fail state",
      act: () => jsonPathLanguage.failure({ Type: "Fail", ErrorPath: "$.x" }, scopeWith({})),
      cause: "The JSONPath '$.x' specified for the field 'ErrorPath' could not be found in the input '{}'",
    },
    {
      why: "18: InputPath",
      act: () => jsonPathLanguage.effectiveInput(wait({ InputPath: "$.x" }), scopeWith({})),
      cause: "Invalid path '$.x' : No results for path: $['x']",
    },
    {
      why: "18: InputPath with a missing outer member",
      act: () => jsonPathLanguage.effectiveInput(wait({ InputPath: "$.x.y" }), scopeWith({})),
      cause: "Invalid path '$.x.y' : Missing property in path $['x']",
    },
    {
      why: "20: negative seconds",
      act: () => jsonPathLanguage.waitSeconds(wait({ SecondsPath: "$.s" }), scopeWith({ s: -1 })),
      cause: "The SecondsPath parameter references a negative value: $.s == -1",
    },
    {
      why: "20: seconds that are no whole number",
      act: () => jsonPathLanguage.waitSeconds(wait({ SecondsPath: "$.s" }), scopeWith({ s: 1.5 })),
      cause: "The SecondsPath parameter cannot be parsed as a long value: $.s == 1.5",
    },
    {
      why: "20: a timestamp that is none",
      act: () => jsonPathLanguage.waitTimestamp(wait({ TimestampPath: "$.t" }), scopeWith({ t: "x" })),
      cause:
        "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.t == x",
    },
    {
      why: "21: a concurrency that is no integer",
      act: () => jsonPathLanguage.maxConcurrency({ Type: "Map", MaxConcurrencyPath: "$.m" }, scopeWith({ m: "x" })),
      cause: 'The MaxConcurrencyPath field refers to value "x" which is not a valid integer: $.m',
    },
  ])("$why", async ({ act, cause }) => {
    expect(await causeOf(act)).toBe(cause);
  });

  it("21: a numeric text is accepted as a concurrency", async () => {
    const scope = scopeWith({}, { m: "3" });
    expect(await jsonPathLanguage.maxConcurrency({ Type: "Map", MaxConcurrencyPath: "$m" }, scope)).toBe(3);
  });

  it("26: Result is never evaluated; null paths give {}", async () => {
    const scope = scopeWith({ a: 1 });
    const Result = { "x.$": "$.a" };
    expect(await jsonPathLanguage.passResult({ Type: "Pass", Result }, scope)).toEqual(Result);
    expect(await jsonPathLanguage.effectiveInput(wait({ InputPath: null }), scope)).toEqual({});
    expect((await jsonPathLanguage.conclude({ OutputPath: null }, scope, 1)).output).toEqual({});
  });
});
