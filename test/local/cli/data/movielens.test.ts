import { describe, expect, it } from "@jest/globals";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csvRecords } from "../../../../local/cli/data/csv-lines.ts";
import { guessSchemas, readDataFolder } from "../../../../local/cli/data/dataset-files.ts";

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "outrank-data-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const outFolder = () => mkdtempSync(join(tmpdir(), "outrank-out-"));

describe("csvRecords", () => {
  it.each([
    {
      why: "LF, no quotes",
      text: "a,b\n1,2\n",
      records: [
        ["a", "b"],
        ["1", "2"],
      ],
    },
    {
      why: "CRLF and no newline at the end",
      text: "a,b\r\n1,2",
      records: [
        ["a", "b"],
        ["1", "2"],
      ],
    },
    { why: "a byte-order mark is no part of the header", text: "\uFEFFa,b\n", records: [["a", "b"]] },
    {
      why: "commas, quotes and newlines in quotes",
      text: 'a,b\n"x, ""y""","p\nq"\n',
      records: [
        ["a", "b"],
        ['x, "y"', "p\nq"],
      ],
    },
    {
      why: "empty cells stay",
      text: 'a,,\n,,""\n',
      records: [
        ["a", "", ""],
        ["", "", ""],
      ],
    },
    { why: "a quoted last record without newline", text: '"a",', records: [["a", ""]] },
  ])("$why", async ({ text, records }) => {
    const folder = folderWith({ "x.csv": text });
    const seen: string[][] = [];

    for await (const record of csvRecords(join(folder, "x.csv"))) seen.push(record);

    expect(seen).toEqual(records);
  });
});

describe("a folder of MovieLens files", () => {
  const movieLens = {
    "ratings.csv": "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n7,10,4.0,851866703\n",
    "movies.csv": 'movieId,title,genres\n31,"American President, The (1995)",Comedy|Drama\n10,Heat (1995),Action\n',
  };

  it("becomes interactions with the stars as their value, and items with titles and genres", async () => {
    const data = await readDataFolder(folderWith(movieLens), outFolder());

    const text = Object.fromEntries(data.files.map(({ name, path }) => [name, readFileSync(path, "utf8")]));
    expect(text).toEqual({
      "interactions.csv":
        "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE\n1,31,1260759144,rating,2.5\n7,10,851866703,rating,4.0\n",
      "items.csv": 'ITEM_ID,TITLE,GENRES\n31,"American President, The (1995)",Comedy|Drama\n10,Heat (1995),Action\n',
    });
    expect(Object.keys(await guessSchemas(data))).toEqual(["interactions", "items"]);
  });

  it("is read in any order and case of columns, with timestamps as floats and further columns left out", async () => {
    const ratings = '\uFEFFTimestamp,MOVIEID,userId,rating,note\r\n1260759144.0,31,1,2.5,"a, b"\r\n1.26E9,10,7,4,\r\n';

    const data = await readDataFolder(folderWith({ ...movieLens, "ratings.csv": ratings }), outFolder());

    expect(
      readFileSync(data.files[0]?.path ?? "", "utf8")
        .split("\n")
        .slice(1, 3),
    ).toEqual(["1,31,1260759144,rating,2.5", "7,10,1260000000,rating,4"]);
  });

  const header = "userId,movieId,rating,timestamp\n";
  it.each([
    {
      ratings: "user,item\n1,2\n",
      fault: "should have the columns userId,movieId,rating,timestamp in its header, which is user,item",
    },
    { ratings: "", fault: "has no rows: it is empty" },
    { ratings: header, fault: "has no rows below its header" },
    { ratings: `${header}1,31,good,1260759144\n`, fault: 'record 2: rating is "good", and must be a number' },
    {
      ratings: `${header}1,31,3,2009-12-14\n`,
      fault: 'record 2: timestamp is "2009-12-14", and must be seconds since 1970',
    },
    {
      ratings: `${header}1,31,3,1\n1,31,3,1260759144000\n`,
      fault: 'record 3: timestamp is "1260759144000", and must be seconds',
    },
    { ratings: `${header},31,3,1260759144\n`, fault: 'record 2: userId is "", and must be an id' },
    { ratings: `${header}1,31\n`, fault: "record 2: rating is missing, and must be a number" },
    { ratings: `${header}"1,31,3,1\n2,31,3,1\n`, fault: "a quote is never closed" },
    { ratings: `${header}"1"x,31,3,1\n`, fault: "text follows a closed one" },
  ])("is refused, naming the file: $fault", async ({ ratings, fault }) => {
    const out = outFolder();

    const converting = readDataFolder(folderWith({ ...movieLens, "ratings.csv": ratings }), out);

    await expect(converting).rejects.toMatchObject({
      name: "UsageError",
      message: expect.stringMatching(/^\/\S+\/ratings\.csv\b/),
    });
    await expect(converting).rejects.toThrow(fault);
    expect(existsSync(join(out, "interactions.csv"))).toBe(false);
  });

  it("stops when the person does", async () => {
    const stop = new AbortController();
    stop.abort(new Error("stopped"));

    await expect(readDataFolder(folderWith(movieLens), outFolder(), stop.signal)).rejects.toThrow("stopped");
  });
});

describe("a folder of Personalize files", () => {
  it("may hold several files of a dataset", async () => {
    const folder = folderWith({
      "interactions.csv": "",
      "interactions-2026-w02.csv": "",
      "items.csv": "",
      "other.csv": "",
      "itemsets.csv": "",
    });

    const data = await readDataFolder(folder, join(folder, "out"));

    expect(data.files.map(({ dataset, name }) => `${dataset}/${name}`)).toEqual([
      "interactions/interactions-2026-w02.csv",
      "interactions/interactions.csv",
      "items/items.csv",
    ]);
  });

  it("says what it wants when there is nothing to use", async () => {
    const folder = folderWith({ "notes.txt": "" });

    await expect(readDataFolder(folder, join(folder, "out"))).rejects.toThrow(
      /needs interactions\.csv .* It has notes\.txt/,
    );
  });

  it.each([
    { interactions: "USER_ID,ITEM_ID,TIMESTAMP\n", fault: "has no rows below its header" },
    { interactions: "USER_ID,ITEM_ID,TIMESTAMP,a b\nu,i,1,x\n", fault: 'the header has the column "a b"' },
    { interactions: "USER_ID,ITEM_ID,TIMESTAMP,x,x\nu,i,1,2,3\n", fault: 'the header has the column "x"' },
    { interactions: "USER_ID;ITEM_ID;TIMESTAMP\nu;i;1\n", fault: "need the column USER_ID and ITEM_ID and TIMESTAMP" },
  ])("is refused, naming the file: $fault", async ({ interactions, fault }) => {
    const data = await readDataFolder(folderWith({ "interactions.csv": interactions }), outFolder());

    await expect(guessSchemas(data)).rejects.toMatchObject({
      name: "UsageError",
      message: expect.stringMatching(/^\/\S+\/interactions\.csv\b/),
    });
    await expect(guessSchemas(data)).rejects.toThrow(fault);
  });

  it("keeps ids required although a row lacks one: the check of the data names that row", async () => {
    const text = "USER_ID,ITEM_ID,TIMESTAMP\n,i1,1\nu1,i2,2\n";
    const data = await readDataFolder(folderWith({ "interactions.csv": text }), outFolder());

    expect((await guessSchemas(data)).interactions?.fields.map(({ type }) => type)).toEqual([
      "string",
      "string",
      "long",
    ]);
  });
});
