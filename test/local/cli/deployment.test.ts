import { describe, expect, it } from "@jest/globals";
import { readOutputs } from "../../../local/cli/deployment.ts";

const arn = (group: string) => `arn:aws-cn:states:cn-north-1:123456789012:stateMachine:outrank-${group}`;

describe("the file of outputs that cdk deploy wrote", () => {
  it("tells bucket, groups, region and account", () => {
    const Groups = JSON.stringify({ shop: arn("shop"), club: arn("club") });
    const file = {
      Other: { Url: "https://example.org" },
      Outrank: { BucketName: "data", NoticeTopicArn: "t", Groups },
    };

    expect(readOutputs(file)).toEqual({
      ...{ region: "cn-north-1", account: "123456789012", bucket: "data" },
      groups: [
        { name: "shop", stateMachineArn: arn("shop") },
        { name: "club", stateMachineArn: arn("club") },
      ],
    });
  });

  it.each<{ file: Record<string, Record<string, string>>; why: string }>([
    { file: {}, why: "nothing was deployed" },
    { file: { Other: { BucketName: "data" } }, why: "another project's stack" },
    { file: { Outrank: { BucketName: "data", Groups: "{}" } }, why: "a stack without groups tells no region" },
  ])("is of no use when $why", ({ file }) => {
    expect(readOutputs(file)).toBeNull();
  });
});
