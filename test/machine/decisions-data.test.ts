/** Bad uploads end before anything is imported, trained or changed, with a message that helps whoever made them. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { createFaultPort, type FaultPort, notices } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

const file = "club/interactions/interactions.csv";
const good = interactionsCsv({ users: 100 });
const lines = good.trim().split("\n");
const mapped = (change: (fields: string[]) => string[]) =>
  lines.map((line) => change(line.split(",")).join(",")).join("\n");

let stack: Stack;
let port: FaultPort;
beforeAll(async () => {
  port = createFaultPort();
  stack = await startStack({ config: communitiesConfig(), fault: port.fault });
});
afterAll(() => stack.close());

/** The record of the run that dropping this starts. */
async function dropped(files: Record<string, string>) {
  await stack.drop(files);
  await stack.rest();
  return (await stack.records("club")).at(-1);
}

describe("a drop", () => {
  it.each([
    {
      csv: mapped((fields) => fields.toSpliced(1, 1)),
      says: [file, "column ITEM_ID", "schema outrank-club-interactions-", "missing"],
      why: "a missing column",
    },
    {
      csv: mapped(([user = "", item = "", time = "", event = ""]) => [user, item, time.replace("176", "Tue "), event]),
      says: [
        `${file}, line 2`,
        "column TIMESTAMP",
        "is not a long",
        "schema outrank-club-interactions-",
        "more like these",
      ],
      why: "a column of the wrong type",
    },
    {
      csv: mapped(([user = "", item = "", time = "", event = ""]) => [
        user,
        item,
        time.replace(/^(\d+)$/, "$1000"),
        event,
      ]),
      says: ["line 2", "milliseconds", "divide by 1000"],
      why: "times in milliseconds",
    },
    {
      csv: good
        .slice(0, Math.floor(good.length / 2))
        .replace(/,view$/, ",vi")
        .replace(/,[^,\n]*$/, ""),
      says: [file, "fields, the header has 4"],
      why: "half a file, cut off within a row",
    },
    {
      csv: lines.slice(0, 900).join("\n"),
      says: ["solution main", "899 interactions", "at least 1000"],
      why: "too few interactions",
    },
    {
      csv: interactionsCsv({ users: 20, rowsPerUser: 60 }),
      says: ["solution main", "20 users with two or more interactions", "at least 25"],
      why: "too few users",
    },
    { csv: "", says: [file, "empty"], why: "an empty file" },
  ])("with $why is refused and says so (failure row 20)", async ({ csv, says }) => {
    const record = await dropped({ [file]: csv });

    expect(record).toMatchObject({ outcome: "FAILED", contests: [], failure: { error: "DataRefused" } });
    for (const words of says) expect(record?.failure?.reason).toContain(words);
    expect((await stack.executions("club")).at(-1)).toMatchObject({
      ...{ status: "FAILED", error: "DataRefused", cause: record?.failure?.reason },
    });
    expect(notices(port).at(-1)?.Message).toContain(record?.failure?.reason.split("\n")[0]);
    expect(port.inputs("CreateDatasetImportJob", "CreateSolutionVersion", "CreateDatasetGroup")).toEqual([]);
  });

  it("of items alone is refused: there is nothing to learn from", async () => {
    const lonely = await startStack({ config: communitiesConfig() });
    await lonely.drop({ "club/items/items.csv": itemsCsv() });
    await lonely.rest();

    const [record] = await lonely.records("club");
    await lonely.close();

    expect(record).toMatchObject({ outcome: "FAILED", failure: { error: "DataRefused" } });
    expect(record?.failure?.reason).toContain("club/interactions/");
  });
});
