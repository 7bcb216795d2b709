/** What was really done, at AWS's prices, as tables: by dataset group and by kind. */
import { money } from "../../../pipeline/cost/bill.ts";
import type { ActualCost } from "../../../pipeline/cost/actual-cost.ts";
import type { Prices } from "../../../pipeline/cost/prices.ts";
import { linesOf } from "./cost-text.ts";
import { table } from "./table.ts";

const minute = (iso: string) => `${iso.slice(0, 16).replace("T", " ")} UTC`;

export function actualCostText(
  { from, to, groups, kinds, usd }: ActualCost,
  { prices, date, region }: { readonly prices: Prices; readonly date: string; readonly region: string },
): string[] {
  if (groups.length === 0) return [`Nothing that AWS bills was done from ${minute(from)} to ${minute(to)}.`];
  const rows = Object.entries(kinds).map(([kind, cost]) => [kind, money(cost)]);
  const left = [...new Set(groups.flatMap(({ bill }) => bill.notCounted))];
  return [
    `From ${minute(from)} to ${minute(to)}, the same calls would have cost about ${money(usd)} USD on AWS:`,
    ...table([["kind", "USD"], ...rows], { right: [1], indent: "  " }),
    "",
    ...groups.flatMap(({ group, bill }) => [`${group}: about ${money(bill.usd)} USD`, ...linesOf(bill, prices), ""]),
    `List prices of ${region} as of ${date}, without free tiers and volume discounts. What is marked unverified nobody has`,
    "looked up: see docs/guides/cost.md, and --prices for your own.",
    ...(left.length === 0 ? [] : ["Not counted:", ...left.map((what) => `  ${what}`)]),
  ];
}
