/** The parts of the API that keep and show: databases, tables, rulesets, jobs; names, errors, pages. */
import {
  CreateDatabaseCommand,
  CreateDataQualityRulesetCommand,
  CreateJobCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteDataQualityRulesetCommand,
  DeleteJobCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetDataQualityResultCommand,
  GetDataQualityRulesetCommand,
  GetJobCommand,
  GetJobRunCommand,
  GetJobsCommand,
  GetTableCommand,
  GetTablesCommand,
  ListDataQualityRulesetsCommand,
  ListJobsCommand,
  UpdateDataQualityRulesetCommand,
  UpdateJobCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-glue";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type GlueCloud, roleArn, startGlueCloud } from "./glue-cloud.ts";

let lake: GlueCloud;
let glue: GlueCloud["glue"];

beforeEach(async () => {
  lake = await startGlueCloud();
  ({ glue } = lake);
});
afterEach(() => lake.close());

const Command = { Name: "pythonshell", ScriptLocation: "s3://lake/job.py" };
const notFound = (message: string) => ({ name: "EntityNotFoundException", message });

describe("the catalogue", () => {
  beforeEach(async () => {
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "Shop", Parameters: { a: "1" } } }));
  });

  it("keeps names in small letters and finds them in any", async () => {
    await glue.send(new CreateTableCommand({ DatabaseName: "SHOP", TableInput: { Name: "Items" } }));

    const { Database } = await glue.send(new GetDatabaseCommand({ Name: "sHop" }));
    expect(Database).toMatchObject({ Name: "shop", Parameters: { a: "1" }, CatalogId: "000000000000" });
    expect(Database?.CreateTime).toEqual(new Date(lake.clock.now()));
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: "shop", Name: "ITEMS" }));
    expect(Table).toMatchObject({ Name: "items", DatabaseName: "shop", VersionId: "0" });
  });

  it("replaces a table's definition as a whole", async () => {
    const TableInput = { Name: "items", Description: "first", Parameters: { a: "1" } };
    await glue.send(new CreateTableCommand({ DatabaseName: "shop", TableInput }));
    await glue.send(new UpdateTableCommand({ DatabaseName: "shop", TableInput: { Name: "items", Owner: "me" } }));

    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: "shop", Name: "items" }));
    expect(Table).toMatchObject({ Owner: "me", VersionId: "1" });
    expect(Table).not.toHaveProperty("Description");
  });

  it("lists in pages, tables by a pattern over the whole name", async () => {
    for (const Name of ["items", "items_old", "users"]) {
      await glue.send(new CreateTableCommand({ DatabaseName: "shop", TableInput: { Name } }));
    }
    const named = async (Expression?: string) => {
      const { TableList = [] } = await glue.send(new GetTablesCommand({ DatabaseName: "shop", Expression }));
      return TableList.map(({ Name }) => Name);
    };
    expect(await named()).toEqual(["items", "items_old", "users"]);
    expect(await named("items")).toEqual(["items"]);
    expect(await named("items.*")).toEqual(["items", "items_old"]);
    expect(await named("*")).toEqual(["items", "items_old", "users"]);
    await expect(named("(")).rejects.toMatchObject({ name: "InvalidInputException" });
    const first = await glue.send(new GetTablesCommand({ DatabaseName: "shop", MaxResults: 2 }));
    const NextToken = first.NextToken;
    const second = await glue.send(new GetTablesCommand({ DatabaseName: "shop", MaxResults: 2, NextToken }));
    expect([first.TableList?.length, second.TableList?.length, second.NextToken]).toEqual([2, 1, undefined]);
    expect((await glue.send(new GetDatabasesCommand({}))).DatabaseList).toHaveLength(1);
  });

  it("forgets a database with its tables", async () => {
    await glue.send(new CreateTableCommand({ DatabaseName: "shop", TableInput: { Name: "items" } }));
    await glue.send(new DeleteDatabaseCommand({ Name: "shop" }));
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "shop" } }));

    expect((await glue.send(new GetTablesCommand({ DatabaseName: "shop" }))).TableList).toEqual([]);
  });

  it.each([
    { why: "a database", send: () => glue.send(new GetDatabaseCommand({ Name: "X" })), error: "Database x not found." },
    {
      why: "a table's database",
      send: () => glue.send(new CreateTableCommand({ DatabaseName: "x", TableInput: { Name: "t" } })),
      error: "Database x not found.",
    },
    {
      why: "a table",
      send: () => glue.send(new DeleteTableCommand({ DatabaseName: "shop", Name: "T" })),
      error: "Table t not found.",
    },
  ])("names what is not there: $why", async ({ send, error }) => {
    await expect(send()).rejects.toMatchObject(notFound(error));
  });

  it("refuses what is there already", async () => {
    await expect(glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "SHOP" } }))).rejects.toMatchObject({
      name: "AlreadyExistsException",
    });
  });
});

describe("rulesets", () => {
  const ruleset = { Name: "checks", Ruleset: "Rules = [ RowCount > 1 ]", Description: "first", Tags: { team: "shop" } };

  beforeEach(async () => {
    await glue.send(new CreateDataQualityRulesetCommand(ruleset));
  });

  it("keep what an update does not name", async () => {
    const Ruleset = "Rules = [ RowCount > 1, ColumnCount = 2 ]";
    await glue.send(new UpdateDataQualityRulesetCommand({ Name: "checks", Ruleset }));

    expect(await glue.send(new GetDataQualityRulesetCommand({ Name: "checks" }))).toMatchObject({
      ...{ Ruleset, Description: "first" },
    });
    const { Rulesets = [] } = await glue.send(new ListDataQualityRulesetsCommand({ Tags: { team: "shop" } }));
    expect(Rulesets).toMatchObject([{ Name: "checks", RuleCount: 2 }]);
    expect((await glue.send(new ListDataQualityRulesetsCommand({ Tags: { team: "x" } }))).Rulesets).toEqual([]);
  });

  it("are refused with line and column when they are no DQDL", async () => {
    const refused = { name: "InvalidInputException", message: expect.stringMatching(/line 2, column 3/) as unknown };
    const Ruleset = "Rules = [\n  Rowcount > 1 ]";

    await expect(glue.send(new CreateDataQualityRulesetCommand({ Name: "other", Ruleset }))).rejects.toMatchObject(
      refused,
    );
    await expect(glue.send(new UpdateDataQualityRulesetCommand({ Name: "checks", Ruleset }))).rejects.toMatchObject(
      refused,
    );
  });

  it("go when they are deleted, and are refused twice", async () => {
    await expect(glue.send(new CreateDataQualityRulesetCommand(ruleset))).rejects.toMatchObject({
      name: "AlreadyExistsException",
    });
    await glue.send(new DeleteDataQualityRulesetCommand({ Name: "checks" }));
    await expect(glue.send(new GetDataQualityRulesetCommand({ Name: "checks" }))).rejects.toMatchObject(
      notFound("Data quality ruleset checks not found."),
    );
    await expect(glue.send(new GetDataQualityResultCommand({ ResultId: "dqresult-x" }))).rejects.toMatchObject({
      name: "EntityNotFoundException",
    });
  });
});

describe("jobs", () => {
  beforeEach(async () => {
    const job = { Name: "prepare", Role: roleArn, Command, MaxRetries: 2, Timeout: 7, Tags: { team: "shop" } };
    await glue.send(new CreateJobCommand(job));
  });

  it("go back to defaults in what an update does not name", async () => {
    await glue.send(new UpdateJobCommand({ JobName: "prepare", JobUpdate: { Role: roleArn, Command, Timeout: 9 } }));

    expect((await glue.send(new GetJobCommand({ JobName: "prepare" }))).Job).toMatchObject({
      ...{ Name: "prepare", MaxRetries: 0, Timeout: 9, ExecutionProperty: { MaxConcurrentRuns: 1 } },
    });
    expect((await glue.send(new ListJobsCommand({ Tags: { team: "shop" } }))).JobNames).toEqual(["prepare"]);
    expect((await glue.send(new GetJobsCommand({}))).Jobs).toHaveLength(1);
  });

  it("are deleted as often as one likes", async () => {
    await glue.send(new DeleteJobCommand({ JobName: "prepare" }));
    await glue.send(new DeleteJobCommand({ JobName: "prepare" }));

    await expect(glue.send(new GetJobCommand({ JobName: "prepare" }))).rejects.toMatchObject(
      notFound("Job with name: prepare not found."),
    );
  });

  it("need a script in S3", async () => {
    const job = { Name: "other", Role: roleArn, Command: { Name: "pythonshell", ScriptLocation: "job.py" } };
    await expect(glue.send(new CreateJobCommand(job))).rejects.toMatchObject({ name: "InvalidInputException" });
    await expect(glue.send(new GetJobRunCommand({ JobName: "prepare", RunId: "jr_x" }))).rejects.toMatchObject({
      name: "EntityNotFoundException",
    });
  });
});
