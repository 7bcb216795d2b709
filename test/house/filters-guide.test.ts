/** docs/guides/filters.md is true: its tables are loaded, each of its filters is made, and lets through what stands below it, or is refused as it says. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isAllowed } from "../../local/personalize/filters/bitmaps.ts";
import type { Target } from "../../local/personalize/filters/filter-expression.ts";
import type { Interaction, Metadata } from "../../local/personalize/job-runner.ts";
import { createFiltering, type Filtering } from "../../local/personalize/serving/filtering.ts";
import { fakeJobRunner } from "../support/fake-job-runner.ts";
import { arn, groupArn, interactionsSchema, personalizeForTest, type TestPersonalize } from "../support/personalize.ts";
import { root } from "../support/sources.ts";

const page = readFileSync(join(root, "docs", "guides", "filters.md"), "utf8");

/** The rows of the table whose header begins with this column, cells as they read. */
function rowsOf(firstColumn: string): Readonly<Record<string, string>>[] {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => new RegExp(`^\\| ${firstColumn} +\\|`).test(line));
  const end = lines.findIndex((line, at) => at > start && !line.startsWith("|"));
  const cells = (line: string) => [...line.matchAll(/\|((?:\\\||[^|])*)(?=\|)/g)].map(([, cell = ""]) => cell);
  const [header = [], , ...rows] = lines.slice(start, end).map((line) => cells(line).map((cell) => cell.trim()));
  return rows.map((row) =>
    Object.fromEntries(header.map((name, at) => [name, (row[at] ?? "").replaceAll("\\|", "|")])),
  );
}

const valueOf = (text: string) => (text === "" ? null : /^\d+$/.test(text) ? Number(text) : text);

function metadataOf(firstColumn: string): Record<string, Metadata> {
  return Object.fromEntries(
    rowsOf(firstColumn).map(({ [firstColumn]: id = "", ...columns }) => [
      id,
      Object.fromEntries(Object.entries(columns).map(([name, text]) => [name, valueOf(text)])),
    ]),
  );
}

const ids: Readonly<Record<Target, readonly string[]>> = {
  ItemID: Object.keys(metadataOf("ITEM_ID")),
  UserID: Object.keys(metadataOf("USER_ID")),
  ActionID: Object.keys(metadataOf("ACTION_ID")),
};

/** What users did with these, oldest first. */
const doneWith =
  (those: readonly string[]) =>
  (userId: string): Interaction[] =>
    rowsOf("who").flatMap(({ who, what: itemId = "", EVENT_TYPE: eventType = "" }, timestamp) =>
      who === userId && those.includes(itemId) ? [{ itemId, timestamp, eventType }] : [],
    );

function schemaOf(name: string, id: string, columns: Readonly<Record<string, object>>): string {
  const fields = [
    { name: id, type: "string" },
    ...Object.entries(columns).map(([column, type]) => ({ name: column, ...type })),
  ];
  return JSON.stringify({
    type: "record",
    name,
    namespace: "com.amazonaws.personalize.schema",
    fields,
    version: "1.0",
  });
}

const category = { type: ["null", "string"], categorical: true };
const whole = { type: ["null", "int"] };
const long = { type: ["null", "long"] };
const schemas: Readonly<Record<string, string>> = {
  Interactions: interactionsSchema,
  Items: schemaOf("Items", "ITEM_ID", {
    ...{ CATEGORY: category, PRICE: whole, YEAR: whole, IN_STOCK: category },
    DESCRIPTION: { type: ["null", "string"], textual: true },
  }),
  Users: schemaOf("Users", "USER_ID", { AGE: whole, TIER: category }),
  Actions: schemaOf("Actions", "ACTION_ID", { KIND: category, VALUE: long }),
};

interface Example {
  readonly expression: string;
  readonly outcomes: readonly string[];
}

const examples: Example[] = [...page.matchAll(/```text\n([\s\S]*?)```/g)].map(([, block = ""]) => {
  const lines = block.trimEnd().split("\n");
  return {
    expression: lines.filter((line) => !line.startsWith("-> ")).join("\n"),
    outcomes: lines.filter((line) => line.startsWith("-> ")).map((line) => line.slice(3)),
  };
});

const refusals = examples.filter(({ outcomes }) => outcomes[0]?.startsWith("refused: "));
const filters = examples.filter((example) => !refusals.includes(example));

let personalize: TestPersonalize;
let filtering: Filtering;
beforeAll(async () => {
  personalize = personalizeForTest();
  await personalize.settle("CreateDatasetGroup", { name: "shop" });
  for (const [datasetType, schema] of Object.entries(schemas)) {
    await personalize.call("CreateSchema", { name: datasetType, schema });
    const schemaArn = arn(`schema/${datasetType}`);
    await personalize.settle("CreateDataset", { name: datasetType, datasetType, schemaArn, datasetGroupArn: groupArn });
  }
  const jobs = fakeJobRunner();
  Object.assign(jobs.items, metadataOf("ITEM_ID"));
  Object.assign(jobs.users, metadataOf("USER_ID"));
  Object.assign(jobs.actions, metadataOf("ACTION_ID"));
  const [withItems, withActions] = [doneWith(ids.ItemID), doneWith(ids.ActionID)];
  filtering = createFiltering({
    ...jobs,
    interactionsOf: (_group, userId) => withItems(userId),
    actionInteractionsOf: (_group, userId) => withActions(userId),
  });
});

const create = (filterExpression: string, name = "f") =>
  personalize.settle("CreateFilter", { name, datasetGroupArn: groupArn, filterExpression });

/** `ann at kettle {"MOST": "20"}: mug novel` */
function asked(outcome: string) {
  const [, who = "", itemId, values = "{}", expected = ""] =
    /^([a-z ]+?)(?: at (\w+))?(?: (\{.*?\}))?: (.*)$/.exec(outcome) ?? [];
  return { userId: who, itemId, values: JSON.parse(values) as Record<string, string>, expected };
}

function letThrough(
  expression: string,
  { userId, itemId, values }: Omit<ReturnType<typeof asked>, "expected">,
): string {
  const target = (/(ItemID|UserID|ActionID)/.exec(expression)?.[0] ?? "ItemID") as Target;
  const list = ids[target];
  const filter = filtering.compiled(expression, values, target);
  const position = (id: string) => (list.includes(id) ? list.indexOf(id) : undefined);
  const bitmap = filtering.allowed(filter, { ids: list, position }, { datasetGroupArn: groupArn, userId, itemId });
  return list.filter((_, at) => isAllowed(bitmap, at)).join(" ") || "none";
}

describe("the guide to filters", () => {
  it("has examples of both kinds, each with an outcome", () => {
    expect(filters.length).toBeGreaterThan(20);
    expect(refusals.length).toBeGreaterThan(5);
    expect(examples.filter(({ outcomes }) => outcomes.length === 0)).toEqual([]);
  });

  it.each(filters)("$expression lets through what it says", async ({ expression, outcomes }) => {
    const { filterArn } = await create(expression);
    await personalize.settle("DeleteFilter", { filterArn });

    for (const outcome of outcomes) {
      const { expected, ...about } = asked(outcome);
      if (expected.startsWith("refused: ")) {
        expect(() => letThrough(expression, about)).toThrow(expected.slice("refused: ".length));
      } else {
        expect(`${outcome.slice(0, -expected.length)}${letThrough(expression, about)}`).toBe(outcome);
      }
    }
  });

  it.each(refusals)("$expression is refused as it says", async ({ expression, outcomes: [outcome = ""] }) => {
    await expect(create(expression)).rejects.toMatchObject({
      name: "InvalidInputException",
      message: expect.stringContaining(outcome.slice("refused: ".length)),
    });
  });
});
