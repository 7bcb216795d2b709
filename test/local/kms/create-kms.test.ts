import { beforeEach, describe, expect, it } from "@jest/globals";
import { seededIds } from "../../../local/cloud/boot/chance.ts";
import { createJumpingClock } from "../../../local/cloud/clock/jumping-clock.ts";
import { createIam, type Iam } from "../../../local/cloud/iam/create-iam.ts";
import { memoryStore } from "../../../local/cloud/journal/memory-store.ts";
import type { KeyAction } from "../../../local/cloud/ports/keys.ts";
import type { Caller } from "../../../local/cloud/ports/service.ts";
import { createKms, type KmsParts } from "../../../local/kms/create-kms.ts";

const account = "000000000000";
const root = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*", Resource: "*" };
const policyOf = (...Statement: object[]) => ({ Version: "2012-10-17", Statement });
const reader = `arn:aws:iam::${account}:role/reader`;
const foreign = `arn:aws:kms:us-east-1:${account}:key/made-elsewhere`;

let iam: Iam;
let kms: KmsParts;
beforeEach(() => {
  const deps = {
    ...{ clock: createJumpingClock(), ids: seededIds(1), store: memoryStore() },
    account,
    region: "us-east-1",
  };
  iam = createIam(deps);
  kms = createKms({ ...deps, authorizer: iam.authorizer, setResourcePolicy: iam.setResourcePolicy });
});

const provision = (type: string, properties: object, physicalId?: string) => {
  const found = [...iam.provisioners, ...kms.provisioners].find((provisioner) => provisioner.type === type);
  return found!.apply({ stackName: "Test", logicalId: "It", physicalId, properties: { ...properties } });
};

/** A role `reader` that may do these things with keys. */
const role = (...statements: object[]) =>
  provision("AWS::IAM::Role", {
    RoleName: "reader",
    AssumeRolePolicyDocument: policyOf({
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com" },
      Action: "sts:AssumeRole",
    }),
    Policies: [{ PolicyName: "own", PolicyDocument: policyOf(...statements) }],
  });
const asReader: Caller = { kind: "role", roleArn: reader, session: "test" };
const use = (key: string, action: KeyAction = "kms:Decrypt", caller: Caller = asReader, more: object = {}) =>
  kms.keys.assertUsable(caller, { action, key, via: "s3", ...more });
const newKey = async (KeyPolicy?: object, more: object = {}) => {
  const { ref, attributes } = await provision("AWS::KMS::Key", { ...(KeyPolicy ? { KeyPolicy } : {}), ...more });
  return { id: ref, arn: String(attributes["Arn"]) };
};
const decrypt = (Resource: string, more: object = {}) => ({
  Effect: "Allow",
  Action: "kms:Decrypt",
  Resource,
  ...more,
});

describe("a key whose policy leaves it to the account", () => {
  it("is usable by a role that its own policy allows, for just those actions", async () => {
    const { arn } = await newKey(policyOf(root));
    await role(decrypt(arn));

    expect(() => use(arn)).not.toThrow();
    expect(() => use(arn, "kms:GenerateDataKey")).toThrow(
      `User: arn:aws:sts::${account}:assumed-role/reader/test is not authorized to perform: kms:GenerateDataKey on ` +
        `resource: ${arn} because no identity-based policy allows the kms:GenerateDataKey action`,
    );
  });

  it("knows through which service it is used", async () => {
    const { arn } = await newKey();
    await role(decrypt(arn, { Condition: { StringEquals: { "kms:ViaService": "sns.us-east-1.amazonaws.com" } } }));

    expect(() => use(arn)).toThrow(/not authorized/);
    expect(() => use(arn, "kms:Decrypt", asReader, { via: "sns" })).not.toThrow();
  });
});

describe("a key whose policy does not", () => {
  it("refuses a role that only its own policy allows", async () => {
    const { arn } = await newKey(policyOf({ ...root, Principal: { Service: "logs.amazonaws.com" } }));
    await role(decrypt(arn));

    expect(() => use(arn)).toThrow("because no resource-based policy allows the kms:Decrypt action");
  });

  it("admits a role that it names, whatever the role's own policy says", async () => {
    const { arn } = await newKey(policyOf({ ...root, Principal: { AWS: reader } }));
    await role(decrypt("arn:aws:kms:us-east-1:000000000000:key/another"));

    expect(() => use(arn)).not.toThrow();
  });
});

describe("a service by itself", () => {
  const log = `arn:aws:logs:us-east-1:${account}:log-group:/aws/one`;
  const logs: Caller = { kind: "service", principal: "logs.us-east-1.amazonaws.com", sourceArn: log };
  const only = {
    ...{
      Effect: "Allow",
      Principal: { Service: "logs.us-east-1.amazonaws.com" },
      Action: "kms:Decrypt",
      Resource: "*",
    },
    Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:us-east-1:${account}:log-group:*` } },
  };

  it("needs the key's policy, which may ask what is locked", async () => {
    const { arn } = await newKey(policyOf(root, only));
    const context = (arnOfLog: string) => ({ encryptionContext: { "aws:logs:arn": arnOfLog } });

    expect(() => use(arn, "kms:Decrypt", logs, context(log))).not.toThrow();
    expect(() => use(arn, "kms:Decrypt", logs, context(log.replace(account, "999999999999")))).toThrow(
      /not authorized/,
    );
  });
});

describe("a key", () => {
  it.each([
    { more: { Enabled: false }, name: "DisabledException", why: "that is switched off" },
    { more: {}, name: "KMSInvalidStateException", why: "whose stack has let go of it" },
  ])("$why locks and unlocks nothing: $name", async ({ more, name }) => {
    const { arn, id } = await newKey(undefined, more);
    await role(decrypt(arn));
    if (name !== "DisabledException") await kms.provisioners[0]!.remove(id);

    expect(() => use(arn)).toThrow(expect.objectContaining({ name }));
  });

  it("keeps its id when its stack is deployed again, and goes by its alias", async () => {
    const { id, arn } = await newKey();
    const again = await provision("AWS::KMS::Key", { Description: "another text" }, id);
    await provision("AWS::KMS::Alias", { AliasName: "alias/outrank", TargetKeyId: id });

    expect(again.ref).toBe(id);
    expect(["alias/outrank", id, arn, `arn:aws:kms:us-east-1:${account}:alias/outrank`].map(kms.keys.arnOf)).toEqual(
      Array.from({ length: 4 }, () => arn),
    );
    expect(() => kms.keys.arnOf("alias/none")).toThrow("Alias 'alias/none' does not exist");
  });

  it("that no template made is taken to exist: services may use it, roles need their own permission", async () => {
    await role(decrypt(foreign));

    expect(() => use(foreign)).not.toThrow();
    expect(() => use(foreign, "kms:GenerateDataKey")).toThrow(/not authorized/);
    expect(() => use(foreign, "kms:Decrypt", { kind: "service", principal: "logs.amazonaws.com" })).not.toThrow();
  });
});
