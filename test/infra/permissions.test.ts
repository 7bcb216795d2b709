/**
 * Who may do what, in a file that people read: `__snapshots__/permissions.txt` has a line for each statement of a stack with
 * everything named. A change to permissions is a change to that file, and shows in review. Write it anew with
 * `npx jest test/infra/permissions -u`.
 */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../infra/synthesize.ts";
import { everythingConfig } from "../support/everything.ts";
import { type Attached, listOf, readable, sentence, statementsOf } from "../support/statements.ts";
import { root } from "../support/sources.ts";
import { emptyHandlers, ofType, type Resources, resourcesIn } from "../support/synthesized.ts";

const page = join(__dirname, "__snapshots__", "permissions.txt");
let folder: string;
let resources: Resources;
let statements: Attached[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "outrank-permissions-"));
  const handlers = emptyHandlers(folder);
  resources = resourcesIn(synthesize({ config: everythingConfig(), handlers, outdir: join(folder, "cdk.out") }));
  statements = statementsOf(resources);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An intrinsic as the guide writes it: REGION and ACCOUNT to be filled in. */
const inWords = (value: unknown): string =>
  readable(value)
    .replace(/^logs:(?=log-group)/, "arn:aws:logs:REGION:ACCOUNT:")
    .replace("{region}", "REGION")
    .replace("{account}", "ACCOUNT");

const allowed = () => statements.filter(({ statement }) => statement.Effect === "Allow");
const said = ({ at, statement }: Attached) => `${at} ${sentence(statement)}`;

describe("the permissions of a stack with everything named", () => {
  it("are those that were reviewed", () => {
    const lines = `${[...new Set(statements.map(said))].sort().join("\n")}\n`;
    const { snapshotState } = expect.getState() as unknown as { snapshotState: { _updateSnapshot: string } };
    if (snapshotState._updateSnapshot === "all" || !existsSync(page)) writeFileSync(page, lines);

    expect(lines.split("\n")).toEqual(readFileSync(page, "utf8").split("\n"));
  });

  it("name every action; only the account's own say over its key is a star", () => {
    const stars = allowed().filter(({ statement }) => listOf(statement.Action).some((action) => action.includes("*")));

    expect(stars.map(said)).toEqual([
      "AWS::KMS::Key {CustomerKey} may kms:* on * (arn:{partition}:iam::{account}:root)",
    ]);
  });

  it("are on everything only where AWS knows no resource, which each says beside it", () => {
    const bare = allowed().filter(({ kind, statement }) => kind === "role" && listOf(statement.Resource).includes("*"));

    expect([...new Set(bare.flatMap(({ statement }) => listOf(statement.Action)))].sort()).toMatchSnapshot();
  });

  it("hand a role on only to the one service that it is for", () => {
    const passes = allowed().filter(({ statement }) => listOf(statement.Action).includes("iam:PassRole"));

    expect(passes.length).toBeGreaterThan(1);
    for (const { statement } of passes) {
      expect(listOf(statement.Action)).toEqual(["iam:PassRole"]);
      expect(
        listOf(statement.Resource)
          .map(readable)
          .every((role) => /^\{\w+Role\.Arn\}$/.test(role)),
      ).toBe(true);
      expect(Object.keys(statement.Condition?.["StringEquals"] ?? {})).toEqual(["iam:PassedToService"]);
      expect(statement.Condition?.["StringEquals"]?.["iam:PassedToService"]).toMatch(
        /^(personalize|glue)\.amazonaws\.com$/,
      );
    }
  });

  it("let a service into a resource or a role for this account only", () => {
    const ofServices = allowed().filter(
      ({ statement: { Principal } }) => typeof Principal === "object" && Principal !== null && "Service" in Principal,
    );
    const open = ofServices.filter(
      ({ statement }) => !/aws:Source(Account|Arn)|kms:EncryptionContext/.test(JSON.stringify(statement)),
    );

    // Lambda is told by nobody on whose behalf it runs: its documentation has no SourceAccount for execution roles.
    expect(
      open.filter(({ statement }) => !JSON.stringify(statement.Principal).includes("lambda.amazonaws.com")).map(said),
    ).toEqual([]);
  });
});

describe("a stack with a customer's key", () => {
  it("locks every bucket, topic and log group with it", () => {
    const key = { "Fn::GetAtt": [expect.stringMatching(/^CustomerKey/), "Arn"] };
    const bucketKeys = ofType(resources, "AWS::S3::Bucket").map(
      ({ Properties }) => Properties.BucketEncryption.ServerSideEncryptionConfiguration,
    );

    expect(bucketKeys.length).toBeGreaterThan(0);
    for (const encryption of bucketKeys) {
      expect(encryption).toEqual([
        { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: key } },
      ]);
    }
    for (const { Properties } of ofType(resources, "AWS::SNS::Topic")) expect(Properties.KmsMasterKeyId).toEqual(key);
    for (const { Properties } of ofType(resources, "AWS::Logs::LogGroup")) expect(Properties.KmsKeyId).toEqual(key);
  });

  it("gives each role the use of it that its permissions on locked data need, and no more", () => {
    const uses = (pattern: RegExp) => (at: string) =>
      new Set(
        allowed()
          .filter((attached) => attached.at === at && attached.kind === "role")
          .flatMap(({ statement }) => listOf(statement.Action).filter((action) => pattern.test(action))),
      );
    const [onData, onKey] = [uses(/^(s3:GetObject(Version)?|s3:PutObject|sns:Publish)$/), uses(/^kms:/)];
    const roles = new Set(allowed().flatMap(({ kind, at }) => (kind === "role" ? [at] : [])));

    expect(roles.size).toBeGreaterThan(10);
    for (const role of roles) {
      if (role.includes("PersonalizeAccess")) continue; // locks dataset groups as well
      const data = [...onData(role)];
      const needs = [
        ...(data.some((action) => action.startsWith("s3:Get")) ? ["kms:Decrypt"] : []),
        ...(data.includes("s3:PutObject") ? ["kms:GenerateDataKey"] : []),
        ...(data.includes("sns:Publish") ? ["kms:Decrypt", "kms:GenerateDataKey"] : []),
      ];
      expect({ role, uses: [...onKey(role)].sort() }).toEqual({ role, uses: [...new Set(needs)].sort() });
    }
  });

  it("lets the services in with the statements that the guide prints for a key that exists already", () => {
    const guide = readFileSync(join(root, "docs/guides/security.md"), "utf8");
    const printed = [...guide.matchAll(/```json\n(\[[\s\S]*?\n\])\n```/g)].map(([, json = ""]) => JSON.parse(json));
    const [key] = ofType(resources, "AWS::KMS::Key");
    const made = key?.Properties.KeyPolicy.Statement.filter(({ Sid }: { Sid: string }) => Sid !== "LeftToIam");
    const plain = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(plain).sort();
      if (typeof value !== "object" || value === null) return value;
      if ("Ref" in value || "Fn::Join" in value) return inWords(value);
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
    };
    const byName = (statements: { Sid: string }[]) =>
      new Map(statements.map((statement) => [statement.Sid, plain(statement)]));

    expect(printed).toHaveLength(1);
    expect(byName(made)).toEqual(byName(printed[0]));
  });

  it("keeps the key when it goes, and lets it rotate", () => {
    const [key] = ofType(resources, "AWS::KMS::Key");

    expect([key?.DeletionPolicy, key?.Properties.EnableKeyRotation]).toEqual(["Retain", true]);
  });

  it("that exists already names it everywhere, and makes none", () => {
    const customerKey = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const outdir = join(folder, "named");
    const config = everythingConfig({ encryption: { customerKey } });
    const named = resourcesIn(synthesize({ config, handlers: join(folder, "handlers"), outdir }));

    expect(ofType(named, "AWS::KMS::Key")).toEqual([]);
    expect(ofType(named, "AWS::SNS::Topic").map(({ Properties }) => Properties.KmsMasterKeyId)).toEqual([customerKey]);
    const keyStatements = statementsOf(named).filter(({ statement }) => /kms:/.test(JSON.stringify(statement.Action)));
    expect(new Set(keyStatements.flatMap(({ statement }) => listOf(statement.Resource)))).toEqual(
      new Set([customerKey]),
    );
  });
});

describe("tags", () => {
  it("are on everything of the group that can carry them, the group's beside the project's", () => {
    const tagged = Object.values(resources).filter(({ Properties }) => Array.isArray(Properties.Tags));
    const ofGroup = tagged.filter(({ Properties }) => JSON.stringify(Properties.Tags).includes("team"));

    for (const { Properties } of tagged) expect(Properties.Tags).toContainEqual({ Key: "cost-centre", Value: "42" });
    expect([...new Set(ofGroup.map(({ Type }) => Type))]).toEqual(
      expect.arrayContaining(["AWS::IAM::Role", "AWS::Lambda::Function", "AWS::StepFunctions::StateMachine"]),
    );
    expect(ofType(resources, "AWS::S3::Bucket").map(({ Properties }) => JSON.stringify(Properties.Tags))).toEqual([
      expect.not.stringContaining("team"), // shared by all groups
    ]);
  });

  it("may be given to what is created with them, and to nothing in a stack without any", () => {
    const tagging = allowed().filter(({ statement }) => listOf(statement.Action).includes("personalize:TagResource"));
    const without = { ...everythingConfig(), tags: {} };
    const plain = { ...without, datasetGroups: without.datasetGroups.map((group) => ({ ...group, tags: {} })) };
    const outdir = join(folder, "untagged");
    const none = resourcesIn(synthesize({ config: plain, handlers: join(folder, "handlers"), outdir }));

    expect(tagging.length).toBeGreaterThan(2);
    expect(JSON.stringify(none)).not.toContain("TagResource");
  });
});
