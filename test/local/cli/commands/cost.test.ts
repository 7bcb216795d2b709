import { describe, expect, it } from "@jest/globals";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CostReport } from "../../../../local/cli/commands/cost.ts";
import { dispatch } from "../../../../local/cli/main.ts";
import { root } from "../../../support/sources.ts";

const folder = mkdtempSync(join(tmpdir(), "outrank-cost-"));
const config = join(root, "outrank.json");
/** Nothing listens at the discard port. */
const nobody = "http://127.0.0.1:9";

async function outrankCost(...args: string[]) {
  const [out, err]: string[][] = [[], []];
  const io = {
    ...{ out: (line: string) => void out!.push(line), err: (line: string) => void err!.push(line) },
    ...{ tty: false, columns: 100, env: { AWS_ENDPOINT_URL: nobody }, cwd: folder },
    stop: new AbortController().signal,
  };
  const code = await dispatch(["cost", "--config", config, ...args], io);
  return { code, out: out!, err: err! };
}

describe("outrank cost", () => {
  it("prints a run and a month as tables, with each price, what is assumed and what is not counted", async () => {
    const { code, out } = await outrankCost("--rows", "10000000", "--bytes", "536870912", "--runs-per-month", "4");

    expect(code).toBe(0);
    expect(out.join("\n")).toMatchSnapshot();
  });

  it("tells the same as JSON, for a machine", async () => {
    const { out } = await outrankCost("--rows", "10000000", "--bytes", "536870912", "--runs-per-month", "4", "--json");
    const { groups, stack, usdPerMonth } = JSON.parse(out.join("")) as CostReport;

    expect(groups.map(({ group, runsPerMonth }) => [group, runsPerMonth])).toEqual([["shop", 4]]);
    expect(usdPerMonth).toBeCloseTo(groups[0]!.month.usd + stack.usd, 9);
  });

  it("takes the schedule's runs, and says that it assumes sizes when there is no run to look at", async () => {
    const { out } = await outrankCost("--json");
    const [shop] = (JSON.parse(out.join("")) as CostReport).groups;

    expect(shop?.runsPerMonth).toBeCloseTo(730 / 168, 9);
    expect(shop?.data).toBe("sizes assumed: no run to look at, and no --rows");
  });

  it("counts with the prices of a file", async () => {
    const prices = join(folder, "prices.json");
    writeFileSync(prices, JSON.stringify({ date: "2027-01-01", usd: { trainedInteractions: 0 } }));
    const { out } = await outrankCost("--prices", prices, "--json");
    const report = JSON.parse(out.join("")) as CostReport;
    const training = report.groups[0]?.run.lines.find(({ price }) => price === "trainedInteractions");

    expect([report.pricesOf, training?.usd]).toEqual(["2027-01-01", 0]);
  });

  it.each([
    { args: ["--group", "shoe"], says: 'There is no dataset group "shoe". There are: shop', why: "no such group" },
    { args: ["--rows", "many"], says: '--rows wants a whole number of at least 1, got "many"', why: "no number" },
    { args: ["--prices", "none.json"], says: "none.json cannot be used", why: "no such file" },
  ])("refuses $why with the remedy", async ({ args, says }) => {
    const { code, err } = await outrankCost(...args);

    expect([code, err.join("\n")]).toEqual([2, expect.stringContaining(says)]);
  });

  it("fails when the cloud that was named does not answer", async () => {
    const { code, err } = await outrankCost("--endpoint", nobody);

    expect([code, err.join("")]).toEqual([1, expect.stringContaining(`Nothing answers at ${nobody}`)]);
  });
});
