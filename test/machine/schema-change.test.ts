/** A schema that changed in the configuration: the dataset moves where the service can, and else the run stops with a diff. */
import { DescribeDatasetCommand, DescribeSchemaCommand } from "@aws-sdk/client-personalize";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { createFaultPort, type FaultPort } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

const datasetArn = "arn:aws:personalize:us-east-1:000000000000:dataset/outrank-club/ITEMS";
let stack: Stack;
let port: FaultPort;
beforeEach(async () => {
  port = createFaultPort();
  stack = await startStack({ config: communitiesConfig(), fault: port.fault });
  await stack.drop({ "club/interactions/a.csv": interactionsCsv({ users: 100 }), "club/items/a.csv": itemsCsv() });
  await stack.rest();
});
afterEach(() => stack.close());

/** Deploys with other columns of items, and drops a file that has them. */
async function change(columns: readonly object[], header: string, more: string) {
  const [group] = communitiesConfig().datasetGroups;
  const { interactions, items } = group!.datasets;
  const schema = { ...items!.schema, fields: columns };
  const datasets = { interactions, items: { schema } };
  await stack.redeploy({ config: communitiesConfig({ group: { datasets } }) });
  const [, ...rows] = itemsCsv().trim().split("\n");
  await stack.drop({ "club/items/a.csv": [header, ...rows.map((row) => `${row}${more}`), ""].join("\n") });
  await stack.rest();
  return (await stack.records("club")).at(-1);
}

const text = (name: string, extra: object = {}) => ({ name, type: "string", ...extra });
const old = [text("ITEM_ID"), text("TITLE"), text("CATEGORY", { categorical: true })];

describe("a changed schema", () => {
  it("with a further column that may be empty is made, and the dataset moves to it", async () => {
    const colour = { name: "COLOUR", type: ["null", "string"], categorical: true };

    const record = await change([...old, colour], "ITEM_ID,TITLE,CATEGORY,COLOUR", ",red");

    expect(record?.failure).toBeNull();
    expect(record?.warnings.join()).toMatch(/dataset outrank-club-items moves to schema .*, which has COLOUR/);
    const { dataset } = await stack.personalize.send(new DescribeDatasetCommand({ datasetArn }));
    const { schema } = await stack.personalize.send(new DescribeSchemaCommand({ schemaArn: dataset?.schemaArn }));
    expect(schema?.schema).toContain("COLOUR");
    expect(port.inputs("UpdateDataset")).toHaveLength(1);
  });

  it.each([
    {
      why: "removed a column",
      columns: old.slice(0, 2),
      header: "ITEM_ID,TITLE",
      line: "- CATEGORY: string, categorical",
    },
    {
      why: "changed a type",
      columns: [old[0]!, old[1]!, { name: "CATEGORY", type: "int", categorical: true }],
      ...{ header: "ITEM_ID,TITLE,CATEGORY", line: "~ CATEGORY: string, categorical -> int, categorical" },
    },
    {
      why: "added a column that must be filled",
      columns: [...old, text("COLOUR")],
      ...{ header: "ITEM_ID,TITLE,CATEGORY,COLOUR", line: "+ COLOUR: string" },
    },
  ])(
    "that $why stops the run with a diff, before anything is imported (failure row 17)",
    async ({ columns, header, line }) => {
      const before = port.inputs("CreateDatasetImportJob").length;
      const [group] = communitiesConfig().datasetGroups;
      const { interactions, items } = group!.datasets;
      const datasets = { interactions, items: { schema: { ...items!.schema, fields: columns } } };
      await stack.redeploy({ config: communitiesConfig({ group: { datasets, dataQuality: { enabled: false } } }) });
      const rows = Array.from({ length: 60 }, (_, i) =>
        columns.map((_column, at) => (at === 0 ? `i${i}` : "7")).join(),
      );

      await stack.drop({ "club/items/a.csv": [header, ...rows, ""].join("\n") });
      await stack.rest();

      const record = (await stack.records("club")).at(-1);
      expect(record?.failure?.error).toBe("ResourceRefused");
      expect(record?.failure?.reason.split("\n")).toContain(line);
      expect(port.inputs("CreateDatasetImportJob")).toHaveLength(before);
    },
  );
});
