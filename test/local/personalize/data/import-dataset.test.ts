import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openEntities } from "../../../../local/personalize/data/entity-table.ts";
import { importDataset } from "../../../../local/personalize/data/import-dataset.ts";
import { openTable, readBytes, readDictionary } from "../../../../local/personalize/data/stored-table.ts";
import type { StoredTable } from "../../../../local/personalize/data/stored-table.ts";
import { openInteractions } from "../../../../local/personalize/data/user-histories.ts";
import {
  avro,
  interactionsWith,
  csv,
  importTexts,
  itemSchema,
  manyRows,
  plainInteractions,
  temporaryFolder,
  typedInteractions,
} from "../../../support/personalize-data.ts";

const header = "USER_ID,ITEM_ID,TIMESTAMP";
const many = csv(header, manyRows());

let folder = temporaryFolder();
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

function stored(): StoredTable {
  const table = openTable(folder.path);
  if (!table) throw new Error("nothing was stored");
  return table;
}

function history(user: string): (string | number)[][] {
  const interactions = openInteractions(stored());
  try {
    return interactions.of(user).map(({ itemId, timestamp }) => [itemId, timestamp]);
  } finally {
    interactions.close();
  }
}

describe("importing interactions", () => {
  it("groups rows by user and puts them in order of time, whatever order the file has", async () => {
    const rows = manyRows().reverse();

    const result = await importTexts(folder.path, { schema: plainInteractions }, { "a.csv": csv(header, rows) });

    expect(result).toEqual({ rows: 1200, rowsStored: 1200 });
    expect(history("u3").slice(0, 3)).toEqual([
      ["i3", 1_700_003_000],
      ["i4", 1_700_003_001],
      ["i5", 1_700_003_002],
    ]);
    expect(history("nobody")).toEqual([]);
  });

  it("stores the same bytes however large the pieces and the memory are", async () => {
    await importTexts(folder.path, { schema: plainInteractions }, { "a.csv": many });
    const name = stored().folder;
    const whole = readdirSync(name).map((file) => [file, readFileSync(join(name, file)).toString("base64")]);
    for (const [chunk, memoryBytes] of [
      [7, 1],
      [1000, 50],
      [64, 5000],
    ] as const) {
      const other = join(folder.path, `other-${memoryBytes}`);
      await importTexts(other, { schema: plainInteractions, memoryBytes }, { "a.csv": many }, chunk);
      const table = openTable(other)?.folder ?? "";
      expect(readdirSync(table).map((file) => [file, readFileSync(join(table, file)).toString("base64")])).toEqual(
        whole,
      );
    }
  });

  it("takes more rows than one batch, and tells how far it is", async () => {
    const rows = manyRows({ users: 700, perUser: 100, items: 1000 });
    const text = Buffer.from(csv(header, rows));
    const seen: number[] = [];
    const file = { key: "a.csv", sizeBytes: text.length };
    const task = { jobArn: "arn:job/large", schema: plainInteractions, files: [file], folder: folder.path } as const;
    async function* read() {
      yield text;
    }

    const result = await importDataset(
      { ...task, datasetType: "INTERACTIONS", mode: "FULL" },
      { read, progress: ({ rows: done, bytes, totalBytes }) => void seen.push(done, bytes / totalBytes) },
    );

    expect(result).toEqual({ rows: 70_000, rowsStored: 70_000 });
    expect(seen.slice(-2)).toEqual([70_000, 1]);
    expect(history("u699")).toEqual(rows.slice(-100).map(([, item, time]) => [item, time]));
  });

  it("counts exact repeats once, also between files", async () => {
    const result = await importTexts(folder.path, { schema: plainInteractions }, { "a.csv": many, "b.csv": many });

    expect(result).toEqual({ rows: 2400, rowsStored: 1200 });
  });

  it("keeps rows apart that differ in any column", async () => {
    const rows = manyRows().flatMap((row) => [
      [...row, "view", "1.5", "phone"],
      [...row, "view", "", "phone"],
      [...row, "buy", "1.5", ""],
      [...row, "view", "1.50", "phone"],
    ]);
    const text = csv(`${header},EVENT_TYPE,EVENT_VALUE,DEVICE`, rows);

    const result = await importTexts(folder.path, { schema: typedInteractions }, { "a.csv": text });

    expect(result).toEqual({ rows: 4800, rowsStored: 3600 });
    const interactions = openInteractions(stored());
    expect(interactions.of("u0").slice(0, 3)).toEqual([
      { itemId: "i0", timestamp: 1_700_000_000, eventType: "view", eventValue: 1.5 },
      { itemId: "i0", timestamp: 1_700_000_000, eventType: "view" },
      { itemId: "i0", timestamp: 1_700_000_000, eventType: "buy", eventValue: 1.5 },
    ]);
    interactions.close();
  });

  it("finds columns by their name in the header, takes a byte order mark, CRLF and further columns", async () => {
    const rows = manyRows().map(([user, item, time]) => `${time},x,"${item}",${user}`);
    const text = `\uFEFFTIMESTAMP,EXTRA,ITEM_ID,USER_ID\r\n${rows.join("\r\n")}`;

    await importTexts(folder.path, { schema: plainInteractions }, { "a.csv": text }, 5);

    expect(history("u0")[1]).toEqual(["i1", 1_700_000_001]);
  });

  it("replaces everything with FULL and adds with INCREMENTAL, repeats and known ids recognised", async () => {
    await importTexts(folder.path, { schema: plainInteractions }, { "a.csv": many });
    const more = csv(header, [...manyRows(), ...manyRows({ start: 1_600_000_000, users: 101 })]);
    const added = await importTexts(
      folder.path,
      { schema: plainInteractions, mode: "INCREMENTAL", jobArn: "arn:job/second" },
      { "b.csv": more },
    );

    expect(added).toEqual({ rows: 2412, rowsStored: 2412 });
    expect(history("u0").filter(([item]) => item === "i0")).toEqual([
      ["i0", 1_600_000_000],
      ["i0", 1_700_000_000],
    ]);

    await importTexts(folder.path, { schema: plainInteractions, jobArn: "arn:job/third" }, { "c.csv": many });
    expect(history("u100")).toEqual([]);
    expect(readdirSync(folder.path).filter((name) => name.startsWith("rows-"))).toHaveLength(1);
  });

  it("has the effect of one run when a job is run again", async () => {
    await importTexts(folder.path, { schema: plainInteractions }, { "a.csv": many });
    const more = csv(header, manyRows({ start: 1_600_000_000 }));
    const again = () =>
      importTexts(
        folder.path,
        { schema: plainInteractions, mode: "INCREMENTAL", jobArn: "arn:job/second" },
        { "b.csv": more },
      );

    expect(await again()).toEqual(await again());
    expect(history("u0")).toHaveLength(24);
  });

  it("never shows a half-written import: leftovers of a killed one are ignored and cleared", async () => {
    await importTexts(folder.path, { schema: plainInteractions }, { "a.csv": many });
    const before = stored().folder;
    const leftover = join(folder.path, "rows-first-000000000000.new");
    mkdirSync(leftover);
    writeFileSync(join(leftover, "ITEM_ID.values"), "half");

    await expect(
      importTexts(folder.path, { schema: plainInteractions, jobArn: "arn:job/bad" }, { "b.csv": `${header}\nu1\n` }),
    ).rejects.toThrow("has 1 fields");

    expect(stored().folder).toBe(before);
    expect(history("u0")).toHaveLength(12);
  });

  it("notices damage on the disk", async () => {
    await importTexts(folder.path, { schema: plainInteractions }, { "a.csv": many });
    const file = join(stored().folder, "USER_ID.texts");
    const bytes = readFileSync(file);
    bytes[3] = 88;
    writeFileSync(file, bytes);

    expect(() => readDictionary(stored(), "USER_ID")).toThrow("is damaged");
    expect(() => readBytes(stored(), "USER_ID.offsets")).not.toThrow();
  });

  it("does not add to earlier rows that are damaged", async () => {
    await importTexts(folder.path, { schema: plainInteractions }, { "a.csv": many });
    const file = join(stored().folder, "TIMESTAMP.values");
    const bytes = readFileSync(file);
    bytes[3] = 88;
    writeFileSync(file, bytes);
    const more = { schema: plainInteractions, mode: "INCREMENTAL", jobArn: "arn:job/second" } as const;

    await expect(importTexts(folder.path, more, { "b.csv": many })).rejects.toThrow("TIMESTAMP.values is damaged");
  });
});

const prefix = "Failed to create a data import job for INTERACTIONS dataset....";

describe("an import that cannot be", () => {
  const extended = `${header},EVENT_TYPE,EVENT_VALUE,DEVICE`;
  const good = ["u1", "i1", 1_700_000_000, "view", "1.5", "phone"];
  const bad = (column: number, value: string) =>
    csv(extended, [good, good.map((old, c) => (c === column ? value : old))]);
  const at = (reason: string) => `${prefix}Row 3 of x.csv (the header is row 1): ${reason}`;

  it.each([
    { why: "an empty id", text: bad(0, ""), reason: at("USER_ID is empty, and the schema does not allow null for it.") },
    { why: "an empty time", text: bad(2, ""), reason: at("TIMESTAMP is empty, and the schema does not allow null for it.") },
    { why: "a time in words", text: bad(2, "yesterday"), reason: at('TIMESTAMP has "yesterday", which is not whole epoch seconds.') },
    { why: "a fraction of a second", text: bad(2, "1700000000.5"), reason: at('TIMESTAMP has "1700000000.5", which is not whole epoch seconds.') },
    { why: "a time before 1970", text: bad(2, "-5"), reason: at('TIMESTAMP has "-5", which is not whole epoch seconds.') },
    { why: "milliseconds", text: bad(2, "1700000000000"), reason: at('TIMESTAMP has "1700000000000", which looks like milliseconds: epoch seconds are needed, divide by 1000.') },
    { why: "a value that is no number", text: bad(4, "much"), reason: at('EVENT_VALUE has "much", which is not a value of type float.') },
    { why: "a hexadecimal number", text: bad(4, "0x10"), reason: at('EVENT_VALUE has "0x10", which is not a value of type float.') },
    { why: "an id of 257 characters", text: bad(1, "é".repeat(257)), reason: at("Length cannot be more than 256 characters for ITEM_ID. ") },
    { why: "a category of 1001 characters", text: bad(5, "x".repeat(1001)), reason: at("Length cannot be more than 1000 characters for DEVICE. ") },
    { why: "a missing column", text: csv(header, manyRows()), reason: `${prefix}Input CSV is missing the following columns:[EVENT_TYPE, EVENT_VALUE, DEVICE]. x.csv has the header [USER_ID, ITEM_ID, TIMESTAMP]; the schema needs [USER_ID, ITEM_ID, TIMESTAMP, EVENT_TYPE, EVENT_VALUE, DEVICE].` },
    { why: "a column named twice", text: `${extended},DEVICE\n`, reason: `${prefix}The header of x.csv names the column DEVICE twice.` },
    { why: "an empty file", text: "", reason: `${prefix}x.csv is empty: the first line must name the columns.` },
    { why: "half a file", text: `${extended}\nu1,i1,17`, reason: `${prefix}Row 2 of x.csv (the header is row 1): the row has 3 fields where the header has 6.` },
    { why: "999 rows", text: csv(extended, Array.from({ length: 999 }, () => good)), reason: `${prefix}The input has 999 interactions; at least 1000 are needed.` },
  ])("says why: $why", async ({ text, reason }) => {
    const run = importTexts(folder.path, { schema: typedInteractions }, { "x.csv": text });

    await expect(run).rejects.toThrow(reason);
    await expect(run).rejects.toHaveProperty("name", "DataFailure");
    expect(openTable(folder.path)).toBeUndefined();
  }); // prettier-ignore

  it("takes an id of exactly 256 characters and a category of exactly 1000", async () => {
    const text = csv(
      extended,
      Array.from({ length: 1000 }, () => good.with(1, "é".repeat(256)).with(5, "é".repeat(1000))),
    );

    await expect(importTexts(folder.path, { schema: typedInteractions }, { "x.csv": text })).resolves.toHaveProperty(
      "rows",
      1000,
    );
  });

  it("refuses bytes that are not UTF-8", async () => {
    const bytes = Buffer.concat([Buffer.from(many), Buffer.from("u\xff,i,1\n", "latin1")]);
    async function* read() {
      yield bytes;
    }
    const job = {
      jobArn: "arn:job/utf",
      schema: plainInteractions,
      files: [{ key: "x.csv", sizeBytes: bytes.length }],
    };
    const task = { ...job, datasetType: "INTERACTIONS", mode: "FULL", folder: folder.path } as const;

    await expect(importDataset(task, { read, progress: () => {} })).rejects.toThrow(
      "Row 1202 of x.csv (the header is row 1): USER_ID is not valid UTF-8",
    );
  });

  it("wants all files of a folder to have one header", async () => {
    const other = csv("ITEM_ID,USER_ID,TIMESTAMP", manyRows());
    const run = importTexts(folder.path, { schema: plainInteractions }, { "a.csv": many, "b.csv": other });

    await expect(run).rejects.toThrow(
      "Headers must agree: b.csv has [ITEM_ID, USER_ID, TIMESTAMP], a.csv has [USER_ID, ITEM_ID, TIMESTAMP].",
    );
  });
});

describe("importing items", () => {
  const columns = "ITEM_ID,TITLE,GENRES,PRICE,CREATION_TIMESTAMP";
  const items = { schema: itemSchema, datasetType: "ITEMS" } as const;
  const first = csv(columns, [
    ["i1", '"Toy Story, the ""first"""', "Comedy|Children", "9.5", "1600000000"],
    ["i2", "", "", "", "-86400"],
    ["i1", "Toy Story", "Comedy", "8", ""],
  ]);

  it("reads rows back by id, the last row of an id, nulls as null", async () => {
    const result = await importTexts(folder.path, items, { "i.csv": first });

    expect(result).toEqual({ rows: 3, rowsStored: 2 });
    const table = openEntities(stored());
    expect(table.metadata("i1")).toEqual({ TITLE: "Toy Story", GENRES: "Comedy", PRICE: 8, CREATION_TIMESTAMP: null });
    expect(table.metadata("i2")).toEqual({ TITLE: null, GENRES: null, PRICE: null, CREATION_TIMESTAMP: -86_400 });
    expect(table.metadata("i3")).toBeUndefined();
    table.close();
  });

  it("replaces known ids and adds new ones with INCREMENTAL, also after the schema got a column", async () => {
    await importTexts(folder.path, items, { "i.csv": first });
    const wider = JSON.parse(itemSchema) as { fields: unknown[] };
    const schema = JSON.stringify({
      ...wider,
      fields: [...wider.fields, { name: "BRAND", type: ["null", "string"], categorical: true }],
    });
    const second = csv(`${columns},BRAND`, [
      ["i2", "Jumanji", "Adventure", "5", "1600000001", "Acme"],
      ["i9", "Heat", "Crime", "4", "1600000002", ""],
    ]);

    const result = await importTexts(
      folder.path,
      { ...items, schema, mode: "INCREMENTAL", jobArn: "arn:job/second" },
      { "i.csv": second },
    );

    expect(result).toEqual({ rows: 2, rowsStored: 3 });
    const table = openEntities(stored());
    expect(table.metadata("i1")).toMatchObject({ TITLE: "Toy Story", BRAND: null });
    expect(table.metadata("i2")).toMatchObject({ TITLE: "Jumanji", GENRES: "Adventure", BRAND: "Acme" });
    expect(table.metadata("i9")).toMatchObject({ TITLE: "Heat", BRAND: null });
    table.close();
  });

  it("cuts textual values at 20,000 characters instead of refusing them", async () => {
    const schema = avro("Items", ["ITEM_ID", "string"], ["DESCRIPTION", "string", { textual: true }]);

    await importTexts(
      folder.path,
      { schema, datasetType: "ITEMS" },
      { "i.csv": `ITEM_ID,DESCRIPTION\ni1,${"é".repeat(20_001)}\n` },
    );

    const table = openEntities(stored());
    expect(table.metadata("i1")?.["DESCRIPTION"]).toBe("é".repeat(20_000));
    table.close();
  });

  it("knows booleans, ints and longs", async () => {
    const schema = avro(
      "Items",
      ["ITEM_ID", "string"],
      ["ADULT", "boolean"],
      ["STOCK", "int"],
      ["SOLD", ["long", "null"]],
    );
    const text = (rows: string) => ({ "i.csv": `ITEM_ID,ADULT,STOCK,SOLD\n${rows}\n` });
    const run = (rows: string) => importTexts(folder.path, { schema, datasetType: "ITEMS" }, text(rows));

    await expect(run("i1,yes,1,1")).rejects.toThrow('ADULT has "yes", which is not a value of type boolean');
    await expect(run("i1,True,2147483648,1")).rejects.toThrow(
      'STOCK has "2147483648", which is not a value of type int',
    );
    await expect(run("i1,True,1.5,1")).rejects.toThrow('STOCK has "1.5", which is not a value of type int');
    await run("i1,True,2147483647,9007199254740991\ni2,0,-2147483648,");
    const table = openEntities(stored());
    expect(table.metadata("i1")).toEqual({ ADULT: true, STOCK: 2_147_483_647, SOLD: 9_007_199_254_740_991 });
    expect(table.metadata("i2")).toEqual({ ADULT: false, STOCK: -2_147_483_648, SOLD: null });
    table.close();
  });

  it("takes no more different rows than the dataset may have", async () => {
    const schema = avro("Actions", ["ACTION_ID", "string"], ["TYPE", "string"]);
    const job = { schema, datasetType: "ACTIONS", mostRowsStored: 2 } as const;
    const two = csv("ACTION_ID,TYPE", [
      ["a", "x"],
      ["b", "x"],
      ["a", "y"],
    ]);

    expect(await importTexts(folder.path, job, { "a.csv": two })).toEqual({ rows: 3, rowsStored: 2 });
    const three = importTexts(
      folder.path,
      { ...job, jobArn: "arn:job/second" },
      {
        "a.csv": csv("ACTION_ID,TYPE", [
          ["a", "x"],
          ["b", "x"],
          ["c", "x"],
        ]),
      },
    );
    await expect(three).rejects.toThrow("There would be 3 rows; the dataset may have 2 at most.");
  });

  it("leaves no temporary folder behind", async () => {
    await importTexts(folder.path, items, { "i.csv": first });

    expect(readdirSync(folder.path).filter((name) => name.endsWith(".new"))).toEqual([]);
    expect(existsSync(join(folder.path, "current.json"))).toBe(true);
  });
});

describe("importing actions", () => {
  const schema = avro(
    "Actions",
    ["ACTION_ID", "string"],
    ["VALUE", ["null", "long"]],
    ["REPEAT_FREQUENCY", ["null", "long"]],
  );
  const actions = (...rows: (string | number)[][]) =>
    importTexts(
      folder.path,
      { schema, datasetType: "ACTIONS" },
      { "a.csv": csv("ACTION_ID,VALUE,REPEAT_FREQUENCY", rows) },
    );

  it("takes values from 1 to 10 and repetitions of up to 30 days, or none", async () => {
    expect(await actions(["a", 1, 30], ["b", 10, 0], ["c", "", ""])).toEqual({ rows: 3, rowsStored: 3 });
  });

  it.each([
    { row: ["b", 11, ""], says: 'VALUE has "11", which is not from 1 to 10' },
    { row: ["b", 0, ""], says: 'VALUE has "0"' },
    { row: ["b", "", 31], says: 'REPEAT_FREQUENCY has "31", which is not from 0 to 30' },
  ])("fails for $row, naming file and row", async ({ row, says }) => {
    const failure = await actions(["a", 5, 1], row).catch((error: Error) => error.message);

    expect(failure).toContain(`Row 3 of a.csv (the header is row 1): ${says}`);
  });

  it("asks nothing of columns of the same names elsewhere", async () => {
    const items = avro("Items", ["ITEM_ID", "string"], ["VALUE", "long"]);

    const imported = importTexts(
      folder.path,
      { schema: items, datasetType: "ITEMS" },
      { "a.csv": "ITEM_ID,VALUE\na,99\n" },
    );

    expect(await imported).toMatchObject({ rows: 1 });
  });
});

describe("event types", () => {
  const schema = interactionsWith();
  const typed = (types: number, from = 0) =>
    csv(
      "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE",
      manyRows().map((row, n) => [...row, `type${from + (n % types)}`]),
    );

  it("of an import may be as many as asked, those of earlier imports included", async () => {
    const task = { schema, mostEventTypes: 3 };
    await importTexts(folder.path, task, { "a.csv": typed(2) });
    const more = { ...task, mode: "INCREMENTAL", jobArn: "arn:job/more" } as const;

    await expect(importTexts(folder.path, more, { "a.csv": typed(2, 2) })).rejects.toThrow(
      "There would be 4 event types; beside the optional columns of its schema the dataset may have 3 at most.",
    );
    expect(await importTexts(folder.path, more, { "a.csv": typed(2, 1) })).toMatchObject({ rowsStored: 2400 });
  });
});
