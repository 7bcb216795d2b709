import { describe, expect, it } from "@jest/globals";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csvRecords } from "../../../../local/cli/data/csv-lines.ts";
import { guessSchemas, readDataFolder } from "../../../../local/cli/data/dataset-files.ts";

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "outrank-data-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

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
    const data = await readDataFolder(folderWith(movieLens), mkdtempSync(join(tmpdir(), "outrank-out-")));

    const text = Object.fromEntries(data.files.map(({ name, path }) => [name, readFileSync(path, "utf8")]));
    expect(text).toEqual({
      "interactions.csv":
        "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE\n1,31,1260759144,rating,2.5\n7,10,851866703,rating,4.0\n",
      "items.csv": 'ITEM_ID,TITLE,GENRES\n31,"American President, The (1995)",Comedy|Drama\n10,Heat (1995),Action\n',
    });
    expect(Object.keys(await guessSchemas(data))).toEqual(["interactions", "items"]);
  });

  it("is refused with both headers when it is something else", async () => {
    const folder = folderWith({ ...movieLens, "ratings.csv": "user,item\n1,2\n" });

    await expect(readDataFolder(folder, join(folder, "out"))).rejects.toThrow(
      /ratings\.csv should begin with the header userId,movieId,rating,timestamp, but begins with user,item/,
    );
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
});
