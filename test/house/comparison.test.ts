/** docs/comparison.md: all features, once each and in order; honest sums; files that exist. */
import { describe, expect, it } from "@jest/globals";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/sources.ts";

const page = readFileSync(join(root, "docs", "comparison.md"), "utf8");
const rows = [...page.matchAll(/^\| (\d+) +\| [^|]+ \| ([^|]+?) +\| \[[^\]]+\]\(([^)]+)\) +\|$/gm)].map(
  ([, row, answer = "", link = ""]) => ({ row: Number(row), answer: /^(yes|partly|no)\b/.exec(answer)?.[1], link }),
);
const count = (answer: string) => rows.filter((row) => row.answer === answer).length;

describe("docs/comparison.md", () => {
  it("answers each of the 116 features, in order, with yes, partly or no", () => {
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 116 }, (_, at) => at + 1));
    expect(rows.filter(({ answer }) => answer === undefined)).toEqual([]);
  });

  it("shows each by a file that exists", () => {
    expect(rows.filter(({ link }) => !existsSync(join(root, "docs", link)))).toEqual([]);
  });

  it("sums up what it says, which is at least 105 times yes", () => {
    expect(page).toContain(`**${count("yes")} yes, ${count("partly")} partly, ${count("no")} no.**`);
    expect(count("yes")).toBeGreaterThanOrEqual(105);
  });

  it("explains each that is not a yes", () => {
    const explained = [...page.matchAll(/^- \*\*(\d+)\*\*:/gm)].map(([, row]) => Number(row));

    expect(explained).toEqual(rows.filter(({ answer }) => answer !== "yes").map(({ row }) => row));
  });
});
