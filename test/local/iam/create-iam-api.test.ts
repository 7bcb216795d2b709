/** Roles made by calls are enforced like those of templates, and IAM refuses in its own words. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { createIam, type Iam } from "../../../local/cloud/iam/create-iam.ts";
import { AwsError } from "../../../local/cloud/ports/aws-error.ts";
import { createIamApi } from "../../../local/iam/create-iam-api.ts";
import { serviceDeps } from "../../support/running-cloud.ts";

const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "personalize.amazonaws.com" }, Action: "sts:AssumeRole" }],
};
const readShop = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/*" }],
};
const roleArn = "arn:aws:iam::000000000000:role/reader";
const asReader = { kind: "role", roleArn, session: "s" } as const;
const object = (key: string) => ({ action: "s3:GetObject", resource: `arn:aws:s3:::shop/${key}` });

let iam: Iam;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are asserted member by member
let call: (operation: string, input?: object) => Promise<any>;
beforeEach(() => {
  const deps = serviceDeps();
  iam = createIam(deps);
  const { operations } = createIamApi({ ...deps, identities: iam.identities }).service;
  const context = { caller: { kind: "account" }, requestId: "r", account: deps.account, region: deps.region } as const;
  call = async (operation, input = {}) => await operations[operation]?.(input, context);
});

const reader = () => call("CreateRole", { RoleName: "reader", AssumeRolePolicyDocument: JSON.stringify(trust) });
const refusal = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return error instanceof AwsError ? error.name : error;
};

describe("the API of IAM", () => {
  it("makes a role that the service of its trust policy can assume, and no other", async () => {
    expect((await reader()).Role).toMatchObject({ Arn: roleArn, Path: "/", MaxSessionDuration: 3600 });

    expect(() => iam.authorizer.assertAssumable(roleArn, "personalize.amazonaws.com")).not.toThrow();
    expect(() => iam.authorizer.assertAssumable(roleArn, "states.amazonaws.com")).toThrow("trust policy");
  });

  it("answers documents as percent-encoded JSON, as the service does", async () => {
    await reader();

    const { Role } = await call("GetRole", { RoleName: "reader" });

    expect(Role.AssumeRolePolicyDocument).toMatch(/^%7B%22Version%22%3A%222012-10-17%22/);
    expect(JSON.parse(decodeURIComponent(Role.AssumeRolePolicyDocument))).toEqual(trust);
  });

  it.each([
    {
      how: "an inline policy",
      grant: () =>
        call("PutRolePolicy", { RoleName: "reader", PolicyName: "p", PolicyDocument: JSON.stringify(readShop) }),
      revoke: () => call("DeleteRolePolicy", { RoleName: "reader", PolicyName: "p" }),
    },
    {
      how: "a managed policy of the account",
      grant: async () => {
        await call("CreatePolicy", { PolicyName: "p", PolicyDocument: JSON.stringify(readShop) });
        await call("AttachRolePolicy", { RoleName: "reader", PolicyArn: "arn:aws:iam::000000000000:policy/p" });
      },
      revoke: () => call("DetachRolePolicy", { RoleName: "reader", PolicyArn: "arn:aws:iam::000000000000:policy/p" }),
    },
    {
      how: "a managed policy of AWS",
      grant: () =>
        call("AttachRolePolicy", { RoleName: "reader", PolicyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" }),
      revoke: () =>
        call("DetachRolePolicy", { RoleName: "reader", PolicyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" }),
    },
  ])("gives and takes a permission with $how, from the next call on", async ({ grant, revoke }) => {
    await reader();
    const read = () => iam.authorizer.authorize(asReader, object("a.csv"));
    expect(read).toThrow("is not authorized to perform: s3:GetObject");

    await grant();
    expect(read).not.toThrow();

    await revoke();
    expect(read).toThrow("is not authorized to perform: s3:GetObject");
  });

  it("lists what is attached, and what is in the role", async () => {
    await reader();
    await call("PutRolePolicy", { RoleName: "reader", PolicyName: "own", PolicyDocument: JSON.stringify(readShop) });
    const PolicyArn = "arn:aws:iam::aws:policy/service-role/AmazonPersonalizeFullAccess";
    await call("AttachRolePolicy", { RoleName: "reader", PolicyArn });

    expect(await call("ListAttachedRolePolicies", { RoleName: "reader" })).toEqual({
      AttachedPolicies: [{ PolicyName: "AmazonPersonalizeFullAccess", PolicyArn }],
      IsTruncated: false,
    });
    expect(await call("ListRolePolicies", { RoleName: "reader" })).toMatchObject({ PolicyNames: ["own"] });
    expect(await call("ListEntitiesForPolicy", { PolicyArn })).toMatchObject({
      PolicyRoles: [{ RoleName: "reader" }],
    });
  });

  it("pages through roles by name", async () => {
    for (const RoleName of ["c", "a", "b"]) {
      await call("CreateRole", { RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) });
    }

    const first = await call("ListRoles", { MaxItems: 2 });
    const rest = await call("ListRoles", { MaxItems: 2, Marker: first.Marker });

    const names = [first, rest].map(({ Roles }) => Roles.map(({ RoleName }: { RoleName: string }) => RoleName));
    expect(names).toEqual([["a", "b"], ["c"]]);
    expect([first.IsTruncated, rest.IsTruncated]).toEqual([true, false]);
  });

  it.each([
    { why: "a name that is taken", name: "EntityAlreadyExistsException", run: reader },
    {
      why: "a role that is not there",
      name: "NoSuchEntityException",
      run: () => call("GetRole", { RoleName: "nobody" }),
    },
    {
      why: "a policy of AWS that is not known here",
      name: "NoSuchEntityException",
      run: () => call("AttachRolePolicy", { RoleName: "reader", PolicyArn: "arn:aws:iam::aws:policy/NoSuch" }),
    },
    {
      why: "a document that is no JSON",
      name: "MalformedPolicyDocumentException",
      run: () => call("PutRolePolicy", { RoleName: "reader", PolicyName: "p", PolicyDocument: "{" }),
    },
    {
      why: "the deletion of a role with a policy in it",
      name: "DeleteConflictException",
      run: async () => {
        await call("PutRolePolicy", { RoleName: "reader", PolicyName: "p", PolicyDocument: JSON.stringify(readShop) });
        await call("DeleteRole", { RoleName: "reader" });
      },
    },
    {
      why: "the deletion of a policy that a role has",
      name: "DeleteConflictException",
      run: async () => {
        const PolicyArn = "arn:aws:iam::000000000000:policy/p";
        await call("CreatePolicy", { PolicyName: "p", PolicyDocument: JSON.stringify(readShop) });
        await call("AttachRolePolicy", { RoleName: "reader", PolicyArn });
        await call("DeletePolicy", { PolicyArn });
      },
    },
  ])("refuses $why with $name", async ({ name, run }) => {
    await reader();

    expect(await refusal(run())).toBe(name);
  });

  it("keeps tags, descriptions and a boundary, which limits the role", async () => {
    await reader();
    await call("TagRole", { RoleName: "reader", Tags: [{ Key: "team", Value: "shop" }] });
    await call("UpdateRole", { RoleName: "reader", Description: "reads" });
    await call("AttachRolePolicy", { RoleName: "reader", PolicyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" });
    const boundary = "arn:aws:iam::aws:policy/AmazonSNSFullAccess";
    await call("PutRolePermissionsBoundary", { RoleName: "reader", PermissionsBoundary: boundary });

    const { Role } = await call("GetRole", { RoleName: "reader" });
    expect(Role).toMatchObject({ Description: "reads", Tags: [{ Key: "team", Value: "shop" }] });
    expect(() => iam.authorizer.authorize(asReader, object("a.csv"))).toThrow("permissions boundary");

    await call("DeleteRolePermissionsBoundary", { RoleName: "reader" });
    expect(() => iam.authorizer.authorize(asReader, object("a.csv"))).not.toThrow();
  });
});
