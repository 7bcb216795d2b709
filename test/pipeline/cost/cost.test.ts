import { describe, expect, it } from "@jest/globals";
import { resolveConfig } from "../../../pipeline/config/outrank-config.ts";
import { money } from "../../../pipeline/cost/bill.ts";
import { idleCampaignUsd, monthOfGroup, monthOfStack } from "../../../pipeline/cost/month-cost.ts";
import { plannedWork } from "../../../pipeline/cost/planned-work.ts";
import { listPrices, PriceFile, pricesFrom } from "../../../pipeline/cost/prices.ts";
import { assumedHours, runCost, type RunWork } from "../../../pipeline/cost/run-cost.ts";
import { runsPerMonth } from "../../../pipeline/cost/runs-per-month.ts";
import { configInput, noFiles } from "../../support/run-fixtures.ts";

const halfGigabyte = 2 ** 29;
const tenMillion = 10_000_000;

function group(changes: object = {}) {
  const [shop] = configInput().datasetGroups;
  const [resolved] = resolveConfig({ datasetGroups: [{ ...shop, ...changes }] }, noFiles).datasetGroups;
  return resolved!;
}
const work = (changes: Partial<RunWork> = {}): RunWork => ({
  ...plannedWork(group(), { bytes: halfGigabyte, interactions: tenMillion, trainingHours: null }),
  ...changes,
});
const cents = (usd: number) => Math.round(usd * 100) / 100;

describe("the cost of a run", () => {
  it("is the sum of its import, trainings, checks and steps, worked out by hand", () => {
    const bill = runCost(work());

    expect(bill.lines.map(({ what, usd }) => [what, Number(usd.toFixed(6))])).toEqual([
      ["data import", 0.025], // 0.5 GB at 0.05
      ["training of for-you (aws-user-personalization-v2)", 20], // 10,000 thousands at 0.002
      ["training of baseline (aws-popularity-count)", 0.264], // 1.1 hours at 0.24
      ["data quality", 0.366667], // 2 datasets x 5 DPU x 5/60 hours at 0.44
      ["state machine", 0.00375], // 150 at 0.025 a thousand
      ["functions", 0.000782], // 5 GB-seconds, and 2 GB for 26.84 s, at 0.0133334 a thousand
      ["calls of functions", 0.000004], // 20 at 0.2 a million
    ]);
    expect(bill.usd).toBeCloseTo(20.6602, 4);
    expect(bill.notCounted).toEqual([]);
  });

  it.each([
    { recipe: "aws-user-personalization-v2", hours: 7, interactions: 1_000, usd: 0.002, why: "v2 is billed by rows" },
    { recipe: "aws-user-personalization", hours: 2, interactions: 1_000, usd: 0.48, why: "the others by known hours" },
    { recipe: "aws-hrnn", hours: null, interactions: 1_000_000, usd: 1.0008, why: "or by 2.1 + 2.07 hours guessed" },
    { recipe: "aws-popularity-count", hours: null, interactions: 9_000_000, usd: 0.264, why: "counting stays short" },
  ])("bills a training of $recipe with $usd: $why", ({ recipe, hours, interactions, usd }) => {
    const trainings = [{ name: "x", recipe, hours, searches: 1 }];
    const [line] = runCost(work({ importedBytes: 0, interactions, trainings })).lines;

    expect(line?.usd).toBeCloseTo(usd, 6);
  });

  it("guesses hours that fit the trainings whose bill is public", () => {
    expect(assumedHours("aws-user-personalization", 100_000)).toBeCloseTo(2.135, 0);
    expect(assumedHours("aws-user-personalization", 25_000_000)).toBeCloseTo(53.9, 0);
  });

  it("counts batch jobs by the users that somebody told", () => {
    const jobs = {
      batchInference: [{ name: "mails", solution: "for-you" }],
      batchSegments: [{ name: "fans", recipe: "aws-item-affinity" }],
    };
    const expected = { bytes: 0, interactions: 1, trainingHours: 0 };
    const lines = (batchUsers?: number) =>
      runCost(plannedWork(group({ followUp: jobs }), { ...expected, batchUsers })).lines.filter(({ what }) =>
        what.startsWith("batch"),
      );

    expect(lines(100_000).map(({ what, usd }) => [what, cents(usd)])).toEqual([
      ["batch job mails", 6.7],
      ["batch job fans", 1.6],
    ]);
    expect(lines()).toEqual([]);
  });

  it("names what it cannot count, instead of taking it for nothing", () => {
    const trainings = [
      { name: "a", recipe: "aws-hrnn", hours: null, searches: 1 },
      { name: "b", recipe: "aws-user-personalization-v2", hours: 1, searches: 1 },
    ];
    const bill = runCost(work({ interactions: null, trainings }));

    expect(bill.lines.some(({ what }) => what.startsWith("training"))).toBe(false);
    expect(bill.notCounted).toEqual([
      "training of a (aws-hrnn): its billed hours are not known",
      "training of b (aws-user-personalization-v2): nobody counted the interactions",
    ]);
  });
});

describe("the work of a planned run", () => {
  it("trains a baseline once for all candidates that can share it, and every search of a hyperparameter search", () => {
    const solution = (name: string, more: object = {}) => ({ name, recipe: "aws-hrnn", ...more });
    const hpoConfig = { hpoResourceConfig: { maxNumberOfTrainingJobs: "4" } };
    const { trainings } = plannedWork(
      group({
        solutions: [
          solution("one", { performHPO: true, config: { hpoConfig } }),
          solution("two"),
          solution("three", { eventType: "buy" }),
        ],
      }),
      { bytes: 1, interactions: 1, trainingHours: null },
    );

    expect(trainings.map(({ name, searches }) => [name, searches])).toEqual([
      ["one", 4],
      ["two", 1],
      ["three", 1],
      ["baseline", 1], // of one and two
      ["baseline", 1], // of three, which counts other events
    ]);
  });
});

describe("the cost of a month", () => {
  const use = { runs: 4, runsAssumed: null, storedBytes: halfGigabyte, requests: null };

  it("is its runs, its campaigns' floor and what watches, worked out by hand", () => {
    const month = monthOfGroup(group(), runCost(work()), use);

    expect(cents(month.lines.find(({ what }) => what.startsWith("campaign"))!.usd)).toBe(146.12); // 2,628,000 requests
    // 4 x 20.6602 + 146.1168 + 0.5 GB x 0.023 + 21 alarms x 0.1 + 10 metrics x 0.3, and 0.003 for 240 objects and 4 MB
    expect(cents(month.usd)).toBe(233.87);
  });

  it("bills requests instead of the floor once they are dearer", () => {
    const line = (requests: number) =>
      monthOfGroup(group(), runCost(work()), { ...use, requests }).lines.find(({ what }) =>
        what.startsWith("campaign"),
      )!;

    expect(cents(line(900_000).usd)).toBe(146.12); // 900 thousands at 0.15 are 135
    expect(cents(line(1_000_000).usd)).toBe(150);
    expect(line(1_000_000).price).toBe("requestsV2");
  });

  it("counts the dashboard once, and a key of the stack's own", () => {
    expect([monthOfStack({ hasKey: false }).usd, monthOfStack({ hasKey: true }).usd]).toEqual([3, 4]);
  });

  it("knows what a campaign costs that nobody asks", () => {
    expect([1, 10].map((tps) => cents(idleCampaignUsd(tps)))).toEqual([146.12, 1461.17]);
  });
});

describe("runs per month", () => {
  it.each([
    { expression: "rate(7 days)", runs: 730 / 168, why: "a rate is exact" },
    { expression: "rate(12 hours)", runs: 730 / 12, why: "twice a day" },
    { expression: "cron(0 3 ? * MON *)", runs: 730 / 168, why: "once a week" },
    { expression: "cron(0 3 ? * MON,THU *)", runs: (2 * 730) / 168, why: "twice a week" },
    { expression: "cron(0/30 8-17 ? * 2-6 *)", runs: (20 * 5 * 730) / 168, why: "20 times on each working day" },
    { expression: "cron(0 3 * * ? *)", runs: 730 / 24, why: "every day" },
    {
      expression: "cron(0 3 1,15 * ? *)",
      runs: ((2 / 31) * 730) / 24,
      why: "two days of a month, some of which lack it",
    },
    { expression: "cron(0 3 L * ? *)", runs: 1, why: "the last day of a month" },
    { expression: "cron(0 3 ? JAN-JUN 2#1 *)", runs: 0.5, why: "the first Monday, half of the year" },
  ])("of $expression: $why", ({ expression, runs }) => {
    expect(runsPerMonth({ expression })).toBeCloseTo(runs, 9);
  });
});

describe("prices", () => {
  it("of a file take the place of ours, for the same units", () => {
    const prices = pricesFrom(PriceFile.parse({ date: "2027-01-01", usd: { trainedInteractions: 0.001 } }));

    expect(prices.trainedInteractions).toMatchObject({ usd: 0.001, per: 1_000, certainty: "own" });
    expect(prices.ingestion).toBe(listPrices.ingestion);
    expect(runCost(work(), prices).lines[1]?.usd).toBe(10);
  });

  it("of a file must have names that we know", () => {
    expect(() => PriceFile.parse({ date: "2027-01-01", usd: { trainings: 1 } })).toThrow(/trainings/);
  });

  it.each([
    [0, "0.00"],
    [0.004, "less than 0.01"],
    [0.005, "0.01"],
    [1234.5, "1,234.50"],
  ])("of %d USD are written as %s", (usd, text) => {
    expect(money(usd)).toBe(text);
  });
});
