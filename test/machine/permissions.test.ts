/**
 * Local and cloud run the same bytes (R10): the embedded cloud runs the definition that the repository holds, and refuses what the
 * template's policies do not allow. So a permission that is missing in the template fails here as it would on AWS.
 */
import { DescribeStateMachineCommand } from "@aws-sdk/client-sfn";
import { afterEach, describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../local/cloud/project-root.ts";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { createFaultPort, type FaultPort, notices } from "../support/fault-port.ts";
import { actionsOf, policyResources, without } from "../support/permissions-of.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let port: FaultPort;
afterEach(() => stack.close());

const drop = {
  "club/interactions/interactions.csv": interactionsCsv({ users: 100 }),
  "club/items/items.csv": itemsCsv(),
};

async function start(template?: (text: string) => string, group: object = {}): Promise<void> {
  port = createFaultPort();
  stack = await startStack({
    config: communitiesConfig({ group }),
    fault: port.fault,
    ...(template ? { template } : {}),
  });
}

describe("a permission that the template lacks", () => {
  it.each([
    { action: "personalize:CreateDatasetImportJob", error: "Personalize.PersonalizeException" },
    { action: "iam:PassRole", error: "Glue.AccessDeniedException" },
    { action: "iam:PassRole", error: "Personalize.PersonalizeException", group: { dataQuality: { enabled: false } } },
    { action: "personalize:CreateSolutionVersion", error: "TrainingFailed" },
    { action: "personalize:CreateCampaign", error: "Personalize.PersonalizeException" },
    { action: "personalize:CreateSolution", error: "AccessDeniedException" },
  ])(
    "$action fails the run as $error, and the reason names who may not do it",
    async ({ action, error, group = {} }) => {
      await start(without(action, /DefaultPolicy/), group);

      await stack.drop(drop);
      await stack.rest();

      const [record] = await stack.records("club");
      const reason = new RegExp(
        `arn:aws:sts::000000000000:assumed-role/\\S+ is not authorized to perform: ${action} on resource: arn:`,
      );
      expect(record).toMatchObject({ outcome: "FAILED", failure: { error, reason: expect.stringMatching(reason) } });
      expect(notices(port).at(-1)?.Message).toMatch(reason);
      const [execution] = (await stack.executions("club")).filter(({ status }) => status === "FAILED");
      expect(execution).toMatchObject({ error, cause: expect.stringMatching(reason) });
    },
  );

  it("sns:Publish fails the run after its work is done and recorded: somebody should have been told", async () => {
    await start(without("sns:Publish", /DefaultPolicy/));

    await stack.drop(drop);
    await stack.rest();

    expect((await stack.records("club")).map(({ outcome }) => outcome)).toEqual(["PROMOTE"]);
    const failed = (await stack.executions("club")).filter(({ status }) => status === "FAILED");
    expect(failed).toEqual([
      expect.objectContaining({
        cause: expect.stringContaining("is not authorized to perform: sns:Publish on resource: arn:"),
      }),
    ]);
  });

  it("s3:GetObject of Personalize's own role fails the import with Personalize's reason", async () => {
    await start(without("s3:GetObject", /^(PersonalizeAccessRoleDefaultPolicy|DataBucketPolicy)/));

    await stack.drop(drop);
    await stack.rest();

    const [record] = await stack.records("club");
    expect(record).toMatchObject({ outcome: "FAILED", failure: { error: "ImportFailed" } });
    expect(record?.failure?.reason).toMatch(
      /^The import of \w+ from s3:\S+ failed: .*Insufficient privileges for accessing data in Amazon S3.*s3:GetObject/,
    );
  });

  it("s3:GetObject of the Lambda that looks at the uploads fails the run and names file and permission", async () => {
    await start(without("s3:GetObject", /LookAtTheUploads/));

    await stack.drop(drop);
    await stack.rest();

    const [record] = await stack.records("club");
    expect(record).toMatchObject({ outcome: "FAILED", failure: { error: "AccessDenied" } });
    expect(record?.failure?.reason).toMatch(
      /^HeadObject of s3:\/\/\S+\/club\/\S+\.csv was refused with 403: .*s3:GetObject/,
    );
  });
});

describe("the machine", () => {
  it("that runs is state-machines/retrain.asl.json to the byte, but for its placeholders", async () => {
    await start();

    const describe = new DescribeStateMachineCommand({ stateMachineArn: stack.machines["club"] });
    const { definition = "" } = await stack.sfn.send(describe);

    const source = readFileSync(join(projectRoot(), "state-machines", "retrain.asl.json"), "utf8");
    const pieces = source.split(/\$\{[A-Za-z]+\}/);
    let at = 0;
    const isInOrder = pieces.every((piece) => {
      const found = definition.indexOf(piece, at);
      const isNext = found >= at && /^(arn:[\w:/-]*|[\w-]{1,64})?$/.test(definition.slice(at, found));
      at = found + piece.length;
      return isNext;
    });
    expect({ isInOrder, rest: definition.slice(at), placeholders: pieces.length > 10 }).toEqual({
      ...{ isInOrder: true, rest: "", placeholders: true },
    });
  });

  it("has the one role that may create or update a campaign", async () => {
    let text = "";
    await start((template) => ((text = template), `${template}\n`));

    const resources = Object.values(policyResources(text));
    const roles = resources.flatMap(({ Type, Properties }) => {
      const may = (action: string) =>
        Properties.PolicyDocument?.Statement.some((one) => actionsOf(one).includes(action));
      const isAble =
        Type === "AWS::IAM::Policy" && (may("personalize:UpdateCampaign") || may("personalize:CreateCampaign"));
      return isAble ? (Properties as unknown as { Roles: { Ref: string }[] }).Roles.map(({ Ref }) => Ref) : [];
    });
    const machine = resources.find(({ Type }) => Type === "AWS::StepFunctions::StateMachine");

    expect(roles).toHaveLength(1);
    expect(machine?.Properties).toMatchObject({ RoleArn: { "Fn::GetAtt": [roles[0], "Arn"] } });
    expect(text).not.toMatch(/"personalize:\*"|"Action":\s*"\*"/);
  });
});
