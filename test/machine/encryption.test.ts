/**
 * A stack that is locked with a customer's key runs green from upload to campaign; take the use of the key away from one
 * role, and the run fails with KMS's own refusal, as it would on AWS. What the run creates carries the configured tags.
 */
import { DescribeDatasetGroupCommand, ListTagsForResourceCommand } from "@aws-sdk/client-personalize";
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { OutrankConfigInput } from "../../pipeline/config/outrank-config.ts";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { everythingConfig } from "../support/everything.ts";
import { without } from "../support/permissions-of.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
afterEach(() => stack.close());

const drop = {
  "club/interactions/interactions.csv": interactionsCsv({ users: 100 }),
  "club/items/items.csv": itemsCsv(),
};
const locked = (customerKey = "create"): OutrankConfigInput => ({
  ...communitiesConfig({ group: { tags: { team: "club" } } }),
  ...{ encryption: { customerKey }, tags: { "cost-centre": "42" } },
});

/** What SNS took: a refused message is not among them. */
const messages = () => stack.log.filter((line) => line.startsWith("sns: message")).length;

async function firstRecord(): Promise<{ readonly outcome: string; readonly error: string; readonly reason: string }> {
  await stack.drop(drop);
  await stack.rest();
  const [record] = await stack.records("club");
  const { error = "", reason = "" } = record?.failure ?? {};
  return { outcome: record?.outcome ?? "none", error, reason };
}

describe("a stack with a key of its own", () => {
  it("runs green, with everything locked and everything tagged", async () => {
    stack = await startStack({ config: locked() });

    expect(await firstRecord()).toEqual({ outcome: "PROMOTE", error: "", reason: "" });
    const [record] = await stack.records("club");
    const { Contents = [] } = await stack.s3.send(new ListObjectsV2Command({ Bucket: stack.bucket }));
    const heads = Contents.map(({ Key }) => stack.s3.send(new HeadObjectCommand({ Bucket: stack.bucket, Key })));
    const keys = new Set((await Promise.all(heads)).map(({ SSEKMSKeyId }) => SSEKMSKeyId));
    const [kmsKeyArn] = keys;
    expect(keys.size).toBe(1);
    expect(kmsKeyArn).toMatch(/^arn:aws:kms:us-east-1:000000000000:key\//);

    const place = "arn:aws:personalize:us-east-1:000000000000";
    const datasetGroupArn = `${place}:dataset-group/outrank-club`;
    const group = await stack.personalize.send(new DescribeDatasetGroupCommand({ datasetGroupArn }));
    expect(group.datasetGroup).toMatchObject({ kmsKeyArn, roleArn: expect.stringContaining("PersonalizeAccess") });

    const decision = record?.contests[0]?.decision;
    const version = decision?.candidate.solutionVersionArn ?? "";
    const made = [
      ...[datasetGroupArn, `${place}:dataset/outrank-club/INTERACTIONS`, decision?.campaignArn ?? ""],
      ...[version, version.replace(/\/\w+$/, ""), record?.inputs[0]?.importJobArn ?? ""],
    ];
    for (const resourceArn of made) {
      const { tags } = await stack.personalize.send(new ListTagsForResourceCommand({ resourceArn }));
      expect({ resourceArn, tags }).toEqual({
        resourceArn,
        tags: [
          { tagKey: "cost-centre", tagValue: "42" },
          { tagKey: "team", tagValue: "club" },
        ],
      });
    }
    expect(messages()).toBe(1);
  });

  it.each([
    { role: /CheckTheData/, action: "kms:Decrypt", error: "AccessDenied", why: "the check cannot read the uploads" },
    { role: /TakeTheLease/, action: "kms:GenerateDataKey", error: "AccessDenied", why: "the lease cannot be written" },
  ])("fails without $action for $role, in KMS's words: $why", async ({ role, action, error }) => {
    stack = await startStack({ config: locked(), template: without(action, role) });

    const failed = await firstRecord();

    expect(failed).toMatchObject({ outcome: "FAILED", error });
    expect(failed.reason).toMatch(
      new RegExp(
        `^User: arn:aws:sts::000000000000:assumed-role/.* is not authorized to perform: ${action} on resource: arn:aws:kms:`,
      ),
    );
  });

  it("fails when Personalize's role may not use it, with the service's reason", async () => {
    stack = await startStack({ config: locked(), template: without("kms:CreateGrant", /PersonalizeAccess/) });

    const failed = await firstRecord();

    expect(failed).toMatchObject({ outcome: "FAILED", error: "ResourceRefused" });
    expect(failed.reason).toMatch(
      /^dataset group outrank-club is CREATE FAILED: Insufficient privileges for using the KMS key\./,
    );
  });

  it("still speaks of a run whose notice cannot be locked: the record is there", async () => {
    stack = await startStack({ config: locked(), template: without("kms:Decrypt", /MachineRole/) });

    expect(await firstRecord()).toEqual({ outcome: "PROMOTE", error: "", reason: "" });
    expect(messages()).toBe(0);
  });
});

describe("a stack with a key that exists already", () => {
  const arn = "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab";

  it("runs green, and locks with that key", async () => {
    stack = await startStack({ config: locked(arn) });

    expect(await firstRecord()).toEqual({ outcome: "PROMOTE", error: "", reason: "" });
    const read = { Bucket: stack.bucket, Key: "club/items/items.csv" };
    expect(await stack.s3.send(new GetObjectCommand(read))).toMatchObject({ SSEKMSKeyId: arn });
  });
});

it("a stack with everything named, tags and key and all, is deployed", async () => {
  stack = await startStack({ config: everythingConfig() });

  expect(Object.keys(stack.machines)).toEqual(["shop"]);
});
