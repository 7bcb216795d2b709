/**
 * Glue as a stack has it: catalog, ruleset, job and machine from one synthesized template, under its own roles, with
 * the machine reaching Glue through Step Functions.
 */
import {
  GetJobCommand,
  type GetDataQualityRulesetEvaluationRunResponse,
  GetTableCommand,
  ListDataQualityRulesetsCommand,
} from "@aws-sdk/client-glue";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { App, aws_s3_assets as assets, CfnOutput, Fn, Stack } from "aws-cdk-lib";
import { CfnDatabase, CfnDataQualityRuleset, CfnJob, CfnTable } from "aws-cdk-lib/aws-glue";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bucket, type GlueCloud, startGlueCloud } from "./glue-cloud.ts";

const scratch = mkdtempSync(join(tmpdir(), "outrank-glue-template-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const writing = `
  import { writeFileSync } from "node:fs";
  writeFileSync(process.argv[process.argv.indexOf("--marker") + 1], "prepared");`;

/** The machine prepares, starts the evaluation, waits a minute and looks. */
const definition = (database: string, role: string, marker: string) => ({
  QueryLanguage: "JSONata",
  StartAt: "Prepare",
  States: {
    Prepare: {
      Type: "Task",
      Resource: "arn:aws:states:::glue:startJobRun.sync",
      Arguments: { JobName: "prepare", Arguments: { "--marker": marker } },
      Next: "Evaluate",
    },
    Evaluate: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:glue:startDataQualityRulesetEvaluationRun",
      Arguments: {
        DataSource: { GlueTable: { DatabaseName: database, TableName: "items" } },
        ...{ Role: role, RulesetNames: ["items"] },
        ClientToken: "{% $states.context.Execution.Name %}",
      },
      Next: "Wait",
    },
    Wait: { Type: "Wait", Seconds: 60, Output: "{% $states.input %}", Next: "Look" },
    Look: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:glue:getDataQualityRulesetEvaluationRun",
      Arguments: { RunId: "{% $states.input.RunId %}" },
      End: true,
    },
  },
});

interface Wanted {
  /** What the Glue role may not do. */
  readonly without?: string;
  readonly columns?: readonly string[];
  readonly hasTable?: boolean;
}

function synthesize({ without, columns = ["item_id", "price"], hasTable = true }: Wanted = {}): string {
  const outdir = mkdtempSync(join(scratch, "cdk.out-"));
  const app = new App({ outdir });
  const stack = new Stack(app, "Lake", { env: { account: "000000000000", region: "us-east-1" } });
  const glueRole = new Role(stack, "GlueRole", { assumedBy: new ServicePrincipal("glue.amazonaws.com") });
  const allowed = ["s3:GetObject", "s3:ListBucket", "glue:GetTable", "glue:PublishDataQuality"];
  const actions = allowed.filter((action) => action !== without);
  glueRole.addToPolicy(new PolicyStatement({ actions, resources: ["*"] }));
  const database = new CfnDatabase(stack, "Database", { catalogId: "000000000000", databaseInput: { name: "Lake" } });
  if (hasTable) {
    new CfnTable(stack, "Items", {
      ...{ catalogId: "000000000000", databaseName: database.ref },
      tableInput: {
        name: "items",
        parameters: { "skip.header.line.count": "1" },
        storageDescriptor: {
          location: `s3://${bucket}/items/`,
          columns: columns.map((name) => ({ name, type: "string" })),
          serdeInfo: { serializationLibrary: "org.apache.hadoop.hive.serde2.OpenCSVSerde" },
        },
      },
    });
  }
  new CfnDataQualityRuleset(stack, "Rules", { name: "items", ruleset: 'Rules = [ IsUnique "item_id" ]' });
  const script = join(outdir, "prepare.mjs");
  writeFileSync(script, writing);
  const asset = new assets.Asset(stack, "Script", { path: script });
  const command = { name: "pythonshell", scriptLocation: asset.s3ObjectUrl };
  new CfnJob(stack, "Job", { name: "prepare", role: glueRole.roleArn, command, maxRetries: 0, timeout: 5 });
  const machineRole = new Role(stack, "MachineRole", { assumedBy: new ServicePrincipal("states.amazonaws.com") });
  machineRole.addToPolicy(new PolicyStatement({ actions: ["glue:*", "iam:PassRole"], resources: ["*"] }));
  const machine = new CfnStateMachine(stack, "Machine", {
    ...{ stateMachineName: "lake", roleArn: machineRole.roleArn },
    definitionString: Fn.sub(JSON.stringify(definition("lake", "${Role}", join(outdir, "marker"))), {
      Role: glueRole.roleArn,
    }),
  });
  machine.node.addDependency(machineRole);
  new CfnOutput(stack, "MachineArn", { value: machine.ref });
  new CfnOutput(stack, "Marker", { value: join(outdir, "marker") });
  app.synth();
  return outdir;
}

let lake: GlueCloud;
let sfn: SFNClient;

beforeEach(async () => {
  lake = await startGlueCloud({ bare: false });
  sfn = new SFNClient({
    ...{ endpoint: lake.cloud.url, region: "us-east-1" },
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  await lake.put("items/a.csv", "ITEM_ID,PRICE\ni1,1\ni2,2\n");
});
afterEach(async () => {
  sfn.destroy();
  await lake.close();
});

async function run(wanted?: Wanted) {
  const [stack] = await lake.cloud.deploy(synthesize(wanted));
  const stateMachineArn = stack?.outputs.MachineArn as string;
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, name: "run" }));
  await lake.clock.idle();
  const { status, output = "null", cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  const marker = existsSync(stack?.outputs.Marker as string);
  return { status, cause, marker, output: JSON.parse(output) as GetDataQualityRulesetEvaluationRunResponse };
}

describe("Glue in a stack", () => {
  it("is reached by the stack's machine: the job runs its asset, the ruleset is evaluated with the role", async () => {
    const { output, ...rest } = await run();

    expect(rest).toEqual({ status: "SUCCEEDED", cause: undefined, marker: true });
    expect(output).toMatchObject({ Status: "SUCCEEDED", ResultIds: [expect.stringMatching(/^dqresult-/)] });
    expect((await lake.glue.send(new GetJobCommand({ JobName: "prepare" }))).Job).toMatchObject({ Timeout: 5 });
  });

  it.each([
    { without: "s3:GetObject", error: /^AccessDenied/ },
    { without: "s3:ListBucket", error: /^AccessDenied/ },
    { without: "glue:GetTable", error: /^AccessDeniedException: .*glue:GetTable/ },
    { without: "glue:PublishDataQuality", error: /^AccessDeniedException: .*dataQualityRuleset\/items/ },
  ])("fails the evaluation when the role may not $without", async ({ without, error }) => {
    const { output } = await run({ without });

    expect(output.Status).toBe("FAILED");
    expect(output.ErrorString).toMatch(error);
  });

  it("follows the template: the same changes nothing, another changes, what left goes", async () => {
    const version = async () => {
      const { Table } = await lake.glue.send(new GetTableCommand({ DatabaseName: "lake", Name: "items" }));
      return [Table?.VersionId, Table?.StorageDescriptor?.Columns?.length];
    };
    await lake.cloud.deploy(synthesize());
    await lake.cloud.deploy(synthesize());
    expect(await version()).toEqual(["0", 2]);

    await lake.cloud.deploy(synthesize({ columns: ["item_id", "price", "genre"] }));
    expect(await version()).toEqual(["1", 3]);

    await lake.cloud.deploy(synthesize({ hasTable: false }));
    await expect(version()).rejects.toMatchObject({ name: "EntityNotFoundException" });
    const { Rulesets = [] } = await lake.glue.send(new ListDataQualityRulesetsCommand({}));
    expect(Rulesets).toMatchObject([{ Name: "items", RuleCount: 1 }]);
  });
});
