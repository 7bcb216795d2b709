/**
 * How much there is to learn from: interactions, users, and users with two or more, after a solution's event filter. The
 * service checks these only at training, after the import has been paid for; we check them before.
 */
import type { DecisionPolicy } from "../config/decision-policy.ts";
import type { Sample } from "../gate/evidence.ts";
import type { EventFilter } from "../planning/run.ts";
import type { RowListener } from "./dataset-check.ts";

export interface SampleCount {
  readonly listen: RowListener;
  sample(): Sample;
  /** The busiest users, at most `count`, ties in order of appearance: known users for the smoke test. */
  busiestUsers(count: number): string[];
  /** The items with the most interactions and their shares of all interactions, at most `count`. */
  mostPopular(count: number): [string, number][];
}

function passes({ eventType, valueThreshold }: EventFilter, value: (column: string) => string): boolean {
  if (eventType !== null && value("EVENT_TYPE") !== eventType) return false;
  if (valueThreshold === null) return true;
  const eventValue = value("EVENT_VALUE");
  return eventValue !== "" && Number(eventValue) >= valueThreshold;
}

const largest = (counts: ReadonlyMap<string, number>, count: number): [string, number][] =>
  [...counts].sort((a, b) => b[1] - a[1]).slice(0, count);

export function createSampleCount(filter: EventFilter): SampleCount {
  const rowsByUser = new Map<string, number>();
  const rowsByItem = new Map<string, number>();
  let interactions = 0;
  return {
    listen(value) {
      if (!passes(filter, value)) return;
      interactions += 1;
      const user = value("USER_ID");
      rowsByUser.set(user, (rowsByUser.get(user) ?? 0) + 1);
      const item = value("ITEM_ID");
      rowsByItem.set(item, (rowsByItem.get(item) ?? 0) + 1);
    },
    sample() {
      let usersWithTwo = 0;
      for (const rows of rowsByUser.values()) if (rows >= 2) usersWithTwo += 1;
      return { interactions, users: rowsByUser.size, usersWithTwo };
    },
    busiestUsers: (count) => largest(rowsByUser, count).map(([user]) => user),
    mostPopular: (count) => largest(rowsByItem, count).map(([item, rows]) => [item, rows / interactions]),
  };
}

/** The larger of each count: of data that only grow, both are lower bounds. */
export const largerOf = (a: Sample, b: Sample): Sample => ({
  interactions: Math.max(a.interactions, b.interactions),
  users: Math.max(a.users, b.users),
  usersWithTwo: Math.max(a.usersWithTwo, b.usersWithTwo),
});

/** Why the service would refuse to train on this, one line a minimum; empty when it would not. */
export function minimumFaults(solution: string, sample: Sample, { minSample }: DecisionPolicy): string[] {
  const onePercent = Math.ceil(sample.users / 100);
  const minimums: readonly [string, number, number][] = [
    ["interactions after the event filter", sample.interactions, minSample.interactions],
    ["users with two or more interactions", sample.usersWithTwo, Math.max(minSample.usersWithTwo, onePercent)],
  ];
  return minimums
    .filter(([, observed, least]) => !(observed >= least))
    .map(([what, observed, least]) => `solution ${solution}: ${observed} ${what}, at least ${least} are needed`);
}
