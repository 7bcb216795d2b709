import { describe, expect, it } from "@jest/globals";
import { memoryStore } from "../../../local/cloud/journal/memory-store.ts";
import { metricId, openMetricStore } from "../../../local/cloudwatch/metric-store.ts";
import { createRunningCounts } from "../../../local/cloudwatch/running-counts.ts";

const campaign = { CampaignArn: "arn:campaign/one" };
const id = metricId("AWS/Personalize", "GetRecommendations", [{ Name: "CampaignArn", Value: "arn:campaign/one" }]);

function world() {
  const store = memoryStore();
  let now = Date.parse("2026-11-24T03:00:10Z");
  const counts = createRunningCounts(openMetricStore(store), { now: () => now });
  return {
    counts,
    rows: () => store.table("cloudwatch/minutes").size,
    call: (times = 1) => {
      for (let n = 0; n < times; n++) counts.count("AWS/Personalize", "GetRecommendations", campaign);
    },
    wait: (seconds: number) => (now += seconds * 1000),
    sums: () =>
      counts
        .settled()
        .minutes(id, 0, Infinity)
        .map(({ at, sum, count }) => [new Date(at).toISOString(), sum, count]),
  };
}

describe("calls that are counted", () => {
  it("become one amount a minute, in the minute in which they were made", () => {
    const { call, wait, sums } = world();
    call(3);
    wait(45); // 03:00:55
    call(2);
    wait(10); // 03:01:05
    call();

    expect(sums()).toEqual([
      ["2026-11-24T03:00:00.000Z", 5, 5],
      ["2026-11-24T03:01:00.000Z", 1, 1],
    ]);
  });

  it("are there for whoever reads while their minute runs, and are counted once", () => {
    const { call, sums } = world();
    call(2);
    sums();
    call();

    expect(sums()).toEqual([["2026-11-24T03:00:00.000Z", 3, 3]]);
  });

  it("cost no row each", () => {
    const { call, wait, rows } = world();
    call(1000);
    const whileRunning = rows();
    wait(60);
    call();

    expect([whileRunning, rows()]).toEqual([0, 1]);
  });

  it("of several campaigns are kept apart", () => {
    const { counts, sums, call } = world();
    call();
    counts.count("AWS/Personalize", "GetRecommendations", { CampaignArn: "arn:campaign/two" });

    expect(sums()).toEqual([["2026-11-24T03:00:00.000Z", 1, 1]]);
  });
});
