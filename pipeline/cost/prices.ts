/**
 * What AWS asks, as one table: list prices of us-east-1 in USD. Each says in which unit it is billed and how sure we are
 * of it. Free tiers and volume discounts are left out, so that a sum is rather too high than too low.
 */
import * as z from "zod";

export const priceRegion = "us-east-1";

/** When this table was last gone through. `outrank cost --prices FILE` puts newer or negotiated prices in its place. */
export const pricesOf = "2026-11-24";

export interface Price {
  readonly usd: number;
  /** So many units for that money. */
  readonly per: number;
  readonly unit: string;
  /**
   * `published`: several public sources of 2024 to 2026 agree. `unverified`: remembered from AWS's price page, without a
   * second source at hand; look it up before you rely on it.
   */
  readonly certainty: "published" | "unverified" | "own";
}

const published = (usd: number, per: number, unit: string): Price => ({ usd, per, unit, certainty: "published" });
const unverified = (usd: number, per: number, unit: string): Price => ({ usd, per, unit, certainty: "unverified" });

export const listPrices = {
  /** Personalize: bulk data and events alike. */
  ingestion: published(0.05, 1, "GB"),
  /** An hour of 4 vCPU and 8 GiB: the service often bills more of them than the clock shows. */
  trainingHours: published(0.24, 1, "training hours"),
  /** Recipes of the second generation are billed by what is in the dataset, before any event filter. */
  trainedInteractions: unverified(0.002, 1_000, "interactions"),
  /** A campaign is billed for the larger of its requests and what its provisioned TPS could have served. */
  requests: published(0.0556, 1_000, "requests"),
  requestsV2: unverified(0.15, 1_000, "requests"),
  /** Of the first 100,000 users; each pays for some requests, what is beyond is billed as well. */
  recommenderUserHours: published(0.375, 100_000, "user-hours"),
  batchUsers: unverified(0.067, 1_000, "users"),
  segmentedUsers: unverified(0.016, 1_000, "users"),

  transitions: published(0.025, 1_000, "state transitions"),
  lambdaCompute: published(0.0133334, 1_000, "GB-seconds"),
  lambdaRequests: published(0.2, 1_000_000, "invocations"),
  storage: published(0.023, 1, "GB-months"),
  writes: published(0.005, 1_000, "PUT and LIST requests"),
  glue: published(0.44, 1, "DPU-hours"),
  alarms: published(0.1, 1, "alarm-months"),
  dashboards: published(3, 1, "dashboard-months"),
  metrics: published(0.3, 1, "metric-months"),
  logs: published(0.5, 1, "GB of logs"),
  events: published(1, 1_000_000, "events"),
  keys: published(1, 1, "key-months"),
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof listPrices;
export type Prices = Readonly<Record<PriceName, Price>>;

/** A file of prices in the place of ours: a date, and the price of one unit as this table counts them. */
export const PriceFile = z.strictObject({
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "a date such as 2026-11-24"),
  usd: z.partialRecord(z.enum(Object.keys(listPrices) as [PriceName, ...PriceName[]]), z.number().nonnegative()),
});
export type PriceFile = z.infer<typeof PriceFile>;

/** Our table with the file's prices, each for the same number of units as the one that it replaces. */
export function pricesFrom({ usd }: PriceFile): Prices {
  const own = Object.entries(usd).map(([name, price]) => [
    name,
    { ...listPrices[name as PriceName], usd: price, certainty: "own" },
  ]);
  return { ...listPrices, ...(Object.fromEntries(own) as Partial<Prices>) };
}
