/** What targets are sent: paths and templates, worked out by hand. */
import { describe, expect, it } from "@jest/globals";
import { executionName } from "../../../../local/eventbridge/delivery/execution-name.ts";
import { parsePath, targetInput } from "../../../../local/eventbridge/delivery/target-input.ts";
import { envelope } from "../../../../local/eventbridge/event-envelope.ts";

const event = envelope(
  {
    id: "e-1",
    source: "aws.s3",
    detailType: "Object Created",
    resources: ["arn:aws:s3:::shop"],
    detail: { object: { key: 'a "b"\nc', size: 3 }, list: [{ n: 1 }], "odd.name": true },
    at: Date.UTC(2026, 10, 24, 3, 0, 0, 789),
  },
  { account: "000000000000", region: "us-east-1" },
);
const rule = { name: "uploads", arn: "arn:aws:events:us-east-1:000000000000:rule/uploads" };
const input = (target: Parameters<typeof targetInput>[0]) => targetInput(target, event, rule, Date.UTC(2026, 10, 24));
const filled = (InputTemplate: string, InputPathsMap: Record<string, string> = {}) =>
  input({ InputTransformer: { InputTemplate, InputPathsMap } });

describe("the input of a target", () => {
  it("is the whole event by default, its time in whole seconds", () => {
    expect(JSON.parse(input({}))).toEqual({
      version: "0",
      id: "e-1",
      "detail-type": "Object Created",
      source: "aws.s3",
      account: "000000000000",
      time: "2026-11-24T03:00:00Z",
      region: "us-east-1",
      resources: ["arn:aws:s3:::shop"],
      detail: event.detail,
    });
  });

  it("may be a constant, word for word", () => {
    expect(input({ Input: '{ "trigger": "event" }' })).toBe('{ "trigger": "event" }');
  });

  it.each([
    { path: "$.detail.object.size", is: "3" },
    { path: "$.detail", is: JSON.stringify(event.detail) },
    { path: "$.detail-type", is: '"Object Created"' },
    { path: "$['detail-type']", is: '"Object Created"' },
    { path: "$.resources[0]", is: '"arn:aws:s3:::shop"' },
    { path: "$.detail.list[0].n", is: "1" },
    { path: "$.detail['odd.name']", is: "true" },
    { path: "$.detail.nothing", is: "null" },
    { path: "$.detail.toString", is: "null" },
  ])("may be the part at $path", ({ path, is }) => {
    expect(input({ InputPath: path })).toBe(is);
  });

  it.each(["detail", "$.", "$..a", "$.a[*]", "$[x]", ""])("knows that %j is no path", (path) => {
    expect(parsePath(path)).toBeUndefined();
  });
});

describe("a template", () => {
  const paths = {
    key: "$.detail.object.key",
    size: "$.detail.object.size",
    object: "$.detail.object",
    none: "$.detail.none",
  };
  it.each([
    { why: "text between quotes is escaped", template: '{"k": "<key>"}', is: { k: 'a "b"\nc' } },
    { why: "text elsewhere gets quotes", template: '{"k": <key>}', is: { k: 'a "b"\nc' } },
    { why: "numbers stay numbers", template: '{"n": <size>}', is: { n: 3 } },
    { why: "numbers between quotes become text", template: '{"n": "<size> bytes"}', is: { n: "3 bytes" } },
    { why: "objects stay objects", template: '{"o": <object>}', is: { o: { key: 'a "b"\nc', size: 3 } } },
    {
      why: "objects between quotes become text",
      template: '{"o": "<object>"}',
      is: { o: '{"key":"a \\"b\\"\\nc","size":3}' },
    },
    { why: "nothing between quotes", template: '{"x": "[<none>]"}', is: { x: "[]" } },
    { why: "nothing elsewhere", template: '{"x": <none>}', is: { x: null } },
    {
      why: "the rule",
      template: '{"r": <aws.events.rule-arn>, "n": "<aws.events.rule-name>"}',
      is: { r: rule.arn, n: "uploads" },
    },
    { why: "when it came in", template: '{"t": <aws.events.event.ingestion-time>}', is: { t: "2026-11-24T00:00:00Z" } },
    { why: "the event", template: '{"e": <aws.events.event>}', is: { e: event } },
    { why: "an escaped quote does not end the text", template: '{"k": "\\"<size>"}', is: { k: '"3' } },
    { why: "what is no variable stays", template: '{"k": "<p>"}', is: { k: "<p>" } },
  ])("$why", ({ template, is }) => {
    expect(JSON.parse(filled(template, paths))).toEqual(is);
  });

  it("may be a text", () => {
    expect(filled('"<key> arrived"', { key: "$.source" })).toBe('"aws.s3 arrived"');
  });
});

describe("the name of an execution", () => {
  it("is the event's id and a UUID that only event, rule and target decide", () => {
    const id = "12345678-1234-4234-8234-123456789012";
    const name = executionName(id, rule.arn, "Target0");

    expect(name).toMatch(new RegExp(`^${id}_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$`));
    expect(name).toHaveLength(73);
    expect(executionName(id, rule.arn, "Target0")).toBe(name);
    expect(executionName(id, rule.arn, "Target1")).not.toBe(name);
    expect(executionName(id, `${rule.arn}2`, "Target0")).not.toBe(name);
  });
});
