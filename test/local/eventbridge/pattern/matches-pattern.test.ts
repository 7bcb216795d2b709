/** Event patterns against events: what AWS's own matcher answers, case by case. */
import { describe, expect, it } from "@jest/globals";
import { compilePattern } from "../../../../local/eventbridge/pattern/compile-pattern.ts";
import { matchesPattern } from "../../../../local/eventbridge/pattern/matches-pattern.ts";

const upload = {
  version: "0",
  id: "1",
  "detail-type": "Object Created",
  source: "aws.s3",
  account: "000000000000",
  time: "2026-11-24T03:00:00Z",
  region: "us-east-1",
  resources: ["arn:aws:s3:::shop", "arn:aws:s3:::other"],
  detail: {
    bucket: { name: "shop" },
    object: { key: "movies/interactions/week 1.csv", size: 300, etag: null, "version-id": "3" },
    reason: "PutObject",
    "source-ip-address": "10.0.0.17",
    done: true,
    tags: ["red", "green"],
    sizes: [1, 20],
    none: [],
    empty: {},
    parts: [
      { n: 1, state: "ok", codes: [1, 2] },
      { n: 2, state: "bad", codes: [3] },
    ],
    grid: [[{ x: 1, y: 2 }], [{ x: 3, y: 4 }]],
    "a.b": "dotted",
    price: 3e2,
    ratio: 0.5,
    negative: -1,
    text: "300",
    star: "a*b\\c",
    upper: "CSV",
    blank: "",
    v6: "2001:db8::17",
  },
};

const matches = (pattern: unknown) => matchesPattern(compilePattern(pattern), upload);
const detail = (pattern: object) => matches({ detail: pattern });

describe("plain values", () => {
  it.each<[string, object, boolean]>([
    ["one of a list", { source: ["aws.ec2", "aws.s3"] }, true],
    ["none of a list", { source: ["aws.ec2"] }, false],
    ["all fields must match", { source: ["aws.s3"], region: ["eu-west-1"] }, false],
    ["a field with a dash", { "detail-type": ["Object Created"] }, true],
    ["nested", { detail: { bucket: { name: ["shop"] } } }, true],
    ["dotted key as good as nesting", { "detail.bucket.name": ["shop"] }, true],
    ["nesting as good as a dotted key of the event", { detail: { a: { b: ["dotted"] } } }, true],
    ["a missing field", { detail: { nothing: ["x"] } }, false],
    ["an object is no leaf", { detail: { bucket: ["shop"] } }, false],
    ["case matters", { source: ["AWS.s3"] }, false],
    ["any element of a list", { resources: ["arn:aws:s3:::other"] }, true],
    ["null", { detail: { object: { etag: [null] } } }, true],
    ["null is not a text", { detail: { object: { etag: ["null"] } } }, false],
    ["null is not absence", { detail: { nothing: [null] } }, false],
    ["true", { detail: { done: [true] } }, true],
    ["true is not a text", { detail: { done: ["true"] } }, false],
    ["false is not true", { detail: { done: [false] } }, false],
    ["numbers by value", { detail: { object: { size: [3e2] } } }, true],
    ["a number is not its text", { detail: { text: [300] } }, false],
    ["a text is not its number", { detail: { price: ["300"] } }, false],
    ["empty text", { detail: { blank: [""] } }, true],
    ["an empty list has no value", { detail: { none: [""] } }, false],
    ["exactly", { source: [{ exactly: "aws.s3" }] }, true],
  ])("%s", (_, pattern, answer) => {
    expect(matches(pattern)).toBe(answer);
  });
});

describe("texts", () => {
  it.each<[string, object, boolean]>([
    ["prefix", { object: { key: [{ prefix: "movies/interactions/" }] } }, true],
    ["prefix not met", { object: { key: [{ prefix: "movies/users/" }] } }, false],
    ["prefix of a number does not exist", { price: [{ prefix: "3" }] }, false],
    ["empty prefix is any text", { reason: [{ prefix: "" }] }, true],
    ["prefix ignoring case", { reason: [{ prefix: { "equals-ignore-case": "putOB" } }] }, true],
    ["prefix ignoring case not met", { reason: [{ prefix: { "equals-ignore-case": "Ob" } }] }, false],
    ["suffix", { object: { key: [{ suffix: ".csv" }] } }, true],
    ["suffix minds case", { object: { key: [{ suffix: ".CSV" }] } }, false],
    ["suffix ignoring case", { object: { key: [{ suffix: { "equals-ignore-case": ".CSV" } }] } }, true],
    ["prefix or suffix", { object: { key: [{ prefix: "x" }, { suffix: ".csv" }] } }, true],
    ["equals-ignore-case", { upper: [{ "equals-ignore-case": "csv" }] }, true],
    ["equals-ignore-case is the whole text", { upper: [{ "equals-ignore-case": "cs" }] }, false],
    ["wildcard", { object: { key: [{ wildcard: "*/interactions/*.csv" }] } }, true],
    ["wildcard is the whole text", { object: { key: [{ wildcard: "*/interactions" }] } }, false],
    ["a star may be nothing", { reason: [{ wildcard: "Put*Object" }] }, true],
    ["wildcard without star", { reason: [{ wildcard: "PutObject" }] }, true],
    ["a dot is a dot", { reason: [{ wildcard: "Put.bject" }] }, false],
    ["escaped star and backslash", { star: [{ wildcard: "a\\*b\\\\c" }] }, true],
    ["escaped star is no wildcard", { reason: [{ wildcard: "Put\\*" }] }, false],
    ["star matches a star", { star: [{ wildcard: "a*c" }] }, true],
    ["wildcard on a number", { price: [{ wildcard: "*" }] }, false],
    ["any element of a list", { tags: [{ prefix: "gr" }] }, true],
  ])("%s", (_, pattern, answer) => {
    expect(detail(pattern)).toBe(answer);
  });
});

describe("numbers and addresses", () => {
  it.each<[string, object, boolean]>([
    ["=", { price: [{ numeric: ["=", 300.0] }] }, true],
    ["<", { price: [{ numeric: ["<", 300] }] }, false],
    ["<=", { price: [{ numeric: ["<=", 300] }] }, true],
    [">", { ratio: [{ numeric: [">", 0.4999] }] }, true],
    [">=", { negative: [{ numeric: [">=", 0] }] }, false],
    ["range", { price: [{ numeric: [">", 0, "<=", 300] }] }, true],
    ["range, outside", { price: [{ numeric: [">=", 0, "<", 300] }] }, false],
    ["a numeric text is no number", { text: [{ numeric: ["=", 300] }] }, false],
    ["one element of a list", { sizes: [{ numeric: [">", 10] }] }, true],
    ["cidr", { "source-ip-address": [{ cidr: "10.0.0.0/24" }] }, true],
    ["cidr outside", { "source-ip-address": [{ cidr: "10.0.1.0/24" }] }, false],
    ["cidr need not be aligned", { "source-ip-address": [{ cidr: "10.0.0.99/24" }] }, true],
    ["cidr of all", { "source-ip-address": [{ cidr: "0.0.0.0/0" }] }, true],
    ["cidr, version 6", { v6: [{ cidr: "2001:db8::/64" }] }, true],
    ["cidr, version 6, outside", { v6: [{ cidr: "2001:db9::/64" }] }, false],
    ["families do not mix", { v6: [{ cidr: "0.0.0.0/0" }] }, false],
    ["cidr on what is no address", { reason: [{ cidr: "0.0.0.0/0" }] }, false],
  ])("%s", (_, pattern, answer) => {
    expect(detail(pattern)).toBe(answer);
  });
});

describe("anything-but", () => {
  const but = (argument: unknown) => [{ "anything-but": argument }];
  it.each<[string, object, boolean]>([
    ["another text", { reason: but("CopyObject") }, true],
    ["the same text", { reason: but("PutObject") }, false],
    ["a list", { reason: but(["CopyObject", "PutObject"]) }, false],
    ["a number", { price: but(300) }, false],
    ["numbers", { price: but([1, 2]) }, true],
    ["a text against a number", { price: but("300") }, true],
    ["null passes", { object: { etag: but("x") } }, true],
    ["a boolean passes", { done: but("x") }, true],
    ["a missing field never matches", { nothing: but("x") }, false],
    ["an empty list never matches", { none: but("x") }, false],
    ["an object never matches", { bucket: but("x") }, false],
    ["one element that passes is enough", { tags: but("red") }, true],
    ["no element passes", { tags: but(["red", "green"]) }, false],
    ["prefix", { reason: but({ prefix: "Put" }) }, false],
    ["prefix of something else", { reason: but({ prefix: "Copy" }) }, true],
    ["several prefixes", { reason: but({ prefix: ["Copy", "Put"] }) }, false],
    ["prefix against a number", { price: but({ prefix: "3" }) }, true],
    ["suffix", { object: { key: but({ suffix: ".csv" }) } }, false],
    ["several suffixes", { object: { key: but({ suffix: [".json", ".parquet"] }) } }, true],
    ["equals-ignore-case", { upper: but({ "equals-ignore-case": "csv" }) }, false],
    ["equals-ignore-case, several", { upper: but({ "equals-ignore-case": ["json", "xml"] }) }, true],
    ["wildcard", { object: { key: but({ wildcard: "*/interactions/*" }) } }, false],
    ["several wildcards", { object: { key: but({ wildcard: ["*/users/*", "*/items/*"] }) } }, true],
  ])("%s", (_, pattern, answer) => {
    expect(detail(pattern)).toBe(answer);
  });
});

describe("exists", () => {
  const there = [{ exists: true }];
  const absent = [{ exists: false }];
  it.each<[string, object, boolean]>([
    ["a leaf", { reason: there }, true],
    ["a leaf is not absent", { reason: absent }, false],
    ["nothing", { nothing: there }, false],
    ["nothing is absent", { nothing: absent }, true],
    ["null exists", { object: { etag: there } }, true],
    ["an object is no leaf", { bucket: there }, false],
    ["so it is absent", { bucket: absent }, true],
    ["an empty object", { empty: absent }, true],
    ["an empty list", { none: there }, false],
    ["a list with values", { tags: there }, true],
    ["absent or a value: value", { reason: ["PutObject", { exists: false }] }, true],
    ["absent or a value: absent", { nothing: ["x", { exists: false }] }, true],
    ["absent or a value: another value", { reason: ["x", { exists: false }] }, false],
    ["below nothing", { nothing: { at: { all: absent } } }, true],
    ["an absent field beside a present one", { reason: ["PutObject"], nothing: absent }, true],
  ])("%s", (_, pattern, answer) => {
    expect(detail(pattern)).toBe(answer);
  });
});

describe("objects in lists", () => {
  it.each<[string, object, boolean]>([
    ["fields of one element", { parts: { n: [1], state: ["ok"] } }, true],
    ["fields of two elements", { parts: { n: [1], state: ["bad"] } }, false],
    ["of the second element", { parts: { n: [2], state: ["bad"] } }, true],
    ["three fields, one astray", { parts: { codes: [3], n: [2], state: ["ok"] } }, false],
    ["values of a list inside", { parts: { codes: [2], n: [1] } }, true],
    ["values of a list in another element", { parts: { codes: [3], n: [1] } }, false],
    ["lists in lists", { grid: { x: [3], y: [4] } }, true],
    ["lists in lists, astray", { grid: { x: [1], y: [4] } }, false],
    ["separate lists are free", { parts: { n: [1] }, tags: ["green"] }, true],
  ])("%s", (_, pattern, answer) => {
    expect(detail(pattern)).toBe(answer);
  });

  it("a long list of plain values that all match does not multiply the work", () => {
    const values = Array.from({ length: 2000 }, (_, i) => `v${i}`);
    const pattern = compilePattern({ a: [{ prefix: "v" }], b: [{ prefix: "v" }], c: [{ prefix: "v" }], d: ["no"] });

    expect(matchesPattern(pattern, { a: values, b: values, c: values, d: "yes" })).toBe(false);
  });
});

describe("$or", () => {
  it.each<[string, object, boolean]>([
    ["first", { $or: [{ source: ["aws.s3"] }, { source: ["aws.ec2"] }] }, true],
    ["second", { $or: [{ source: ["aws.ec2"] }, { region: ["us-east-1"] }] }, true],
    ["neither", { $or: [{ source: ["aws.ec2"] }, { region: ["eu-west-1"] }] }, false],
    ["and the rest must match", { account: ["1"], $or: [{ source: ["aws.s3"] }, { source: ["x"] }] }, false],
    ["inside detail", { detail: { $or: [{ reason: ["x"] }, { price: [{ numeric: [">", 1] }] }] } }, true],
    [
      "two of them, both must hold",
      { $or: [{ source: ["aws.s3"] }, { id: ["9"] }], detail: { $or: [{ a: ["x"] }, { b: ["x"] }] } },
      false,
    ],
    ["one inside another", { $or: [{ id: ["9"] }, { $or: [{ id: ["8"] }, { id: ["1"] }] }] }, true],
    ["an alternative with two fields needs both", { $or: [{ source: ["aws.s3"], id: ["9"] }, { id: ["8"] }] }, false],
    ["of one object it is a field", { $or: [{ exists: false }] }, true],
    ["of operators it is a field", { $or: [{ prefix: "a" }, { prefix: "b" }] }, false],
  ])("%s", (_, pattern, answer) => {
    expect(matches(pattern)).toBe(answer);
  });
});

describe("patterns that EventBridge refuses", () => {
  it.each<[string, unknown, string]>([
    ["no JSON", "{", "Event pattern is not valid. Reason:"],
    ["no object", [], "Filter is not an object"],
    ["empty object", {}, "Empty objects are not allowed"],
    ["empty inner object", { detail: {} }, "Empty objects are not allowed"],
    ["empty list", { source: [] }, "Empty arrays are not allowed"],
    ["a bare value", { source: "aws.s3" }, '"source" must be an object or an array'],
    ["a list in a list", { source: [["a"]] }, "Match value must be"],
    ["unknown operator", { source: [{ like: "a" }] }, "Unrecognized match type like"],
    ["an object's own method as operator", { source: [{ toString: "a" }] }, "Unrecognized match type toString"],
    ["two operators in one", { source: [{ prefix: "a", suffix: "b" }] }, "Only one key allowed"],
    ["no operator", { source: [{}] }, "Only one key allowed"],
    ["prefix of a number", { source: [{ prefix: 1 }] }, "prefix match pattern must be a string"],
    ["a list of suffixes", { source: [{ suffix: [".csv"] }] }, "suffix match pattern must be a string"],
    ["prefix of another operator", { source: [{ prefix: { wildcard: "a" } }] }, "equals-ignore-case"],
    ["exists of a text", { source: [{ exists: "true" }] }, "exists match pattern must be either true or false"],
    ["two stars", { source: [{ wildcard: "a**b" }] }, "Consecutive wildcard characters at pos 1"],
    ["odd escape", { source: [{ wildcard: "a\\b" }] }, "Invalid escape character"],
    ["escape at the end", { source: [{ wildcard: "a\\" }] }, "Invalid escape character"],
    ["numeric of no list", { source: [{ numeric: 1 }] }, "Value of numeric must be an array"],
    ["numeric without number", { source: [{ numeric: ["="] }] }, "Value of = must be numeric"],
    ["numeric of a text", { source: [{ numeric: ["<", "5"] }] }, "Value of < must be numeric"],
    ["numeric sign", { source: [{ numeric: ["!=", 5] }] }, "Unrecognized numeric range operator: !="],
    ["upper bound first", { source: [{ numeric: ["<", 5, ">", 1] }] }, "Bad numeric range operator"],
    ["two lower bounds", { source: [{ numeric: [">", 5, ">", 1] }] }, "Bad numeric range operator"],
    ["equality with a bound", { source: [{ numeric: ["=", 5, "<", 9] }] }, "Bad numeric range operator"],
    ["empty range", { source: [{ numeric: [">", 5, "<", 5] }] }, "Bottom must be less than top"],
    ["three bounds", { source: [{ numeric: [">", 1, "<", 5, "<", 6] }] }, "Too many elements"],
    ["mixed anything-but", { source: [{ "anything-but": ["a", 1] }] }, "mixed type is not supported"],
    ["anything-but null", { source: [{ "anything-but": [null] }] }, "mixed type is not supported"],
    ["empty anything-but", { source: [{ "anything-but": [] }] }, "Empty arrays"],
    [
      "anything-but numeric",
      { source: [{ "anything-but": { numeric: ["=", 1] } }] },
      "Unsupported anything-but pattern",
    ],
    ["anything-but empty prefix", { source: [{ "anything-but": { prefix: "" } }] }, "Null prefix not allowed"],
    ["cidr without slash", { source: [{ cidr: "10.0.0.1" }] }, "Malformed CIDR"],
    ["cidr too long", { source: [{ cidr: "10.0.0.0/33" }] }, "Malformed CIDR"],
    ["cidr of names", { source: [{ cidr: "a/8" }] }, "Malformed CIDR"],
    ["$or of one object", { $or: [{ source: ["a"] }] }, "Unrecognized match type source"],
    ["$or with an empty object", { $or: [{ source: ["a"] }, {}] }, "Unrecognized match type source"],
    ["$or that explodes", { a: { $or: many("a", 40) }, b: { $or: many("b", 40) } }, "$or makes 1600 combinations"],
  ])("%s", (_, pattern, reason) => {
    expect(() => compilePattern(pattern)).toThrow(reason);
  });
});

function many(name: string, count: number): object[] {
  return Array.from({ length: count }, (_, i) => ({ [name]: [i] }));
}
