import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { join } from "node:path";
import { openTable } from "../../../../local/personalize/data/stored-table.ts";
import type { StoredTable } from "../../../../local/personalize/data/stored-table.ts";
import { indexEvents } from "../../../../local/personalize/data/streamed-rows.ts";
import { buildTrainingData } from "../../../../local/personalize/data/training-data.ts";
import type { LoadedData, TrainingSource } from "../../../../local/personalize/data/training-data.ts";
import type { Metadata, StreamedEvent } from "../../../../local/personalize/job-runner.ts";
import type { Column } from "../../../../local/recipes/recipe.ts";
import {
  avro,
  csv,
  importTexts,
  itemSchema,
  manyRows,
  temporaryFolder,
  typedInteractions,
} from "../../../support/personalize-data.ts";

const header = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE,DEVICE";
const start = 1_700_000_000;

let folder = temporaryFolder();
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

async function table(name: string, schema: string, text: string, datasetType: "INTERACTIONS" | "ITEMS" | "USERS") {
  const path = join(folder.path, name);
  await importTexts(path, { schema, datasetType }, { "x.csv": text });
  return openTable(path) as StoredTable;
}

type Row = readonly (string | number)[];

/** 100 users x 12 views of value 1 on a phone, then `more` rows. */
async function build(more: readonly Row[] = [], source: Partial<TrainingSource> = {}): Promise<LoadedData> {
  const rows: Row[] = [...manyRows({ start }).map((row) => [...row, "view", "1", "phone"]), ...more];
  const interactions = await table("interactions", typedInteractions, csv(header, rows), "INTERACTIONS");
  return buildTrainingData({ interactions, events: indexEvents([]), filter: {}, excludedColumns: {}, ...source });
}

/** A user's rows as texts: item, seconds since the start, type. */
function rowsOf(data: LoadedData, userId: string): [string, number, string][] {
  const u = data.users.indexOf(userId);
  const rows: [string, number, string][] = [];
  for (let k = data.offsets[u] as number; k < (data.offsets[u + 1] as number); k++) {
    const item = data.items[data.item[k] as number] as string;
    rows.push([item, (data.timestamp[k] as number) - start, data.eventTypes[data.eventType[k] as number] as string]);
  }
  return rows;
}

function column(columns: readonly Column[], name: string): Column {
  const found = columns.find((each) => each.name === name);
  if (!found) throw new Error(`no column ${name} among ${columns.map((each) => each.name).join()}`);
  return found;
}

function lists(categorical: Column): string[][] {
  if (categorical.kind !== "categorical") throw new Error(`${categorical.name} is ${categorical.kind}`);
  const { offsets, codes, categories } = categorical;
  return Array.from({ length: offsets.length - 1 }, (_, row) =>
    [...codes.subarray(offsets[row], offsets[row + 1])].map((code) => categories[code] as string),
  );
}

const event = (eventId: string, more: Partial<StreamedEvent>): StreamedEvent => ({
  eventId,
  sessionId: "s",
  eventType: "view",
  timestamp: start,
  properties: {},
  ...more,
});

describe("training data", () => {
  it("have each user's rows oldest first, with types, values and context beside them", async () => {
    const data = await build([
      ["late", "x", start + 5, "buy", "2.5", "tv"],
      ["late", "y", start + 1, "view", "", ""],
    ]);

    expect(rowsOf(data, "late")).toEqual([
      ["y", 1, "view"],
      ["x", 5, "buy"],
    ]);
    const at = data.offsets[data.users.indexOf("late")] as number;
    expect([...data.eventValue.subarray(at, at + 2)]).toEqual([NaN, 2.5]);
    expect(lists(column(data.contextColumns, "DEVICE")).slice(at, at + 2)).toEqual([[], ["tv"]]);
    expect(data.offsets.at(-1)).toBe(1202);
  });

  it("hold only the solution's event type and values", async () => {
    const bought = manyRows({ start }).map((row) => [...row, "buy", row[2] % 2, ""]);
    const data = await build(bought, { filter: { eventType: "buy" } });

    expect(data.eventTypes).toEqual(["buy"]);
    expect(data.item).toHaveLength(1200);
    const fewer = { filter: { eventType: "buy", eventValueThreshold: 1 } };
    await expect(build(bought, fewer)).rejects.toThrow(
      "Dataset has fewer than 1000 interactions after filtering by event type: buy",
    );
    const half = await build(bought, { filter: { eventValueThreshold: 1 } });
    expect(half.item).toHaveLength(1800); // all views, every other purchase
  });

  it("forget users whose rows were all filtered out, but no items", async () => {
    const data = await build([["buyer", "only-bought", start, "buy", "", ""]], { filter: { eventType: "view" } });

    expect(data.users).not.toContain("buyer");
    expect(data.items).toContain("only-bought");
  });

  it("take in streamed events: new users and items, joined sessions, no repeats of bulk rows", async () => {
    const events = indexEvents([
      event("1", { userId: "u0", itemId: "new", timestamp: start + 3.7, eventValue: 4 }),
      event("2", { sessionId: "f", itemId: "i9" }),
      event("3", {
        userId: "fresh",
        sessionId: "f",
        itemId: "i1",
        timestamp: start + 9,
        eventType: "buy",
        properties: { DEVICE: "tv" },
      }),
      event("4", { userId: "u0", timestamp: start + 4 }), // no item: trains nothing
      event("5", {
        userId: "u1",
        sessionId: "t",
        itemId: "i1",
        timestamp: start + 1000,
        eventValue: 1,
        properties: { DEVICE: "phone" },
      }),
      event("6", { sessionId: "never signed in", itemId: "i3" }),
    ]);
    const data = await build([], { events });

    expect(rowsOf(data, "u0").slice(2, 6)).toEqual([
      ["i2", 2, "view"],
      ["i3", 3, "view"],
      ["new", 3, "view"],
      ["i4", 4, "view"],
    ]);
    expect(rowsOf(data, "fresh")).toEqual([
      ["i9", 0, "view"],
      ["i1", 9, "buy"],
    ]);
    expect(rowsOf(data, "u1")).toHaveLength(12);
    expect(data.users).not.toContain("never signed in");
  });

  it("know every item of Interactions and Items together, with metadata aligned", async () => {
    const text = csv("ITEM_ID,TITLE,GENRES,PRICE,CREATION_TIMESTAMP", [
      ["i1", "Toy Story", "Comedy|Children|Comedy", "9.5", start - 100],
      ["unseen", "Heat", "Crime", "", ""],
      ["i2", "", "", "3", ""],
    ]);
    const stored = await table("items", itemSchema, text, "ITEMS");
    const streamed = new Map<string, Metadata>([["sent", { GENRES: "Crime|Comedy", PRICE: 7 }], ["i2", { PRICE: 4 }]]); // prettier-ignore
    const data = await build([], { items: { schema: itemSchema, table: stored, streamed } });
    const of = (id: string) => data.items.indexOf(id);

    expect(data.items).toHaveLength(42);
    const prices = column(data.itemColumns, "PRICE");
    expect(prices.kind === "number" && ["i1", "unseen", "i2", "sent", "i3"].map((id) => prices.values[of(id)])).toEqual(
      [9.5, NaN, 4, 7, NaN],
    );
    const genres = lists(column(data.itemColumns, "GENRES"));
    expect(["i1", "unseen", "i2", "sent"].map((id) => genres[of(id)])).toEqual([
      ["Comedy", "Children"],
      ["Crime"],
      [],
      ["Crime", "Comedy"],
    ]);
    expect(data.itemColumns.map(({ name }) => name)).toEqual(["GENRES", "PRICE"]); // a plain string is never trained on
    expect(data.itemCreated[of("i1")]).toBe(start - 100);
    expect(data.itemCreated[of("i2")]).toBe(start + 2); // its first interaction, u0's
    expect(data.itemCreated[of("unseen")]).toBe(start + 99_011); // nobody's: the newest of all
  });

  it("leave excluded columns out", async () => {
    const text = csv("USER_ID,AGE,CITY", [["u3", 33, "Bern"]]); // prettier-ignore
    const schema = avro("Users", ["USER_ID", "string"], ["AGE", "int"], ["CITY", "string", { categorical: true }]);
    const stored = await table("users", schema, text, "USERS");
    const users = { schema, table: stored, streamed: new Map() };
    const data = await build([], { users, excludedColumns: { USERS: ["CITY"], INTERACTIONS: ["DEVICE"] } });

    expect(data.userColumns.map(({ name }) => name)).toEqual(["AGE"]);
    const ages = column(data.userColumns, "AGE");
    expect(ages.kind === "number" && ages.values[data.users.indexOf("u3")]).toBe(33);
    expect(data.contextColumns).toEqual([]);
  });

  it("are the same when built again", async () => {
    const [first, second] = [await build(), await build()];

    expect(second).toEqual(first);
  });
});

describe("data that cannot be trained on", () => {
  async function fromRows(rows: readonly (readonly [string, string, number])[], filter: TrainingSource["filter"] = {}) {
    const schema = avro("Interactions", ["USER_ID", "string"], ["ITEM_ID", "string"], ["TIMESTAMP", "long"]);
    const interactions = await table("few", schema, csv("USER_ID,ITEM_ID,TIMESTAMP", rows), "INTERACTIONS");
    return buildTrainingData({ interactions, events: indexEvents([]), filter, excludedColumns: {} });
  }
  const single = (count: number) => Array.from({ length: count }, (_, n) => [`once${n}`, "i", start] as const);

  it.each([
    { why: "24 users with two", rows: () => [...manyRows({ users: 24, perUser: 2 }), ...single(1000)], reason: "Create failed. Dataset has fewer than 25 users with at least 2 interactions each." },
    { why: "25 of 2600 users with two", rows: () => [...manyRows({ users: 25, perUser: 2 }), ...single(2575)], reason: "Create failed. Fewer than 1 percent of the users have at least 2 interactions each." },
    { why: "1000 rows of which one repeats", rows: () => [...manyRows({ users: 111, perUser: 9 }), ...manyRows({ users: 1, perUser: 1 })], reason: "Dataset has fewer than 1000 interactions." },
  ])("say why: $why", async ({ rows, reason }) => {
    await expect(fromRows(rows())).rejects.toThrow(reason);
  }); // prettier-ignore

  it("name the event type that left too little, also when the schema has none", async () => {
    await expect(fromRows(manyRows(), { eventType: "buy" })).rejects.toThrow(
      "Dataset has fewer than 1000 interactions after filtering by event type: buy",
    );
  });

  it("are just enough with 25 users, and 25 of 2500", async () => {
    const data = await fromRows([...manyRows({ users: 25, perUser: 2 }), ...single(2475)]);

    expect(data.users).toHaveLength(2500);
  });
});
