/** A dataset group that is locked with a key of the customer's. */
import { expect, it } from "@jest/globals";
import { AccessDeniedException } from "../../../../local/cloud/ports/aws-error.ts";
import type { Keys } from "../../../../local/cloud/ports/keys.ts";
import { groupArn, personalizeForTest, roleArn } from "../../../support/personalize.ts";

const kmsKeyArn = "arn:aws:kms:us-east-1:000000000000:key/1";

async function groupWith(refused?: string) {
  const uses: string[] = [];
  const keys: Keys = {
    arnOf: (key) => key,
    assertUsable: (caller, { action, key, via }) => {
      uses.push(`${caller.kind === "role" ? caller.roleArn : caller.kind} ${action} ${via}`);
      if (action === refused) throw new AccessDeniedException("role/import", action, key);
    },
  };
  const personalize = personalizeForTest({ keys });
  await personalize.settle("CreateDatasetGroup", { name: "shop", roleArn, kmsKeyArn });
  const { datasetGroup } = await personalize.call("DescribeDatasetGroup", { datasetGroupArn: groupArn });
  return { uses, datasetGroup };
}

it("becomes ACTIVE when its role may use the key", async () => {
  const { uses, datasetGroup } = await groupWith();

  expect(datasetGroup).toMatchObject({ status: "ACTIVE", kmsKeyArn, roleArn });
  expect(uses).toEqual(
    ["DescribeKey", "CreateGrant", "GenerateDataKey", "Decrypt"].map((use) => `${roleArn} kms:${use} personalize`),
  );
});

it("ends as CREATE FAILED when it may not, with what is missing", async () => {
  const { datasetGroup } = await groupWith("kms:CreateGrant");

  expect(datasetGroup).toMatchObject({
    status: "CREATE FAILED",
    failureReason: expect.stringMatching(/^Insufficient privileges for using the KMS key\. .*kms:CreateGrant/),
  });
});
