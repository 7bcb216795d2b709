/** What a month costs: the runs of a group, what its campaigns are billed for waiting, and what watches over them. */
import type { DatasetGroup } from "../config/dataset-group.ts";
import { type Bill, billOf, type BillLine, lineMaker, usdFor } from "./bill.ts";
import { listPrices, type Prices } from "./prices.ts";
import { isBilledByInteractions } from "./run-cost.ts";

/** An average month. */
export const hoursPerMonth = 730;
const gigabyte = 2 ** 30;

/** What watches over a group: alarms in the template, at most (a test counts them), and metrics that its runs publish. */
export const watchers = ({ solutions }: Pick<DatasetGroup, "solutions">) => ({
  alarms: 20 + solutions.length,
  metrics: 4 + 6 * solutions.length,
});

/** What a run leaves behind in the services around it, about. */
const perRun = { events: 3, writes: 60, logGigabytes: 0.001 };

export interface MonthUse {
  readonly runs: number;
  readonly runsAssumed: string | null;
  /** Of the upload folders, as they lie there. */
  readonly storedBytes: number;
  /** Requests to all the group's campaigns together; null: as few as the provisioned TPS covers. */
  readonly requests: number | null;
}

/** What a campaign can answer in a month without being billed for more than its floor. */
export const provisionedRequests = (minProvisionedTPS: number): number => minProvisionedTPS * hoursPerMonth * 3_600;

/** USD a month for a campaign that nobody asks. */
export const idleCampaignUsd = (minProvisionedTPS: number, prices: Prices = listPrices): number =>
  usdFor(provisionedRequests(minProvisionedTPS), prices.requests);

export function monthOfGroup(group: DatasetGroup, run: Bill, use: MonthUse, prices: Prices = listPrices): Bill {
  const line = lineMaker(prices);
  const { alarms, metrics } = watchers(group);
  const runs = run.lines.map((each) => ({
    ...each,
    quantity: each.quantity * use.runs,
    usd: each.usd * use.runs,
    assumed: [use.runsAssumed, each.assumed].filter((reason) => reason !== null).join("; ") || null,
  }));
  return billOf(
    [
      ...runs,
      ...campaignLines(group, use, prices),
      line("uploads kept", use.storedBytes / gigabyte, "storage"),
      line("alarms", alarms, "alarms", "at most"),
      line("metrics", metrics, "metrics"),
      line("objects written", perRun.writes * use.runs, "writes", "60 a run"),
      line("logs", perRun.logGigabytes * use.runs, "logs", "a megabyte a run"),
      line("events", perRun.events * use.runs, "events", "3 a run"),
    ],
    [...run.notCounted, "traces, mails, reads and data transfer: cents, or outside the pipeline"],
  );
}

/** The larger of the floor and the requests, which the campaigns share equally. */
function campaignLines({ solutions }: DatasetGroup, { requests }: MonthUse, prices: Prices): BillLine[] {
  const line = lineMaker(prices);
  const share = (requests ?? 0) / solutions.length;
  return solutions.map(({ name, recipe, campaign }) => {
    const floor = provisionedRequests(campaign.minProvisionedTPS);
    const idle = line(
      `campaign ${campaign.name ?? name}: ${campaign.minProvisionedTPS} TPS kept ready`,
      floor,
      "requests",
      isBilledByInteractions(recipe) ? "the floor of a v2 campaign is not known; that of the others is taken" : null,
    );
    const asked = line(
      `campaign ${campaign.name ?? name}`,
      share,
      isBilledByInteractions(recipe) ? "requestsV2" : "requests",
    );
    return asked.usd > idle.usd ? asked : idle;
  });
}

/** What the whole stack has once, however many groups there are. */
export const monthOfStack = ({ hasKey }: { readonly hasKey: boolean }, prices: Prices = listPrices): Bill => {
  const line = lineMaker(prices);
  return billOf([line("dashboard", 1, "dashboards"), ...(hasKey ? [line("customer key", 1, "keys")] : [])], []);
};
