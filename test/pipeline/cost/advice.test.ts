import { describe, expect, it } from "@jest/globals";
import { Advice } from "../../../pipeline/config/advice.ts";
import { adviceOn, type CampaignUse } from "../../../pipeline/cost/advice.ts";

const policy = Advice.parse({});
const now = "2026-11-24T03:00:00.000Z";
const use = (changes: Partial<CampaignUse>): CampaignUse => ({
  ...{ campaign: "outrank-shop-for-you", minProvisionedTPS: 1, createdAt: "2026-01-01T00:00:00.000Z" },
  requestsPerFiveMinutes: [],
  ...changes,
});

describe("advice on a campaign", () => {
  it("that nobody asks says since when, what it costs and what to do", () => {
    expect(adviceOn(use({}), policy, now)).toEqual([
      "campaign outrank-shop-for-you had 0 requests in 14 days: it costs about 146.12 USD a month (list prices of " +
        "2026-11-24). If nobody needs it: take its solution out of outrank.json, and delete the campaign (npx outrank " +
        "cleanup GROUP takes a whole group down)",
    ]);
  });

  it("that is kept ready for far more than it is asked says what would do, with half as much again as its peak", () => {
    // 600 requests in five minutes are 2 a second; 3 would do, and 7 x 146.12 are saved.
    const [line, ...others] = adviceOn(
      use({ minProvisionedTPS: 10, requestsPerFiveMinutes: [30, 600, 3] }),
      policy,
      now,
    );

    expect(others).toEqual([]);
    expect(line).toContain("kept ready for 10 requests a second, and its busiest five minutes of 14 days had 2");
    expect(line).toContain('"minProvisionedTPS": 3 would save up to 1,022.82 USD a month');
  });

  it.each<{ why: string; changes: Partial<CampaignUse>; says: RegExp | null }>([
    {
      why: "100 requests may all be smoke tests",
      changes: { requestsPerFiveMinutes: [100] },
      says: /had 100 requests/,
    },
    { why: "101 are somebody's", changes: { requestsPerFiveMinutes: [101] }, says: null },
    {
      why: "one that is younger than the time looked at",
      changes: { createdAt: "2026-11-11T00:00:00.000Z" },
      says: null,
    },
    { why: "one of just that age is judged", changes: { createdAt: "2026-11-10T03:00:00.000Z" }, says: /0 requests/ },
    {
      why: "one that would be kept at more than half of its readiness",
      changes: { minProvisionedTPS: 5, requestsPerFiveMinutes: [600] },
      says: null,
    },
    {
      why: "one that would be kept at half of it",
      changes: { minProvisionedTPS: 6, requestsPerFiveMinutes: [600] },
      says: /"minProvisionedTPS": 3/,
    },
    {
      why: "one at the floor cannot be kept for less",
      changes: { minProvisionedTPS: 1, requestsPerFiveMinutes: [200] },
      says: null,
    },
    {
      why: "one that is asked more than it is kept ready for",
      changes: { minProvisionedTPS: 2, requestsPerFiveMinutes: [30_000] },
      says: null,
    },
  ])("speaks only where it can be sure: $why", ({ changes, says }) => {
    const advice = adviceOn(use(changes), policy, now);

    expect(advice).toEqual(says === null ? [] : [expect.stringMatching(says)]);
  });
});
