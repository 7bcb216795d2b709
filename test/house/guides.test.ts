/** Tables and policies that guides print are those of the code. */
import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listPrices, pricesOf } from "../../pipeline/cost/prices.ts";
import { root } from "../support/sources.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");

describe("the guide to cost", () => {
  const page = read("docs/guides/cost.md");

  it("prints every price with its unit and how sure we are of it", () => {
    const rows = [...page.matchAll(/^\| `(\w+)` +\| ([\d.]+) +\| (.+?) +\| (\w+) +\|$/gm)].map(
      ([, name, usd, unit, certainty]) => [name, Number(usd), unit, certainty],
    );
    const known = Object.entries(listPrices).map(([name, { usd, per, unit, certainty }]) => [
      ...[name, usd, `${per.toLocaleString("en-US")} ${unit}`, certainty],
    ]);

    expect(rows).toEqual(known);
  });

  it("says of which day the prices are", () => {
    const day = new Date(pricesOf).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });

    expect(page).toContain(`written down on ${day}`);
  });
});
