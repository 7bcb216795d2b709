import { afterAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../../support/sources.ts";
import { dispatch } from "../../../../local/cli/main.ts";
import { writeHistory } from "../../../../local/cli/commands/shop.ts";

const folder = mkdtempSync(join(tmpdir(), "outrank-infer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function infer(name: string, ...options: string[]) {
  let [stdout, stderr] = ["", ""];
  const code = await dispatch(["schema", "infer", name, ...options], {
    out: (line) => (stdout += `${line}\n`),
    err: (line) => (stderr += `${line}\n`),
    ...{ tty: false, columns: 100, env: {}, cwd: folder, stop: new AbortController().signal },
  });
  return { code, stdout, stderr };
}

const file = (name: string, lines: readonly string[]) => writeFileSync(join(folder, name), `${lines.join("\n")}\n`);

describe("outrank schema infer", () => {
  it("finds what the shop's own schemas say, and in titles a text to learn from", async () => {
    const title = { name: "TITLE", type: ["null", "string"], textual: true };
    await writeHistory(folder, 1, Date.UTC(2026, 0, 1));

    for (const type of ["interactions", "users", "items"]) {
      const { stdout } = await infer(`${type}.csv`);
      const text = readFileSync(join(root, "examples", "shop", `${type}.schema.json`), "utf8");
      const own = JSON.parse(text) as { fields: { name: string }[] };
      const fields = own.fields.map((field) => (field.name === "TITLE" ? title : field));
      expect(JSON.parse(stdout)).toEqual({ ...own, fields });
    }
  });

  it("says why each column is what it is", async () => {
    const rows = Array.from({ length: 30 }, (_, at) => `i${at},A story about ${at},${at % 3},${at / 4},${900 + at}`);
    file("stock.csv", ["ITEM_ID,TITLE,SHELF,WEIGHT,SUPPLIER_ID", ...rows, "i99,,1,,"]);

    const { code, stdout, stderr } = await infer("stock.csv");

    expect({ code, fields: (JSON.parse(stdout) as { fields: unknown }).fields }).toEqual({
      code: 0,
      fields: [
        { name: "ITEM_ID", type: "string" },
        { name: "TITLE", type: ["null", "string"], textual: true },
        { name: "SHELF", type: "long" },
        { name: "WEIGHT", type: ["null", "float"] },
        { name: "SUPPLIER_ID", type: ["null", "string"] },
      ],
    });
    expect(stderr).toMatch(/TITLE +null or string, textual +30 different among 30 values, 16 letters/);
    expect(stderr).toMatch(
      /WEIGHT +null or float +every value is a number; null as well, for 1 of its values is empty/,
    );
    expect(stderr).toMatch(/SUPPLIER_ID +null or string +an id by its name, and ids are strings/);
  });

  it("reads to the end: a value behind the first thousands decides as well", async () => {
    const rows = Array.from({ length: 30_000 }, (_, at) => `u${at},${at % 7}`);
    file("users.csv", ["USER_ID,VISITS", ...rows, "u30000,often", "u30001,"]);

    const { stdout } = await infer("users.csv");

    expect(JSON.parse(stdout)).toMatchObject({
      fields: [{ name: "USER_ID" }, { name: "VISITS", type: ["null", "string"], categorical: true }],
    });
  });

  it.each([
    { name: "a.csv", lines: ["USER_ID,ITEM_ID,TIMESTAMP"], kind: "Interactions", why: "both ids" },
    { name: "b.csv", lines: ["USER_ID,AGE"], kind: "Users", why: "users alone" },
    { name: "c.csv", lines: ["ITEM_ID,COLOUR"], kind: "Items", why: "items alone" },
  ])("$why make $kind", async ({ name, lines, kind }) => {
    file(name, lines);

    expect(JSON.parse((await infer(name)).stdout)).toMatchObject({ name: kind });
  });

  it.each([
    { name: "none.csv", lines: ["A,B"], options: [], says: "has neither USER_ID nor ITEM_ID" },
    { name: "odd.csv", lines: ["USER_ID,A"], options: ["--type", "people"], says: '--type knows no "people"' },
    { name: "part.csv", lines: ["USER_ID,A"], options: ["--type", "interactions"], says: "need the column ITEM_ID" },
    { name: "twice.csv", lines: ["USER_ID,A,A"], options: [], says: 'the header has the column "A"' },
  ])("refuses what is $says", async ({ name, lines, options, says }) => {
    file(name, lines);

    expect(await infer(name, ...options)).toEqual({ code: 2, stdout: "", stderr: expect.stringContaining(says) });
  });
});
