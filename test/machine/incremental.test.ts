/** INCREMENTAL: the first import is whole, then only new files are added; too few rows wait for more. */
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { createFaultPort, type FaultPort } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let port: FaultPort;
beforeEach(async () => {
  port = createFaultPort();
  const [group] = communitiesConfig().datasetGroups;
  const { interactions, items } = group!.datasets;
  const datasets = { interactions: { ...interactions, importMode: "INCREMENTAL" }, items };
  stack = await startStack({ config: communitiesConfig({ group: { datasets } }), fault: port.fault });
});
afterEach(() => stack.close());

const drop = async (files: Record<string, string>) => {
  await stack.drop(files);
  await stack.rest();
  return (await stack.records("club")).at(-1);
};
const first = { "club/interactions/a.csv": interactionsCsv({ users: 100 }), "club/items/a.csv": itemsCsv() };
const imports = () =>
  port
    .inputs("CreateDatasetImportJob")
    .map(({ importMode, datasetArn }) => [importMode, String(datasetArn).split("/").at(-1)]);

describe("an INCREMENTAL dataset", () => {
  it("is imported whole at first, and then only what is new, from a folder of its own", async () => {
    await drop(first);

    const record = await drop({
      "club/interactions/b.csv": interactionsCsv({ users: 100, seed: 2, from: 1_761_000_000 }),
    });

    expect(record?.failure).toBeNull();
    expect(imports().sort()).toEqual([
      ["FULL", "INTERACTIONS"],
      ["FULL", "ITEMS"],
      ["INCREMENTAL", "INTERACTIONS"],
    ]);
    const { dataLocation } = port.inputs("CreateDatasetImportJob").at(-1)?.["dataSource"] as { dataLocation: string };
    const Prefix = dataLocation.slice(`s3://${stack.bucket}/`.length);
    const { Contents = [] } = await stack.s3.send(new ListObjectsV2Command({ Bucket: stack.bucket, Prefix }));
    expect(Contents.map(({ Key }) => Key?.slice(Prefix.length))).toEqual(["0-b.csv"]);
    const { Body } = await stack.s3.send(new GetObjectCommand({ Bucket: stack.bucket, Key: Contents[0]?.Key ?? "" }));
    expect(await Body?.transformToString()).toContain("u0,");
    expect(record?.contests[0]?.decision?.candidate.importJobArns).toHaveLength(3); // both of interactions, one of items
  });

  it("lets fewer than 1,000 new interactions wait, and imports them when enough have come", async () => {
    await drop(first);

    const waiting = await drop({ "club/interactions/b.csv": interactionsCsv({ users: 50, seed: 2 }) });
    expect(waiting?.outcome).toBe("UNCHANGED");
    expect(waiting?.warnings).toContain(
      "interactions: 600 new rows in 1 files wait for more: an INCREMENTAL import needs 1000",
    );

    const enough = await drop({ "club/interactions/c.csv": interactionsCsv({ users: 40, seed: 3 }) });
    expect(enough?.failure).toBeNull();
    expect(imports().filter(([mode]) => mode === "INCREMENTAL")).toHaveLength(1);
  });

  it("forgets nothing when files that were imported are cleared away", async () => {
    await drop(first);
    const before = imports().length;

    const record = await drop({ "club/interactions/a.csv": interactionsCsv({ users: 90, seed: 5 }) });

    expect(record?.failure).toBeNull(); // ten percent fewer rows in the folder, and nothing was erased
    expect(imports().slice(before)).toEqual([["INCREMENTAL", "INTERACTIONS"]]);
  });
});
