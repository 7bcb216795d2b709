/** Every intrinsic function, with values that are plain to see. */
import { describe, expect, it } from "@jest/globals";
import { noValue, resolveCondition, resolveValue, type Scope } from "../../../../local/cloud/template/intrinsics.ts";

const scope: Scope = {
  region: "us-east-1",
  ref: (name) => ({ Bucket: "shop", List: ["a", "b"], Count: 3, "AWS::Region": "us-east-1" })[name] ?? fail(name),
  attribute: (id, attribute) => (id === "List" ? "x,y" : `${id}:${attribute}`),
  condition: (name) => name === "Yes",
  mapping: (map, first, second) => `${map}/${first}/${second}`,
  exported: (name) => `exported ${name}`,
};
function fail(name: string): never {
  throw new Error(`nothing called ${name}`);
}

const resolve = (value: unknown) => resolveValue(value, scope, "at");

describe("values", () => {
  it.each([
    { why: "plain values stay", value: { a: [1, "x", null, true] }, is: { a: [1, "x", null, true] } },
    { why: "Ref", value: { Ref: "Bucket" }, is: "shop" },
    { why: "Ref beside another key is no function", value: { Ref: "Bucket", x: 1 }, is: { Ref: "Bucket", x: 1 } },
    { why: "GetAtt as a list", value: { "Fn::GetAtt": ["Role", "Arn"] }, is: "Role:Arn" },
    { why: "GetAtt as dotted text", value: { "Fn::GetAtt": "Db.Endpoint.Port" }, is: "Db:Endpoint.Port" },
    { why: "GetAtt with a computed attribute", value: { "Fn::GetAtt": ["Role", { Ref: "Bucket" }] }, is: "Role:shop" },
    {
      why: "Sub with names",
      value: { "Fn::Sub": "${Bucket}-${Role.Arn}-${AWS::Region}" },
      is: "shop-Role:Arn-us-east-1",
    },
    { why: "Sub with a literal", value: { "Fn::Sub": "${!Bucket}-${Bucket}" }, is: "${Bucket}-shop" },
    { why: "Sub with a map", value: { "Fn::Sub": ["${a}-${Bucket}", { a: { Ref: "Bucket" } }] }, is: "shop-shop" },
    { why: "Sub with a dotted map key", value: { "Fn::Sub": ["${a.b}", { "a.b": "c" }] }, is: "c" },
    { why: "Sub with a number", value: { "Fn::Sub": "${Count}" }, is: "3" },
    { why: "Sub keeps a dollar in a value", value: { "Fn::Sub": ["<${a}>", { a: "$&$1" }] }, is: "<$&$1>" },
    { why: "Join", value: { "Fn::Join": ["/", ["a", { Ref: "Bucket" }, 3]] }, is: "a/shop/3" },
    { why: "Join of a list that is a function", value: { "Fn::Join": ["-", { Ref: "List" }] }, is: "a-b" },
    { why: "Join drops NoValue", value: { "Fn::Join": ["-", ["a", { Ref: "AWS::NoValue" }, "b"]] }, is: "a-b" },
    { why: "Select", value: { "Fn::Select": ["1", ["a", "b"]] }, is: "b" },
    { why: "Split of an attribute", value: { "Fn::Split": [",", { "Fn::GetAtt": ["List", "X"] }] }, is: ["x", "y"] },
    { why: "Select of a Split", value: { "Fn::Select": [2, { "Fn::Split": [":", "arn:aws:s3"] }] }, is: "s3" },
    { why: "If, true", value: { "Fn::If": ["Yes", "a", "b"] }, is: "a" },
    { why: "If, false", value: { "Fn::If": ["No", "a", { Ref: "Bucket" }] }, is: "shop" },
    { why: "If leaves the other branch alone", value: { "Fn::If": ["Yes", "a", { Ref: "Missing" }] }, is: "a" },
    {
      why: "If with NoValue drops the member",
      value: { k: 1, m: { "Fn::If": ["No", 1, { Ref: "AWS::NoValue" }] } },
      is: { k: 1 },
    },
    { why: "NoValue drops the item", value: ["a", { Ref: "AWS::NoValue" }], is: ["a"] },
    {
      why: "FindInMap",
      value: { "Fn::FindInMap": ["Sizes", { Ref: "AWS::Region" }, "big"] },
      is: "Sizes/us-east-1/big",
    },
    { why: "ImportValue", value: { "Fn::ImportValue": { "Fn::Sub": "${Bucket}-arn" } }, is: "exported shop-arn" },
    { why: "GetAZs of here", value: { "Fn::GetAZs": "" }, is: ["us-east-1a", "us-east-1b", "us-east-1c"] },
    { why: "Base64", value: { "Fn::Base64": "héllo" }, is: "aMOpbGxv" },
    {
      why: "Condition in an IAM statement is a member, not a function",
      value: { Statement: [{ Condition: { StringEquals: { a: { Ref: "Bucket" } } } }, { Condition: "Yes" }] },
      is: { Statement: [{ Condition: { StringEquals: { a: "shop" } } }, { Condition: "Yes" }] },
    },
    {
      why: "an event pattern keeps keys like name, key and prefix",
      value: { bucket: { name: [{ Ref: "Bucket" }] }, object: { key: [{ prefix: "a/" }] } },
      is: { bucket: { name: ["shop"] }, object: { key: [{ prefix: "a/" }] } },
    },
  ])("$why", ({ value, is }) => {
    expect(resolve(value)).toEqual(is);
  });

  it("NoValue alone is told apart from everything", () => {
    expect(resolve({ Ref: "AWS::NoValue" })).toBe(noValue);
  });

  it.each([
    { why: "Select outside", value: { "Fn::Select": [2, ["a"]] }, says: "index 2 is outside a list of 1" },
    { why: "Join of an object", value: { "Fn::Join": ["", [{ a: 1 }]] }, says: "expected a text" },
    { why: "Join of too little", value: { "Fn::Join": [""] }, says: "takes 2 arguments" },
    { why: "Split of a list", value: { "Fn::Split": [",", ["a"]] }, says: "expected a text" },
    { why: "GetAtt without attribute", value: { "Fn::GetAtt": "Role" }, says: "<resource>.<attribute>" },
    { why: "Transform", value: { "Fn::Transform": {} }, says: "macro" },
    { why: "Cidr", value: { "Fn::Cidr": [] }, says: "no networks" },
    {
      why: "an unknown function, with its place",
      value: { a: { "Fn::Bake": 1 } },
      says: "at/a: Fn::Bake is not supported",
    },
  ])("refuses: $why", ({ value, says }) => {
    expect(() => resolve(value)).toThrow(says);
  });
});

describe("conditions", () => {
  const yes = { Condition: "Yes" };
  const no = { Condition: "No" };
  it.each([
    { why: "a named condition", value: yes, is: true },
    { why: "Equals of texts", value: { "Fn::Equals": [{ Ref: "Bucket" }, "shop"] }, is: true },
    { why: "Equals of a number and its text", value: { "Fn::Equals": [{ Ref: "Count" }, "3"] }, is: true },
    { why: "Equals minds case", value: { "Fn::Equals": ["a", "A"] }, is: false },
    { why: "Not", value: { "Fn::Not": [no] }, is: true },
    { why: "And", value: { "Fn::And": [yes, no] }, is: false },
    { why: "Or", value: { "Fn::Or": [yes, no] }, is: true },
    { why: "nested", value: { "Fn::And": [yes, { "Fn::Not": [{ "Fn::Or": [no, no] }] }] }, is: true },
  ])("$why", ({ value, is }) => {
    expect(resolveCondition(value, scope, "at")).toBe(is);
  });

  it("must be true or false", () => {
    expect(() => resolveCondition({ Ref: "Bucket" }, scope, "at")).toThrow('must be true or false, not "shop"');
  });
});
