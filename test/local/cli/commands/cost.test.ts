import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActualReport } from "../../../../local/cli/commands/cost-actual.ts";
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

describe("outrank cost --actual", () => {
  const start = Date.UTC(2026, 0, 5);
  const metered = {
    at: start + 3_600_000,
    entries: [
      {
        ...{ kind: "campaign", datasetGroupArn: "arn:aws:personalize:r:a:dataset-group/shop", name: "live" },
        ...{ arn: "arn:live", recipe: "aws-hrnn", tps: 1, users: 0, from: start },
      },
    ],
    windows: [{ arn: "arn:live", begin: start, requests: 3_700, provisioned: 1 }],
  };
  const server = createServer((request, response) => {
    response.writeHead(request.url === "/_outrank/meter" ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(metered));
  });
  beforeAll(() => new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => new Promise((resolve) => void server.close(resolve)));
  const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  it("tells by kind and dataset group what the calls would have cost, and for which time", async () => {
    const { code, out } = await outrankCost("--actual", "--endpoint", endpoint());

    expect(code).toBe(0);
    expect(out[0]).toBe(
      "From 2026-01-05 00:00 UTC to 2026-01-05 01:00 UTC, the same calls would have cost about 0.39 USD on AWS:",
    ); // 3,600 kept ready and 3,400 requests beyond it: 7,000 x 0.0556 / 1000
    expect(out.join("\n")).toMatch(/campaigns +0\.39/);
    expect(out.join("\n")).toMatch(
      /campaign live: 1 TPS for 1 h, 3700 requests +7,000 requests +0\.0556 per 1,000 +0\.39/,
    );
  });

  it("tells the same as JSON", async () => {
    const { out } = await outrankCost("--actual", "--json", "--endpoint", endpoint());
    const report = JSON.parse(out.join("")) as ActualReport;

    expect([report.usd, report.groups.map(({ group }) => group), report.pricesOf]).toEqual([
      0.3892,
      ["shop"],
      "2026-11-24",
    ]);
  });

  it.each([
    { args: ["--outputs", "x.json"], code: 1, says: "Cost Explorer" },
    { args: ["--endpoint", nobody], code: 1, says: `Nothing answers at ${nobody}` },
    { args: ["--since", "soon"], code: 2, says: "--since wants a date or time such as 2026-11-24" },
  ])("ends with $code and the remedy for $args", async ({ args, code: expected, says }) => {
    const at = args.includes("--endpoint") || args.includes("--outputs") ? [] : ["--endpoint", endpoint()];
    const { code, err } = await outrankCost("--actual", ...at, ...args);

    expect([code, err.join("")]).toEqual([expected, expect.stringContaining(says)]);
  });
});
