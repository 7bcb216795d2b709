/** Which permissions a call of Glue needs, on which resources. */
import { describe, expect, it } from "@jest/globals";
import { accessOf } from "../../../local/glue/access.ts";

const place = { region: "us-east-1", account: "000000000000" };
const asked = (operation: string, input: object) =>
  accessOf(place, operation, input).map(({ action, resource }) => {
    const path = resource.replace("arn:aws:glue:us-east-1:000000000000:", "");
    return `${action} ${path}`;
  });

describe("a call of Glue", () => {
  it.each([
    {
      why: "a table lies in a database, which lies in the catalogue",
      operation: "GetTable",
      input: { DatabaseName: "Shop", Name: "Items" },
      needs: ["catalog", "database/shop", "table/shop/items"],
    },
    {
      why: "a new table is known by its name",
      operation: "CreateTable",
      input: { DatabaseName: "shop", TableInput: { Name: "items" } },
      needs: ["catalog", "database/shop", "table/shop/items"],
    },
    {
      why: "of all tables",
      operation: "GetTables",
      input: { DatabaseName: "shop" },
      needs: ["catalog", "database/shop", "table/shop/*"],
    },
    {
      why: "a database goes with its tables",
      operation: "DeleteDatabase",
      input: { Name: "shop" },
      needs: ["catalog", "database/shop", "table/shop/*"],
    },
    {
      why: "a new database",
      operation: "CreateDatabase",
      input: { DatabaseInput: { Name: "Shop" } },
      needs: ["catalog", "database/shop"],
    },
    { why: "all databases", operation: "GetDatabases", input: {}, needs: ["catalog", "database/*"] },
    { why: "a ruleset", operation: "GetDataQualityRuleset", input: { Name: "r" }, needs: ["dataQualityRuleset/r"] },
    {
      why: "runs have no resource of their own",
      operation: "GetDataQualityRulesetEvaluationRun",
      input: { RunId: "x" },
      needs: ["dataQualityRuleset/*"],
    },
    { why: "nor have lists", operation: "ListDataQualityRulesets", input: {}, needs: ["dataQualityRuleset/*"] },
    { why: "a job by its name", operation: "GetJob", input: { JobName: "j" }, needs: ["job/j"] },
    {
      why: "its runs, too",
      operation: "BatchStopJobRun",
      input: { JobName: "j", JobRunIds: ["jr"] },
      needs: ["job/j"],
    },
    { why: "all jobs", operation: "GetJobs", input: {}, needs: ["*"] },
  ])("$operation: $why", ({ operation, input, needs }) => {
    expect(asked(operation, input)).toEqual(needs.map((path) => `glue:${operation} ${path}`));
  });

  it.each([
    {
      operation: "StartDataQualityRulesetEvaluationRun",
      input: { RulesetNames: ["a", "b"], Role: "readers/r" },
      needs: [
        "glue:StartDataQualityRulesetEvaluationRun dataQualityRuleset/a",
        "glue:StartDataQualityRulesetEvaluationRun dataQualityRuleset/b",
      ],
      why: "each ruleset",
    },
    {
      operation: "CreateJob",
      input: { Name: "j", Role: "readers/r", Command: {} },
      needs: ["glue:CreateJob job/j"],
      why: "the job that will be",
    },
    {
      operation: "UpdateJob",
      input: { JobName: "j", JobUpdate: { Role: "arn:aws:iam::000000000000:role/readers/r" } },
      needs: ["glue:UpdateJob job/j"],
      why: "the job",
    },
  ])("$operation passes a role as well as $why", ({ operation, input, needs }) => {
    expect(asked(operation, input)).toEqual([...needs, "iam:PassRole arn:aws:iam::000000000000:role/readers/r"]);
    expect(accessOf(place, operation, input).at(-1)?.conditions).toEqual({
      "iam:PassedToService": "glue.amazonaws.com",
    });
  });

  it("of several results asks for the permission that AWS asks for", () => {
    expect(asked("BatchGetDataQualityResult", { ResultIds: ["x"] })).toEqual([
      "glue:GetDataQualityResult dataQualityRuleset/*",
    ]);
  });
});
