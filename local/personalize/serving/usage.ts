/**
 * What the service bills campaigns and recommenders by: requests in windows of five minutes, beside the least that was
 * provisioned in that window (minProvisionedTPS, minRecommendationRequestsPerSecond). Nothing is throttled by it.
 *
 * Counted in memory and put into the store at most every ten seconds, at the end of a window, and when somebody reads or the process
 * closes: `kill -9` loses ten seconds of counts, and no request waits for a disk.
 */
import type { Clock } from "../../cloud/ports/clock.ts";
import type { Table } from "../../cloud/ports/store.ts";

export const usageWindowMs = 5 * 60_000;
const putEveryMs = 10_000;

/** One window of one campaign or recommender; a window without requests has none. */
export interface UsageWindow {
  /** Of the campaign or recommender. */
  readonly arn: string;
  /** Epoch milliseconds; the window ends `usageWindowMs` later. */
  readonly begin: number;
  readonly requests: number;
  /** Transactions a second provisioned when the window's last request came. */
  readonly provisioned: number;
}

export interface UsageMeter {
  count(arn: string, provisioned: number): void;
  /** Every window so far, the running one included, in the order of their first put. */
  windows(): UsageWindow[];
  /** Puts what is still in memory; the caller commits. */
  settle(): void;
}

export function createUsageMeter({ now }: Pick<Clock, "now">, table: Table<UsageWindow>): UsageMeter {
  /** By ARN, of the running window; requests since the last put. */
  const running = new Map<string, { requests: number; provisioned: number }>();
  let begin = 0;
  let lastPut = 0;

  function settle(): void {
    for (const [arn, { requests, provisioned }] of running) {
      const key = `${arn} ${begin}`;
      const before = table.get(key)?.requests ?? 0;
      table.put(key, { arn, begin, requests: before + requests, provisioned });
    }
    running.clear();
  }

  return {
    count(arn, provisioned) {
      const at = now();
      const window = at - (at % usageWindowMs);
      if (window !== begin || at - lastPut >= putEveryMs) {
        settle();
        begin = window;
        lastPut = at;
      }
      const found = running.get(arn);
      if (!found) return void running.set(arn, { requests: 1, provisioned });
      found.requests += 1;
      found.provisioned = provisioned;
    },
    windows() {
      settle();
      return [...table.values()];
    },
    settle,
  };
}
