/** Bills worked out by hand: each kind of row at the prices of 2026-11-24. */
import { describe, expect, it } from "@jest/globals";
import { actualCost, Metered } from "../../../pipeline/cost/actual-cost.ts";

const start = Date.UTC(2026, 0, 5);
const hour = 3_600_000;
const of = (group: string, name: string) => ({
  datasetGroupArn: `arn:aws:personalize:r:a:dataset-group/${group}`,
  name,
});
const at = start + 2 * hour;

const training = (more: object = {}) => ({
  ...{ kind: "training", ...of("shop", "next"), at: start, recipe: "aws-hrnn", hours: 0.012 },
  ...{ interactions: 1_000_000, trainings: 1, ...more },
});
const campaign = (more: object = {}) => ({
  ...{ kind: "campaign", ...of("shop", "live"), arn: "arn:live", recipe: "aws-hrnn", tps: 1, users: 0, from: start },
  ...more,
});
const billed = (entries: object[], windows: object[] = [], options = {}) =>
  actualCost(Metered.parse({ at, entries, windows }), options);
const lines = (entries: object[], windows: object[] = [], options = {}) =>
  billed(entries, windows, options).groups.flatMap(({ bill }) => bill.lines);

describe("actualCost", () => {
  it("bills windows of a campaign for the larger of requests and what was kept ready", () => {
    const windows = [
      { arn: "arn:live", begin: start + 600_000, requests: 600 }, // 300 beyond 1 TPS x 300 s
      { arn: "arn:live", begin: start + 900_000, requests: 100 }, // less than was kept ready
      { arn: "arn:other", begin: start + 900_000, requests: 9_000 },
    ];
    const [line] = lines([campaign()], windows);

    expect(line).toMatchObject({
      what: "campaign live: 1 TPS for 2 h, 700 requests",
      quantity: 7_500,
      price: "requests",
    });
    expect(line?.usd).toBeCloseTo(0.417, 9); // 7.5 x 0.0556
  });

  it("bills a campaign that was deleted, and one whose TPS changed, for the time of each", () => {
    const entries = [
      campaign({ tps: 2, to: start + hour / 2 }),
      campaign({ from: start + hour / 2, to: start + hour }),
    ];

    expect(lines(entries).map(({ quantity }) => quantity)).toEqual([3_600, 1_800]); // 2 x 1800 s, 1 x 1800 s
  });

  it("bills v2 campaigns by requests where these cost more than the floor", () => {
    const v2 = campaign({ recipe: "aws-user-personalization-v2" });
    const busy = [{ arn: "arn:live", begin: start, requests: 10_000 }];

    expect(lines([v2], busy)[0]).toMatchObject({ quantity: 10_000, price: "requestsV2", usd: 1.5 }); // 10 x 0.15
    expect(lines([v2])[0]).toMatchObject({ quantity: 7_200, price: "requests", assumed: expect.any(String) });
  });

  it("bills trainings by the service's public bills, by interactions, or by the hours of here where they are more", () => {
    const entries = [
      training(),
      training({ recipe: "aws-user-personalization-v2" }),
      training({ interactions: 0, hours: 0.5 }), // stopped
      training({ trainings: 3 }),
    ];

    expect(lines(entries).map(({ usd }) => Number(usd.toFixed(6)))).toEqual([1.0008, 2, 0.12, 3.0024]); // 4.17 h x 0.24
    expect(lines([training()], [], { measuredHours: true })[0]?.quantity).toBe(0.012);
  });

  it("bills imports, sent records, batch jobs and recommenders", () => {
    const entries = [
      { kind: "import", ...of("shop", "first"), at: start, bytes: 2 ** 30 },
      { kind: "sent", ...of("shop", "sent records"), at: start, bytes: 2 ** 29 },
      { kind: "batch", ...of("shop", "mail"), at: start, job: "inference", records: 2_000, users: 0 },
      { kind: "batch", ...of("shop", "fans"), at: start, job: "segment", records: 3, users: 1_000 },
      campaign({ kind: "recommender", name: "picks", users: 50_000 }),
    ];
    const cost = billed(entries);

    expect(cost.kinds).toMatchObject({ training: 0, campaigns: 0 });
    expect(cost.kinds.ingestion).toBeCloseTo(0.075, 9);
    expect(cost.kinds["batch jobs"]).toBeCloseTo(0.182, 9); // 2 x 0.067 + 3 x 0.016
    expect(cost.kinds.recommenders).toBeCloseTo(0.375, 9); // 50,000 users x 2 h
    expect(cost.usd).toBeCloseTo(0.632, 9);
    expect(cost.groups[0]?.bill.notCounted).toEqual(["requests to recommenders beyond what their users pay for"]);
  });

  it("keeps dataset groups apart, and looks at one or at a part of the time when told", () => {
    const entries = [training(), { ...training(), ...of("club", "next"), at: start + hour }];

    expect(billed(entries).groups.map(({ group }) => group)).toEqual(["club", "shop"]);
    expect(billed(entries, [], { group: "shop" }).groups.map(({ group }) => group)).toEqual(["shop"]);
    expect(billed(entries, [], { since: start + 1 }).groups.map(({ group }) => group)).toEqual(["club"]);
    expect(lines([campaign()], [], { since: start + hour })[0]?.quantity).toBe(3_600);
  });

  it("says which time it looked at", () => {
    expect(billed([training({ at: start + hour })])).toMatchObject({
      from: "2026-01-05T01:00:00.000Z",
      to: "2026-01-05T02:00:00.000Z",
    });
    expect(billed([])).toMatchObject({ usd: 0, groups: [] });
  });
});
