/** Data Quality through the SDK: from a table in S3 to the result, with its waits, refusals and restarts. */
import {
  CancelDataQualityRulesetEvaluationRunCommand,
  CreateDatabaseCommand,
  CreateDataQualityRulesetCommand,
  CreateTableCommand,
  GetDataQualityResultCommand,
  GetDataQualityRulesetEvaluationRunCommand,
  GetTableCommand,
  ListDataQualityResultsCommand,
  ListDataQualityRulesetEvaluationRunsCommand,
  StartDataQualityRulesetEvaluationRunCommand,
  type StartDataQualityRulesetEvaluationRunCommandInput,
  UpdateTableCommand,
} from "@aws-sdk/client-glue";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { bucket, type GlueCloud, roleArn, startGlueCloud } from "./glue-cloud.ts";

let lake: GlueCloud;

beforeEach(async () => {
  lake = await startGlueCloud();
});
afterEach(() => lake.close());

const rows = ["USER_ID,ITEM_ID,TIMESTAMP", "u1,i1,100", "u1,i2,200", "u2,i1,x"].join("\n");

async function prepare(ruleset: string): Promise<void> {
  const { glue, put } = lake;
  await put("shop/interactions/a.csv", rows);
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "shop" } }));
  const names = ["user_id", "item_id"].map((Name) => ({ Name, Type: "string" }));
  const TableInput = {
    Name: "interactions",
    Parameters: { "skip.header.line.count": "1" },
    StorageDescriptor: {
      Location: `s3://${bucket}/shop/interactions/`,
      Columns: [...names, { Name: "timestamp", Type: "bigint" }],
      SerdeInfo: { SerializationLibrary: "org.apache.hadoop.hive.serde2.OpenCSVSerde" },
    },
  };
  await glue.send(new CreateTableCommand({ DatabaseName: "shop", TableInput }));
  await glue.send(new CreateDataQualityRulesetCommand({ Name: "checks", Ruleset: ruleset }));
}

const run: StartDataQualityRulesetEvaluationRunCommandInput = {
  DataSource: { GlueTable: { DatabaseName: "shop", TableName: "interactions" } },
  Role: roleArn,
  RulesetNames: ["checks"],
};

async function start(request = run): Promise<string> {
  return (await lake.glue.send(new StartDataQualityRulesetEvaluationRunCommand(request))).RunId ?? "";
}

const look = (RunId: string) => lake.glue.send(new GetDataQualityRulesetEvaluationRunCommand({ RunId }));

describe("an evaluation run", () => {
  it("reads the table and says for each rule whether it holds", async () => {
    await prepare('Rules = [ RowCount > 2, IsComplete "TIMESTAMP", ColumnValues "user_id" in ["u1", "u2"] ]');
    const release = lake.clock.hold();
    const id = await start();
    expect(await look(id)).toMatchObject({ Status: "STARTING", RulesetNames: ["checks"], Role: roleArn });
    release();
    await lake.clock.idle();

    const ended = await look(id);
    expect(ended).toMatchObject({ Status: "SUCCEEDED", ExecutionTime: 45 });
    const [ResultId] = ended.ResultIds ?? [];
    const result = await lake.glue.send(new GetDataQualityResultCommand({ ResultId }));
    expect(result).toMatchObject({ RulesetName: "checks", RulesetEvaluationRunId: id, Score: 2 / 3 });
    expect(result.RuleResults).toEqual([
      {
        ...{ Name: "Rule_1", Description: "RowCount > 2", EvaluatedRule: "RowCount > 2", Result: "PASS" },
        EvaluatedMetrics: { "Dataset.*.RowCount": 3 },
      },
      {
        ...{ Name: "Rule_2", Description: 'IsComplete "TIMESTAMP"', EvaluatedRule: 'IsComplete "TIMESTAMP"' },
        Result: "FAIL",
        EvaluationMessage: `Value: ${2 / 3} does not meet the constraint requirement!`,
        EvaluatedMetrics: { "Column.TIMESTAMP.Completeness": 2 / 3 },
      },
      {
        ...{ Name: "Rule_3", Result: "PASS", EvaluatedMetrics: { "Column.user_id.ColumnValues.Compliance": 1 } },
        Description: 'ColumnValues "user_id" in ["u1","u2"]',
        EvaluatedRule: 'ColumnValues "user_id" in ["u1","u2"]',
      },
    ]);
  });

  it("is told apart by its client token: the same request starts nothing, another is refused", async () => {
    await prepare("Rules = [ RowCount > 2 ]");
    const id = await start({ ...run, ClientToken: "once" });

    expect(await start({ ...run, ClientToken: "once" })).toBe(id);
    await expect(start({ ...run, ClientToken: "once", Timeout: 5 })).rejects.toMatchObject({
      name: "ConflictException",
    });
    const { Runs = [] } = await lake.glue.send(new ListDataQualityRulesetEvaluationRunsCommand({}));
    expect(Runs.map(({ RunId }) => RunId)).toEqual([id]);
  });

  it("can be cancelled while it is under way, and leaves no result", async () => {
    await prepare("Rules = [ RowCount > 2 ]");
    const release = lake.clock.hold();
    const id = await start();
    await lake.glue.send(new CancelDataQualityRulesetEvaluationRunCommand({ RunId: id }));
    release();
    await lake.clock.idle();

    expect(await look(id)).toMatchObject({ Status: "STOPPED" });
    expect((await lake.glue.send(new ListDataQualityResultsCommand({}))).Results).toEqual([]);
    await expect(lake.glue.send(new CancelDataQualityRulesetEvaluationRunCommand({ RunId: id }))).rejects.toMatchObject(
      { name: "InvalidInputException", message: expect.stringContaining("STOPPED") },
    );
  });

  it("begins again when the cloud ended in the middle, and gives one result", async () => {
    await prepare("Rules = [ RowCount > 2 ]");
    const release = lake.clock.hold();
    const id = await start();
    lake = await lake.restart();
    release();
    await lake.clock.idle();

    const ended = await look(id);
    expect(ended).toMatchObject({ Status: "SUCCEEDED" });
    const { Results = [] } = await lake.glue.send(new ListDataQualityResultsCommand({}));
    expect(Results.map(({ ResultId }) => ResultId)).toEqual(ended.ResultIds);
  });

  it.each([
    {
      why: "a bucket that is not there is S3's refusal",
      change: { Location: "s3://nowhere/x/" },
      error: "NoSuchBucket: The specified bucket does not exist",
    },
    {
      why: "only text formats can be read",
      change: { SerdeInfo: { SerializationLibrary: "org.openx.data.jsonserde.JsonSerDe" } },
      error: expect.stringContaining("not org.openx.data.jsonserde.JsonSerDe"),
    },
  ])("ends as FAILED with the reason: $why", async ({ change, error }) => {
    await prepare("Rules = [ RowCount > 2 ]");
    const { Table } = await lake.glue.send(new GetTableCommand({ DatabaseName: "shop", Name: "interactions" }));
    const StorageDescriptor = { ...Table?.StorageDescriptor, ...change };
    const TableInput = { Name: "interactions", StorageDescriptor };
    await lake.glue.send(new UpdateTableCommand({ DatabaseName: "shop", TableInput }));
    const id = await start();
    await lake.clock.idle();

    expect(await look(id)).toMatchObject({ Status: "FAILED", ErrorString: error });
  });

  it("is refused for what is not there", async () => {
    await prepare("Rules = [ RowCount > 2 ]");
    const DataSource = { GlueTable: { DatabaseName: "shop", TableName: "users" } };

    await expect(start({ ...run, RulesetNames: ["other"] })).rejects.toMatchObject({
      ...{ name: "EntityNotFoundException", message: "Data quality ruleset other not found." },
    });
    await expect(start({ ...run, DataSource })).rejects.toMatchObject({ message: "Table users not found." });
  });
});
