/** Every condition operator, with the answers IAM's documentation gives. */
import { describe, expect, it } from "@jest/globals";
import { parseConditions } from "../../../../local/cloud/iam/conditions.ts";

function holds(operator: string, expected: unknown, actual: string | string[] | undefined): boolean {
  const context = new Map(actual === undefined ? [] : [["k", typeof actual === "string" ? [actual] : actual]]);
  const conditions = parseConditions({ [operator]: { K: expected } }, true, (problem) => new Error(problem));
  return conditions.every((condition) => condition.holds(context, (key) => context.get(key.toLowerCase())?.[0]));
}

describe("condition operators", () => {
  it.each<[string, unknown, string | string[] | undefined, boolean, string]>([
    ["StringEquals", "a", "a", true, "same text"],
    ["StringEquals", "a", "A", false, "case matters"],
    ["StringEquals", ["a", "b"], "b", true, "any of several"],
    ["StringEquals", "a*", "ab", false, "no wildcards"],
    ["StringEquals", "a", undefined, false, "absent key"],
    ["stringequals", "a", "a", true, "operator names ignore case"],
    ["StringNotEquals", "a", "b", true, "another text"],
    ["StringNotEquals", ["a", "b"], "b", false, "none of several"],
    ["StringNotEquals", "a", undefined, true, "absent key"],
    ["StringEqualsIgnoreCase", "ABC", "aBc", true, "any case"],
    ["StringNotEqualsIgnoreCase", "ABC", "abc", false, "any case"],
    ["StringLike", "a*c?", "abbbcd", true, "wildcards"],
    ["StringLike", "a", "ab", false, "whole text"],
    ["StringLike", "", "", true, "empty text"],
    ["StringNotLike", "a*", "b", true, "no match"],
    ["NumericEquals", "10", "10.0", true, "by value"],
    ["NumericEquals", 10, "10", true, "a number in the policy"],
    ["NumericEquals", "10", "ten", false, "no number"],
    ["NumericNotEquals", "10", "11", true, "another"],
    ["NumericLessThan", "10", "9", true, "below"],
    ["NumericLessThan", "10", "10", false, "not at"],
    ["NumericLessThanEquals", "10", "10", true, "at"],
    ["NumericGreaterThan", "10", "9", false, "not below"],
    ["NumericGreaterThanEquals", "10", "10", true, "at"],
    ["DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", true, "same instant"],
    ["DateEquals", "1767225600", "2026-01-01T00:00:00Z", true, "seconds since the epoch"],
    ["DateNotEquals", "2026-01-01", "2026-01-02", true, "another day"],
    ["DateLessThan", "2026-01-01", "2025-12-31", true, "before"],
    ["DateLessThanEquals", "2026-01-01", "2026-01-01", true, "at"],
    ["DateGreaterThan", "2026-01-01", "2026-01-01", false, "not at"],
    ["DateGreaterThanEquals", "2026-01-01", "2026-01-01", true, "at"],
    ["Bool", "false", "false", true, "flag"],
    ["Bool", true, "true", true, "a boolean in the policy"],
    ["Bool", "false", "true", false, "other flag"],
    ["IpAddress", "10.0.0.0/8", "10.200.3.4", true, "inside"],
    ["IpAddress", "10.0.0.5/8", "10.9.9.9", true, "network need not be aligned"],
    ["IpAddress", "10.0.0.0/8", "11.0.0.1", false, "outside"],
    ["IpAddress", "10.0.0.1", "10.0.0.1", true, "one address"],
    ["IpAddress", "2001:db8::/32", "2001:db8:1::5", true, "version 6"],
    ["IpAddress", "2001:db8::/32", "10.0.0.1", false, "families do not mix"],
    ["IpAddress", "10.0.0.0/99", "10.0.0.1", false, "no such network"],
    ["NotIpAddress", "10.0.0.0/8", "11.0.0.1", true, "outside"],
    ["ArnEquals", "arn:aws:sns:us-east-1:1:a", "arn:aws:sns:us-east-1:1:a", true, "same"],
    ["ArnEquals", "arn:aws:sns:*:1:a", "arn:aws:sns:us-east-1:1:a", true, "ArnEquals knows wildcards too"],
    ["ArnLike", "arn:aws:events:*:*:rule/*", "arn:aws:events:us-east-1:1:rule/x", true, "per segment"],
    ["ArnLike", "arn:aws:sns:*:a", "arn:aws:sns:us-east-1:1:a", false, "a star stays in its segment"],
    ["ArnNotLike", "arn:aws:sns:*:*:b", "arn:aws:sns:us-east-1:1:a", true, "no match"],
    ["Null", "true", undefined, true, "key must be absent"],
    ["Null", "true", "x", false, "key is there"],
    ["Null", false, "x", true, "key must be there"],
    ["StringEqualsIfExists", "a", undefined, true, "absent passes"],
    ["StringEqualsIfExists", "a", "b", false, "present is compared"],
    ["NumericLessThanIfExists", "10", "11", false, "present is compared"],
    ["ForAllValues:StringEquals", ["a", "b"], ["a", "b"], true, "all listed"],
    ["ForAllValues:StringEquals", ["a", "b"], ["a", "c"], false, "one is not"],
    ["ForAllValues:StringEquals", ["a"], undefined, true, "no values at all"],
    ["ForAllValues:StringNotEquals", ["a"], ["b", "c"], true, "none is listed"],
    ["ForAllValues:StringNotEquals", ["a"], ["b", "a"], false, "one is listed"],
    ["ForAnyValue:StringEquals", ["a"], ["x", "a"], true, "one is listed"],
    ["ForAnyValue:StringEquals", ["a"], undefined, false, "no values at all"],
    ["ForAnyValue:StringLike", ["a*"], ["x", "ab"], true, "one matches"],
    ["ForAnyValue:StringNotEquals", ["a"], ["a", "b"], true, "one is not listed"],
    ["ForAnyValue:StringEqualsIfExists", ["a"], undefined, true, "absent passes"],
  ])("%s %j against %j is %s: %s", (operator, expected, actual, answer) => {
    expect(holds(operator, expected, actual)).toBe(answer);
  });

  it("all operators and all keys must hold", () => {
    const block = { StringEquals: { a: "1", b: "2" }, Bool: { c: "true" } };
    const context = (c: string) => new Map(Object.entries({ a: ["1"], b: ["2"], c: [c] }));
    const all = (c: string) =>
      parseConditions(block, true, (problem) => new Error(problem)).every((one) =>
        one.holds(context(c), () => undefined),
      );

    expect([all("true"), all("false")]).toEqual([true, false]);
  });
});
