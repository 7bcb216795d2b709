import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { schemaFaults } from "../../../pipeline/config/avro-schema.ts";
import { projectRoot } from "../../../local/cloud/project-root.ts";
import { corrupt, corruptions, isCorruption, type Corruption } from "../../../local/shop/corrupt.ts";
import { schemas, toDatasetFiles } from "../../../local/shop/personalize-files.ts";
import { simulateShop } from "../../../local/shop/simulate-shop.ts";
import { writeShop } from "../../../local/shop/write-shop.ts";

const until = Date.UTC(2026, 10, 23) / 1000;
const request = { seed: 3, users: 60, items: 120, weeks: 6, until };
const files = toDatasetFiles(simulateShop(request));
const good = files[0]?.csv ?? "";
const rows = (csv: string) => csv.trimEnd().split("\n");

describe("the CSV files", () => {
  it.each([
    {
      name: "interactions",
      header: "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE",
      row: /^user-\d{4},item-\d{4},\d{10},(view|cart|purchase)$/,
    },
    { name: "users", header: "USER_ID,AGE_GROUP,MEMBERSHIP", row: /^user-\d{4},(\d\d-\d\d|55\+),(basic|silver|gold)$/ },
    {
      name: "items",
      header: "ITEM_ID,TITLE,CATEGORY_L1,PRICE,CREATION_TIMESTAMP",
      row: /^item-\d{4},[A-Za-z& ]+ \d\d,[A-Za-z]+\|[A-Za-z ]+,\d+(\.\d{1,2})?,\d{10}$/,
    },
  ])("$name hold these columns and nothing of how the simulator decides", ({ name, header, row }) => {
    const [first, ...rest] = rows(files.find((file) => file.name === name)?.csv ?? "");

    expect(first).toBe(header);
    expect(rest.length).toBeGreaterThan(50);
    expect(rest.filter((line) => !row.test(line))).toEqual([]);
  });

  it("number items by their age and by nothing hidden: neighbours are of kinds at random", () => {
    const kinds = rows(files[2]?.csv ?? "")
      .slice(1)
      .map((line) => line.split(",")[2]);
    const alike = kinds.filter((kind, i) => i > 0 && kind === kinds[i - 1]).length;

    expect(alike).toBeLessThan(8); // of 119 pairs; by chance 1 or 2 of 85 kinds
  });
});

describe("the schemas", () => {
  it.each(["interactions", "users", "items"] as const)(
    "%s is one that Personalize takes and the example uses",
    async (name) => {
      const example = await readFile(join(projectRoot(), "examples/shop", `${name}.schema.json`), "utf8");

      expect(schemaFaults(name, schemas[name] as never)).toEqual([]);
      expect(JSON.parse(example)).toEqual(schemas[name]);
    },
  );
});

describe("corruptions", () => {
  const spoilt = (kind: Corruption) => corrupt(files, kind, 3)[0]?.csv ?? "";

  it.each(Object.keys(corruptions) as Corruption[])(
    "%s changes the interactions only, and the same way each time",
    (kind) => {
      const [interactions, ...others] = corrupt(files, kind, 3);

      expect(interactions?.csv).not.toBe(good);
      expect(others).toEqual(files.slice(1));
      expect(spoilt(kind)).toBe(spoilt(kind));
      expect(isCorruption(kind)).toBe(true);
    },
  );

  it("missing-column leaves TIMESTAMP out of every row", () => {
    expect(rows(spoilt("missing-column"))[0]).toBe("USER_ID,ITEM_ID,EVENT_TYPE");
    expect(rows(spoilt("missing-column")).every((line) => line.split(",").length === 3)).toBe(true);
  });

  it("wrong-types writes dates where numbers belong", () => {
    const [, ...rest] = rows(spoilt("wrong-types"));

    expect(rest.every((line) => /,20\d\d-\d\d-\d\dT[\d:.]+Z,/.test(line))).toBe(true);
  });

  it("half-file ends within a row, about half way", () => {
    const half = spoilt("half-file");

    expect(good.startsWith(half)).toBe(true);
    expect(Math.abs(half.length / good.length - 0.5)).toBeLessThan(0.02);
    expect(rows(half).at(-1)?.split(",")).toHaveLength(2);
  });

  it("shuffled-users keeps every column's values and breaks what belongs together", () => {
    const column = (csv: string, i: number) =>
      rows(csv)
        .slice(1)
        .map((line) => line.split(",")[i] as string);
    const shuffled = spoilt("shuffled-users");
    const same = column(shuffled, 0).filter((user, i) => user === column(good, 0)[i]).length;

    for (const i of [0, 1, 2, 3]) expect(column(shuffled, i).sort()).toEqual(column(good, i).sort());
    expect(column(shuffled, 1)).toEqual(column(good, 1));
    expect(same / column(good, 0).length).toBeLessThan(0.2);
  });

  it("refuses a kind it does not know", () => {
    expect(isCorruption("toString")).toBe(false);
    expect(isCorruption("gremlins")).toBe(false);
  });
});

describe("writeShop", () => {
  let folder = "";
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "outrank-shop-"))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("writes three files and their schemas, and says how much is in them", async () => {
    const written = await writeShop(join(folder, "year"), request);

    expect((await readdir(join(folder, "year"))).sort()).toEqual([
      "interactions.csv",
      "interactions.schema.json",
      "items.csv",
      "items.schema.json",
      "users.csv",
      "users.schema.json",
    ]);
    expect(rows(await readFile(written.files[0] ?? "", "utf8"))).toHaveLength(written.interactions + 1);
    expect(await readFile(written.files[0] ?? "", "utf8")).toBe(good);
  });

  it("writes the next weeks, spoilt where asked", async () => {
    const { files: paths } = await writeShop(join(folder, "next"), {
      ...request,
      next: { weeks: 1 },
      corruption: "missing-column",
    });
    const [header, first] = rows(await readFile(paths[0] ?? "", "utf8"));

    expect(header).toBe("USER_ID,ITEM_ID,EVENT_TYPE");
    expect(first).toMatch(/^user-\d{4},item-\d{4},/);
  });
});
