/** A bill: lines that each say how much of what was counted, at which price, and what had to be assumed. */
import * as z from "zod";
import { listPrices, type Price, type PriceName, type Prices } from "./prices.ts";

export const BillLine = z.object({
  what: z.string(),
  quantity: z.number(),
  price: z.enum(Object.keys(listPrices) as [PriceName, ...PriceName[]]),
  usd: z.number(),
  assumed: z.string().nullable().describe("why the quantity is no more than a guess; null where it is known"),
});
export type BillLine = z.infer<typeof BillLine>;

export const Bill = z.object({
  usd: z.number(),
  lines: z.array(BillLine),
  notCounted: z.array(z.string()).describe("what costs money and is not in the sum"),
});
export type Bill = z.infer<typeof Bill>;

/** What a run has cost, for its record. */
export const RunCost = Bill.extend({
  lines: z.array(BillLine.extend({ price: z.string() })).describe("names of prices may change with the version"),
  pricesOf: z.string().describe("the date of the prices"),
});
export type RunCost = z.infer<typeof RunCost>;

export const usdFor = (quantity: number, { usd, per }: Price): number => (quantity / per) * usd;

/** Makes lines under one table of prices. */
export const lineMaker =
  (prices: Prices = listPrices) =>
  (what: string, quantity: number, price: PriceName, assumed: string | null = null): BillLine => ({
    what,
    quantity,
    price,
    usd: usdFor(quantity, prices[price]),
    assumed,
  });

export const billOf = (lines: readonly BillLine[], notCounted: readonly string[]): Bill => ({
  usd: lines.reduce((sum, line) => sum + line.usd, 0),
  lines: [...lines],
  notCounted: [...new Set(notCounted)],
});

/** Money as people write it; what is less than a cent says so. */
export const money = (usd: number): string =>
  usd > 0 && usd < 0.005
    ? "less than 0.01"
    : usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
