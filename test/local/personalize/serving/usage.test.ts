/** Requests by campaign and window of five minutes: what a bill is made from. */
import { describe, expect, it } from "@jest/globals";
import { memoryStore } from "../../../../local/cloud/journal/memory-store.ts";
import { createUsageMeter, usageWindowMs, type UsageWindow } from "../../../../local/personalize/serving/usage.ts";

function meter() {
  const table = memoryStore().table<UsageWindow>("usage");
  let now = 10 * usageWindowMs;
  return { table, usage: createUsageMeter({ now: () => now }, table), wait: (ms: number) => (now += ms) };
}

describe("the usage meter", () => {
  it("keeps one row for each campaign and window that had requests", () => {
    const { usage, wait } = meter();
    usage.count("a", 1);
    usage.count("a", 2);
    usage.count("b", 1);
    wait(usageWindowMs);
    usage.count("a", 2);

    expect(usage.windows()).toEqual([
      { arn: "a", begin: 10 * usageWindowMs, requests: 2, provisioned: 2 },
      { arn: "b", begin: 10 * usageWindowMs, requests: 1, provisioned: 1 },
      { arn: "a", begin: 11 * usageWindowMs, requests: 1, provisioned: 2 },
    ]);
  });

  it("has counts in the store within ten seconds, and adds up what it puts in parts", () => {
    const { usage, table, wait } = meter();
    usage.count("a", 1);
    const atOnce = table.size;
    wait(10_000);
    usage.count("a", 1);
    const later = table.get(`a ${10 * usageWindowMs}`)?.requests;

    expect([atOnce, later, usage.windows()[0]?.requests]).toEqual([0, 1, 2]);
  });
});
