/** What may be proposed besides items, and what users did with it: imported beside the other datasets, not trained on. */
import { ListDatasetsCommand } from "@aws-sdk/client-personalize";
import { afterEach, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { createFaultPort } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
afterEach(() => stack.close());

const schema = (name: string, ...fields: readonly (readonly [string, string | string[]])[]) => ({
  schema: { type: "record", name, fields: fields.map(([column, type]) => ({ name: column, type })) },
});
const datasets = {
  ...communitiesConfig().datasetGroups[0]?.datasets,
  actions: schema("Actions", ["ACTION_ID", "string"], ["VALUE", ["null", "long"]]),
  "action-interactions": schema(
    "ActionInteractions",
    ...([
      ["USER_ID", "string"],
      ["ACTION_ID", "string"],
      ["EVENT_TYPE", "string"],
      ["TIMESTAMP", "long"],
    ] as const),
  ),
};

describe("actions and action interactions", () => {
  it("are checked, measured and imported beside the other datasets", async () => {
    const port = createFaultPort();
    stack = await startStack({ config: communitiesConfig({ group: { datasets } }), fault: port.fault });
    const rows = Array.from({ length: 1200 }, (_, i) => `u${i % 100},offer-${i % 3},VIEWED,${1_760_000_000 + i}`);

    await stack.drop({
      "club/interactions/a.csv": interactionsCsv({ users: 100 }),
      "club/items/a.csv": itemsCsv(),
      "club/actions/a.csv": "ACTION_ID,VALUE\noffer-0,5\noffer-1,\noffer-2,7\n",
      "club/action-interactions/a.csv": ["USER_ID,ACTION_ID,EVENT_TYPE,TIMESTAMP", ...rows, ""].join("\n"),
    });
    await stack.rest();

    const [record] = await stack.records("club");
    expect(record).toMatchObject({ outcome: "PROMOTE", failure: null });
    expect(record?.inputs.map(({ dataset, rows: count }) => [dataset, count])).toEqual([
      ["interactions", 1200],
      ["items", 60],
      ["actions", 3],
      ["action-interactions", 1200],
    ]);
    const { datasets: made = [] } = await stack.personalize.send(new ListDatasetsCommand({}));
    expect(made.map(({ datasetType }) => datasetType).sort()).toEqual([
      ...["ACTIONS", "ACTION_INTERACTIONS", "INTERACTIONS", "ITEMS"],
    ]);
    expect(port.inputs("CreateDatasetImportJob")).toHaveLength(4);
  });
});
