/** The decision of IAM, worked out by hand from its documentation. */
import { describe, expect, it } from "@jest/globals";
import { evaluate, type RequestPrincipal } from "../../../../local/cloud/iam/evaluate.ts";
import { parsePolicy } from "../../../../local/cloud/iam/policy-document.ts";

const roleArn = "arn:aws:iam::000000000000:role/path/Trainer";
const sessionArn = "arn:aws:sts::000000000000:assumed-role/Trainer/run-1";
const role: RequestPrincipal = { kind: "role", account: "000000000000", roleArn, sessionArn };
const account: RequestPrincipal = { kind: "account", account: "000000000000" };
const service: RequestPrincipal = { kind: "service", name: "personalize.amazonaws.com" };
const foreign: RequestPrincipal = { ...role, account: "111111111111", roleArn: "arn:aws:iam::111111111111:role/R" };

const object = "arn:aws:s3:::shop/interactions/week.csv";
const allow = (more: object = {}) => ({ Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...more });
const deny = (more: object = {}) => ({ ...allow(more), Effect: "Deny" });
const to = (principal: unknown, more: object = {}) => allow({ Principal: principal, ...more });

interface Case {
  why: string;
  identity?: object[];
  resource?: object[];
  boundary?: object[];
  principal?: RequestPrincipal;
  action?: string;
  on?: string;
  context?: Record<string, string | string[]>;
  allowed: boolean;
}

function decide({ identity = [], resource = [], boundary, principal = role, action = "s3:GetObject", ...rest }: Case) {
  const policy = (statements: object[]) => parsePolicy({ Version: "2012-10-17", Statement: statements });
  const context = new Map(
    Object.entries(rest.context ?? {}).map(([key, value]) => [
      key.toLowerCase(),
      typeof value === "string" ? [value] : value,
    ]),
  );
  return evaluate(
    { principal, action, resource: rest.on ?? object, resourceAccount: "000000000000", context },
    {
      identity: identity.length > 0 ? [policy(identity)] : [],
      boundary: boundary && policy(boundary),
      resource: resource.length > 0 ? [policy(resource)] : [],
    },
  );
}

describe("who may do what", () => {
  it.each<Case>([
    { why: "nothing is allowed by default", allowed: false },
    { why: "an identity policy allows", identity: [allow()], allowed: true },
    { why: "another action stays forbidden", identity: [allow({ Action: "s3:PutObject" })], allowed: false },
    { why: "an explicit deny wins", identity: [allow(), deny()], allowed: false },
    {
      why: "… in whatever policy it stands",
      identity: [allow()],
      resource: [{ ...to("*"), Effect: "Deny" }],
      allowed: false,
    },
    { why: "actions ignore case", identity: [allow({ Action: "S3:getobject" })], allowed: true },
    { why: "a star in the action", identity: [allow({ Action: "s3:Get*" })], allowed: true },
    { why: "a question mark is one character", identity: [allow({ Action: "s3:Get?bject" })], allowed: true },
    { why: "… not two", identity: [allow({ Action: "s3:Get?ject" })], allowed: false },
    { why: "several actions", identity: [allow({ Action: ["s3:PutObject", "s3:GetObject"] })], allowed: true },
    {
      why: "NotAction allows all others",
      identity: [allow({ Action: undefined, NotAction: "s3:Put*" })],
      allowed: true,
    },
    { why: "… not the one named", identity: [allow({ Action: undefined, NotAction: "s3:Get*" })], allowed: false },
    {
      why: "an action nobody has heard of needs a star",
      identity: [allow({ Action: "*" })],
      action: "s3:Juggle",
      allowed: true,
    },
    { why: "… and is refused without one", identity: [allow()], action: "s3:Juggle", allowed: false },
    { why: "the resource by prefix", identity: [allow({ Resource: "arn:aws:s3:::shop/*" })], allowed: true },
    { why: "a prefix of another bucket", identity: [allow({ Resource: "arn:aws:s3:::shops/*" })], allowed: false },
    { why: "resources mind case", identity: [allow({ Resource: "arn:aws:s3:::Shop/*" })], allowed: false },
    { why: "a short ARN is filled up with stars", identity: [allow({ Resource: "arn:aws:s3" })], allowed: true },
    {
      why: "a star does not cross a colon of the ARN",
      identity: [allow({ Action: "sns:Publish", Resource: "arn:aws:sns:*:runs" })],
      action: "sns:Publish",
      on: "arn:aws:sns:us-east-1:000000000000:runs",
      allowed: false,
    },
    {
      why: "NotResource allows all others",
      identity: [allow({ Resource: undefined, NotResource: "arn:aws:s3:::secret/*" })],
      allowed: true,
    },
    {
      why: "… not the one named",
      identity: [allow({ Resource: undefined, NotResource: "arn:aws:s3:::shop/*" })],
      allowed: false,
    },
  ])("$why", (row) => {
    expect(decide(row).allowed).toBe(row.allowed);
  });
});

describe("policies of resources", () => {
  it.each<Case>([
    { why: "naming the role is enough inside an account", resource: [to({ AWS: roleArn })], allowed: true },
    { why: "naming the session as well", resource: [to({ AWS: sessionArn })], allowed: true },
    { why: "naming everyone as well", resource: [to("*")], allowed: true },
    { why: "naming the account only passes the question on", resource: [to({ AWS: "000000000000" })], allowed: false },
    { why: "naming another role grants nothing", resource: [to({ AWS: `${roleArn}2` })], allowed: false },
    {
      why: "NotPrincipal spares the one it names",
      resource: [to(undefined, { NotPrincipal: { AWS: roleArn } })],
      allowed: false,
    },
    {
      why: "… and reaches the others",
      resource: [to(undefined, { NotPrincipal: { AWS: "111111111111" } })],
      allowed: true,
    },
    { why: "a service needs one", principal: service, identity: [allow()], allowed: false },
    {
      why: "… that names it",
      principal: service,
      resource: [to({ Service: "personalize.amazonaws.com" })],
      allowed: true,
    },
    {
      why: "… perhaps with its region",
      principal: service,
      resource: [to({ Service: "personalize.us-east-1.amazonaws.com" })],
      allowed: true,
    },
    {
      why: "… not another service",
      principal: service,
      resource: [to({ Service: "events.amazonaws.com" })],
      allowed: false,
    },
    { why: "a role is no service", resource: [to({ Service: "personalize.amazonaws.com" })], allowed: false },
    { why: "the account may do everything", principal: account, allowed: true },
    {
      why: "… that no resource policy denies",
      principal: account,
      resource: [{ ...to("*"), Effect: "Deny" }],
      allowed: false,
    },
    { why: "another account needs both: identity alone", principal: foreign, identity: [allow()], allowed: false },
    { why: "… resource alone", principal: foreign, resource: [to({ AWS: "111111111111" })], allowed: false },
    { why: "… both", principal: foreign, identity: [allow()], resource: [to({ AWS: "111111111111" })], allowed: true },
  ])("$why", (row) => {
    expect(decide(row).allowed).toBe(row.allowed);
  });
});

describe("boundaries and trust", () => {
  const trust = { action: "sts:AssumeRole", on: roleArn };
  const assume = (principal: unknown) => ({ Effect: "Allow", Action: "sts:AssumeRole", Principal: principal });
  it.each<Case>([
    {
      why: "a boundary that allows changes nothing",
      identity: [allow()],
      boundary: [allow({ Action: "s3:*" })],
      allowed: true,
    },
    {
      why: "a boundary that is silent forbids",
      identity: [allow()],
      boundary: [allow({ Action: "sns:*" })],
      allowed: false,
    },
    { why: "a boundary grants nothing", boundary: [allow()], allowed: false },
    {
      why: "it limits grants to the role",
      resource: [to({ AWS: roleArn })],
      boundary: [allow({ Action: "sns:*" })],
      allowed: false,
    },
    {
      why: "… not grants to the session",
      resource: [to({ AWS: sessionArn })],
      boundary: [allow({ Action: "sns:*" })],
      allowed: true,
    },
    {
      why: "a trust policy names a service",
      ...trust,
      principal: service,
      resource: [assume({ Service: "personalize.amazonaws.com" })],
      allowed: true,
    },
    {
      why: "… and no other",
      ...trust,
      principal: service,
      resource: [assume({ Service: "glue.amazonaws.com" })],
      allowed: false,
    },
    {
      why: "an identity policy alone does not assume",
      ...trust,
      identity: [allow({ Action: "sts:*" })],
      allowed: false,
    },
    {
      why: "trusting the account leaves it to the identity",
      ...trust,
      identity: [allow({ Action: "sts:*" })],
      resource: [assume({ AWS: "000000000000" })],
      allowed: true,
    },
    { why: "… which must allow", ...trust, resource: [assume({ AWS: "000000000000" })], allowed: false },
  ])("$why", (row) => {
    expect(decide(row).allowed).toBe(row.allowed);
  });

  it("PassRole names the service that may receive the role", () => {
    const pass = (passed: string) =>
      decide({
        why: "",
        identity: [
          allow({
            Action: "iam:PassRole",
            Resource: roleArn,
            Condition: { StringEquals: { "iam:PassedToService": "personalize.amazonaws.com" } },
          }),
        ],
        action: "iam:PassRole",
        on: roleArn,
        context: { "iam:PassedToService": passed },
        allowed: true,
      }).allowed;

    expect([pass("personalize.amazonaws.com"), pass("lambda.amazonaws.com")]).toEqual([true, false]);
  });

  it("says which kind of policy refused", () => {
    expect(decide({ why: "", identity: [deny()], allowed: false })).toEqual({
      allowed: false,
      explicit: true,
      policy: "identity-based policy",
    });
    expect(decide({ why: "", identity: [allow()], boundary: [deny()], allowed: false })).toMatchObject({
      explicit: true,
      policy: "permissions boundary",
    });
    expect(decide({ why: "", principal: service, allowed: false })).toMatchObject({
      explicit: false,
      policy: "resource-based policy",
    });
  });
});

describe("policy variables", () => {
  const home = (
    on: string,
    context: Record<string, string>,
    resource = "arn:aws:s3:::shop/${aws:PrincipalTag/team}/*",
  ) => decide({ why: "", identity: [allow({ Resource: resource })], on, context, allowed: true }).allowed;

  it.each([
    { why: "are replaced", got: home("arn:aws:s3:::shop/blue/x", { "aws:PrincipalTag/team": "blue" }), allowed: true },
    {
      why: "bind to their value",
      got: home("arn:aws:s3:::shop/red/x", { "aws:PrincipalTag/team": "blue" }),
      allowed: false,
    },
    { why: "match nothing without a value", got: home("arn:aws:s3:::shop//x", {}), allowed: false },
    {
      why: "fall back to a default",
      got: home("arn:aws:s3:::shop/none/x", {}, "arn:aws:s3:::shop/${aws:PrincipalTag/team, 'none'}/*"),
      allowed: true,
    },
    {
      why: "keep a star in the value literal",
      got: home("arn:aws:s3:::shop/blue/x", { "aws:PrincipalTag/team": "*" }),
      allowed: false,
    },
    { why: "escape a star", got: home("arn:aws:s3:::shop/*/x", {}, "arn:aws:s3:::shop/${*}/x"), allowed: true },
    {
      why: "… which then is no wildcard",
      got: home("arn:aws:s3:::shop/a/x", {}, "arn:aws:s3:::shop/${*}/x"),
      allowed: false,
    },
  ])("$why", ({ got, allowed }) => {
    expect(got).toBe(allowed);
  });

  it("mean nothing in the old policy version", () => {
    const old = parsePolicy({ Statement: [allow({ Resource: "arn:aws:s3:::${aws:username}" })] });
    const context = new Map([["aws:username", ["ann"]]]);
    const on = (resource: string) =>
      evaluate(
        { principal: role, action: "s3:GetObject", resource, resourceAccount: "000000000000", context },
        { identity: [old], boundary: undefined, resource: [] },
      ).allowed;

    expect([on("arn:aws:s3:::ann"), on("arn:aws:s3:::${aws:username}")]).toEqual([false, true]);
  });
});

describe("documents that are no policies", () => {
  it.each([
    { why: "no JSON", document: "{", says: "valid JSON" },
    { why: "unknown version", document: { Version: "2020-01-01", Statement: [] }, says: "2020-01-01" },
    { why: "no effect", document: { Statement: [{ Action: "*" }] }, says: "Effect" },
    { why: "no action", document: { Statement: [{ Effect: "Allow" }] }, says: "neither Action nor NotAction" },
    {
      why: "both actions",
      document: { Statement: { Effect: "Allow", Action: "a:b", NotAction: "a:c" } },
      says: "exclude",
    },
    {
      why: "unknown operator",
      document: { Statement: allow({ Condition: { StringSame: { a: "b" } } }) },
      says: "StringSame",
    },
    { why: "unknown principal type", document: { Statement: to({ Robot: "x" }) }, says: "Robot" },
  ])("$why", ({ document, says }) => {
    expect(() => parsePolicy(document)).toThrow(says);
  });
});
