/** A cost report as tables: each line with its quantity, its price and how sure we are of both. */
import { type Bill, money } from "../../../pipeline/cost/bill.ts";
import type { Price, Prices } from "../../../pipeline/cost/prices.ts";
import type { CostReport } from "../commands/cost.ts";
import { table } from "./table.ts";

export function costText(report: CostReport, prices: Prices): string[] {
  const { groups, stack, usdPerMonth, region, pricesOf } = report;
  return [
    ...groups.flatMap(({ group, data, run, month, runsPerMonth }) => [
      `${group}: one run, about ${money(run.usd)} USD (${data})`,
      ...linesOf(run, prices),
      "",
      `${group}: a month with ${rounded(runsPerMonth)} runs, about ${money(month.usd)} USD`,
      ...linesOf(month, prices),
      "",
    ]),
    `the stack, once: ${money(stack.usd)} USD a month`,
    ...linesOf(stack, prices),
    "",
    `All together about ${money(usdPerMonth)} USD a month: list prices of ${region} as of ${pricesOf}, without free tiers and`,
    "volume discounts. What is marked unverified nobody has looked up: see docs/guides/cost.md, and --prices for your own.",
    ...notCounted(report),
  ];
}

/** A bill's lines as a table. */
export function linesOf({ lines }: Bill, prices: Prices): string[] {
  const rows = lines.map(({ what, quantity, price, usd, assumed }) => [
    what,
    `${rounded(quantity)} ${prices[price].unit}`,
    priceText(prices[price]),
    money(usd),
    assumed ?? "",
  ]);
  return table([["what", "how much", "price", "USD", "assumed"], ...rows], { right: [3], indent: "  " });
}

const priceText = ({ usd, per, certainty }: Price): string =>
  `${usd}${per === 1 ? "" : ` per ${per.toLocaleString("en-US")}`}${certainty === "unverified" ? " (unverified)" : ""}`;

const rounded = (value: number): string =>
  value.toLocaleString("en-US", value < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 });

function notCounted({ groups }: CostReport): string[] {
  const all = [...new Set(groups.flatMap(({ run, month }) => [...run.notCounted, ...month.notCounted]))];
  return all.length === 0 ? [] : ["Not counted:", ...all.map((what) => `  ${what}`)];
}
