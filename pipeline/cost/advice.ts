/**
 * What could be done with less money: a campaign that nobody asks, and one that is kept ready for far more than it is
 * asked. Pure; whoever calls has read how often the campaign was asked.
 */
import type { Advice } from "../config/advice.ts";
import { money } from "./bill.ts";
import { idleCampaignUsd } from "./month-cost.ts";
import { pricesOf } from "./prices.ts";

export interface CampaignUse {
  readonly campaign: string;
  readonly minProvisionedTPS: number;
  /** ISO time; a campaign that is younger than the time looked at is not judged. */
  readonly createdAt: string;
  /** Requests in each five minutes of the last `idleDays` days; periods without any may be left out. */
  readonly requestsPerFiveMinutes: readonly number[];
}

const day = 86_400_000;
/** Over which the service averages requests to bill them. */
const billedSeconds = 300;
/** Kept ready beyond the highest five minutes. */
const headroom = 1.5;

export function adviceOn(use: CampaignUse, { idleDays, idleRequests }: Advice, now: string): string[] {
  if (Date.parse(now) - Date.parse(use.createdAt) < idleDays * day) return [];
  const requests = use.requestsPerFiveMinutes.reduce((sum, count) => sum + count, 0);
  return requests <= idleRequests ? [idle(use, requests, idleDays)] : tooReady(use, idleDays);
}

function idle({ campaign, minProvisionedTPS }: CampaignUse, requests: number, days: number): string {
  const asked = requests === 0 ? "0 requests" : `${requests} requests, which smoke tests may have been,`;
  return (
    `campaign ${campaign} had ${asked} in ${days} days: it costs about ${money(idleCampaignUsd(minProvisionedTPS))} USD a ` +
    `month (list prices of ${pricesOf}). If nobody needs it: take its solution out of outrank.json, and delete the ` +
    `campaign (npx outrank cleanup GROUP takes a whole group down)`
  );
}

/** Said only where at least half could be saved: less is not worth a surprise on a busy day. */
function tooReady({ campaign, minProvisionedTPS, requestsPerFiveMinutes }: CampaignUse, days: number): string[] {
  const peak = requestsPerFiveMinutes.reduce((most, count) => Math.max(most, count), 0) / billedSeconds;
  const enough = Math.max(1, Math.ceil(peak * headroom));
  if (enough > minProvisionedTPS / 2) return [];
  const saved = idleCampaignUsd(minProvisionedTPS) - idleCampaignUsd(enough);
  return [
    `campaign ${campaign} is kept ready for ${minProvisionedTPS} requests a second, and its busiest five minutes of ` +
      `${days} days had ${Number(peak.toPrecision(2))}: "minProvisionedTPS": ${enough} would save up to ${money(saved)} USD a month ` +
      `(list prices of ${pricesOf}); the service goes beyond it by itself`,
  ];
}
