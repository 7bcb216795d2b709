/** With a model on air: what keeps it there, whatever else happens (R1, R7, R9), and what a kept run says. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { DescribeCampaignCommand, ListCampaignsCommand } from "@aws-sdk/client-personalize";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { changeMetrics, createFaultPort, type FaultPort, type MetricsByName, notices } from "../support/fault-port.ts";
import type { RunRecord } from "../../pipeline/records/run-record.ts";
import { type Stack, startStack } from "../support/stack.ts";

const primary = "normalized_discounted_cumulative_gain_at_25";
const live = { coverage: 0.5, precision_at_25: 0.04, [primary]: 0.3 };
const better = { ...live, [primary]: 0.5 };
const popular = { coverage: 0.2, precision_at_25: 0.02, [primary]: 0.1 };

const without = (metrics: MetricsByName, name: string) =>
  Object.fromEntries(Object.entries(metrics).filter(([key]) => key !== name));

/** Each is a solution with a campaign of its own, so that one run judges them all. Live ones stand 2 above the baseline. */
const losers = [
  { name: "ties", code: "BASELINE_NOT_BEATEN", now: popular, why: "ties the baseline" },
  { name: "worse", code: "BASELINE_NOT_BEATEN", now: { ...live, [primary]: 0.09 }, why: "is worse than popular items" },
  { name: "missing", code: "METRIC_MISSING", now: without(live, primary), why: "has no primary metric" },
  { name: "nan", code: "METRIC_MISSING", now: { ...live, [primary]: Number.NaN }, why: "has NaN for a metric" },
  {
    name: "nan-text",
    code: "METRIC_MISSING",
    now: { ...live, [primary]: "NaN" },
    why: "has NaN as the wire writes it",
  },
  { name: "null", code: "METRIC_MISSING", now: { ...live, [primary]: null }, why: "has null for a metric" },
  { name: "same", code: "REGRESSION", now: live, why: "ties the live version" },
  { name: "fallen", code: "REGRESSION", now: { ...live, [primary]: 0.2 }, why: "has half the live version's lift" },
  { name: "narrow", code: "GUARDRAIL", now: { ...better, coverage: 0.3 }, why: "covers far fewer items" },
  { name: "hitless", code: "GUARDRAIL", now: { ...better, precision_at_25: 0 }, why: "has no hits" },
  { name: "leaky", code: "IMPLAUSIBLE", now: { ...live, [primary]: 0.99 }, why: "is too good to be true" },
];

let stack: Stack;
let port: FaultPort;
let judged: RunRecord;
let before: Record<string, unknown>;

/** One more run by hand on the same data, in which the service reports these numbers. */
async function runWith(candidate: (name: string) => MetricsByName | undefined, baseline: MetricsByName | undefined) {
  const restore = changeMetrics(port, (name) => (name === "baseline" ? baseline : candidate(name)));
  const arn = await stack.begin("club");
  await stack.rest();
  restore();
  const record = (await stack.records("club")).find((each) => each.executionArn === arn);
  if (!record) throw new Error(`no record of ${arn}`);
  return record;
}

/** All campaigns as they are, by ARN, and how often anybody asked for a change. */
async function serving() {
  const { campaigns = [] } = await stack.personalize.send(new ListCampaignsCommand({}));
  const described = await Promise.all(
    campaigns.map(({ campaignArn }) => stack.personalize.send(new DescribeCampaignCommand({ campaignArn }))),
  );
  const byArn = Object.fromEntries(described.map(({ campaign }) => [campaign?.campaignArn ?? "", campaign]));
  return { ...byArn, changes: port.inputs("CreateCampaign", "UpdateCampaign").length };
}

beforeAll(async () => {
  port = createFaultPort();
  const solutions = losers.map(({ name }) => ({
    ...{ name, recipe: "aws-popularity-count", decision: { profile: "demo" } },
    // These candidates show everybody the same, which the smoke test would rightly refuse; it has tests of its own.
    rollback: { smokeTest: { enabled: false } },
  }));
  const quotas = { solutionsPerDatasetGroup: 20, campaignsPerDatasetGroup: 20 };
  const config = communitiesConfig({ group: { solutions } });
  stack = await startStack({ config, fault: port.fault, personalize: { quotas } });
  const restore = changeMetrics(port, (solution) => (solution === "baseline" ? popular : live));
  const users = { users: 90 };
  await stack.drop({
    "club/interactions/interactions.csv": interactionsCsv(users),
    "club/items/items.csv": itemsCsv(),
  });
  await stack.rest();
  restore();
  before = await serving();
  judged = await runWith((name) => losers.find((loser) => loser.name === name)?.now, popular);
}, 180_000); // two whole runs of eleven contests
afterAll(() => stack.close());

describe("the live version stays when the candidate", () => {
  it.each(losers)("$why ($code)", ({ name, code }) => {
    const contest = judged.contests.find(({ solution }) => solution === name);

    expect(contest).toMatchObject({ outcome: "KEEP", failure: null });
    expect(contest?.reasonCodes[0]).toBe(code); // the first rule to fail; a missing number fails several
    expect(contest?.decision?.incumbent?.known).not.toBeNull();
  });

  it.each([
    {
      code: "METRIC_MISSING",
      now: live,
      baseline: without(popular, primary),
      why: "has a baseline without the metric",
    },
    {
      code: "METRIC_MISSING",
      now: live,
      baseline: { ...popular, [primary]: "NaN" },
      why: "has a baseline that is NaN",
    },
    { code: "BASELINE_STALE", now: live, baseline: undefined, why: "has a baseline for which there are no metrics" },
    {
      ...{ code: "REGRESSION", now: { ...live, [primary]: 0.4 }, baseline: { ...popular, [primary]: 0.3 } },
      why: "has a bigger number, but only because the data got easier",
    },
  ])("$why ($code)", async ({ code, now, baseline }) => {
    const record = await runWith(() => now, baseline);

    expect(record).toMatchObject({ outcome: "KEEP", failure: null });
    for (const { reasonCodes } of record.contests) expect(reasonCodes).toContain(code);
    expect(await serving()).toEqual(before);
  });

  it("whatever the reason, without the campaign even being asked to change (R1)", async () => {
    expect(judged.contests).toHaveLength(losers.length);
    expect(before).toHaveProperty("changes", losers.length); // each was created, once
    expect(await serving()).toEqual(before);
  });
});

describe("a kept run", () => {
  it("succeeds, and has a line for each rule in the record and in the notice (R9)", async () => {
    const rules = judged.contests[0]?.decision?.verdict.rules ?? [];
    const notice = notices(port).find(({ Message }) => Message.includes(judged.runId));
    expect(notice?.Subject).toBe("Outrank club: the live model stays");
    expect(rules.map((rule) => rule.name)).toEqual(
      expect.arrayContaining([
        "candidate is ready",
        "better than the baseline",
        "no regression against the live version",
      ]),
    );
    const lines = notice?.Message.match(/^ +(pass|FAIL|skip) /gm);
    expect(lines).toHaveLength(judged.contests.flatMap(({ decision }) => decision?.verdict.rules ?? []).length);
    const execution = (await stack.executions("club")).find(({ arn }) => arn === judged.executionArn);
    expect(execution).toMatchObject({ status: "SUCCEEDED", output: { outcome: "KEEP" } });
  });

  it("names the live version, its lift then and the candidate's lift now", () => {
    const decision = judged.contests.find(({ solution }) => solution === "fallen")?.decision;
    const campaign = before[decision?.campaignArn ?? ""];
    expect(campaign).toMatchObject({ solutionVersionArn: decision?.incumbent?.solutionVersionArn });
    expect(decision?.previousSolutionVersionArn).toBe(decision?.incumbent?.solutionVersionArn);
    expect(decision?.verdict.lift).toBeCloseTo(1, 6); // 0.2 over 0.1
    expect(decision?.verdict.incumbentLift).toBeCloseTo(2, 6); // 0.3 over 0.1
  });
});

describe("a candidate for which the service gives no metrics at all", () => {
  it("fails the run with the reason and changes nothing (R6)", async () => {
    const record = await runWith(() => undefined, popular);

    expect(record).toMatchObject({ outcome: "FAILED", failure: { error: "TrainingFailed" } });
    expect(record.failure?.reason).toContain("NO METRICS");
    expect(await serving()).toEqual(before);
  });
});
