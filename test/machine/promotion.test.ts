/**
 * How a better model replaces the live one, and what happens when it should not have: the second drop, approval by a
 * person, and the one automatic roll-back. Campaigns change only so (R1).
 */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { DescribeCampaignCommand } from "@aws-sdk/client-personalize";
import type { RunRecord } from "../../pipeline/records/run-record.ts";
import { communitiesConfig, interactionsCsv } from "../support/communities.ts";
import { changeMetrics, createFaultPort, type FaultPort, type MetricsByName } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

const primary = "normalized_discounted_cumulative_gain_at_25";

/** Numbers with which the candidate beats the baseline and every earlier candidate: each call goes higher. */
function everBetter(): (solution: string, metrics: MetricsByName) => MetricsByName {
  let score = 0.2;
  return (solution) => {
    if (solution !== "baseline") score += 0.05;
    return { coverage: 0.5, precision_at_25: 0.04, [primary]: solution === "baseline" ? 0.1 : score };
  };
}

interface Shop {
  readonly stack: Stack;
  readonly port: FaultPort;
  campaign(): Promise<{ solutionVersionArn?: string | undefined; latest?: string | undefined } | undefined>;
  /** Drops data of this seed and answers the record of the run that came of it. */
  dropped(data: Parameters<typeof interactionsCsv>[0]): Promise<RunRecord>;
}

async function openShop(solution: object = {}, port = createFaultPort()): Promise<Shop> {
  const stack = await startStack({ config: communitiesConfig({ solution }), fault: port.fault });
  return {
    stack,
    port,
    async campaign() {
      const campaignArn = `arn:aws:personalize:us-east-1:000000000000:campaign/outrank-club-main`;
      const { campaign } = await stack.personalize.send(new DescribeCampaignCommand({ campaignArn }));
      return { solutionVersionArn: campaign?.solutionVersionArn, latest: campaign?.latestCampaignUpdate?.status };
    },
    async dropped(data) {
      await stack.drop({ "club/interactions/interactions.csv": interactionsCsv({ users: 100, ...data }) });
      await stack.rest();
      const record = (await stack.records("club")).at(-1);
      if (!record) throw new Error("no run was recorded");
      return record;
    },
  };
}

const versionOf = (record: RunRecord) => record.contests[0]?.decision?.candidate.solutionVersionArn;

describe("a second drop", () => {
  let shop: Shop;
  let first: RunRecord;
  let second: RunRecord;
  let third: RunRecord;
  let polls: unknown[];
  beforeAll(async () => {
    shop = await openShop();
    const restore = changeMetrics(shop.port, everBetter());
    first = await shop.dropped({ seed: 2 });
    second = await shop.dropped({ seed: 5, rowsPerUser: 16 });
    restore();
    polls = shop.port.inputs("DescribeCampaign");
    third = await shop.dropped({ seed: 6, shuffled: true });
  }, 180_000); // three whole runs
  afterAll(() => shop.stack.close());

  it("is retrained on and compared with the version that is live", () => {
    const decision = second.contests[0]?.decision;
    expect(first.outcome).toBe("PROMOTE");
    expect(versionOf(second)).not.toBe(versionOf(first));
    expect(decision?.incumbent).toMatchObject({
      solutionVersionArn: versionOf(first),
      known: { runId: first.runId, metrics: first.contests[0]?.decision?.candidate.metrics },
    });
    expect(decision?.verdict.incumbentLift).toBe(first.contests[0]?.decision?.verdict.lift);
  });

  it("updates the campaign, waits for its own update, and goes live", async () => {
    expect(second.contests[0]).toMatchObject({
      outcome: "PROMOTE",
      decision: { previousSolutionVersionArn: versionOf(first), nextStep: "update" },
      update: { status: "ACTIVE" },
      smokeTest: { passed: true },
      rolledBack: false,
    });
    expect(polls.length).toBeGreaterThan(0);
    expect(await shop.campaign()).toEqual({ solutionVersionArn: versionOf(second), latest: "ACTIVE" });
  });

  it("of shuffled data is kept out, and the campaign is left untouched (R9)", async () => {
    expect(third).toMatchObject({ outcome: "KEEP", failure: null });
    expect(third.reasonCodes).not.toContain("BEAT_BASELINE");
    expect(await shop.campaign()).toEqual({ solutionVersionArn: versionOf(second), latest: "ACTIVE" });
  });

  it("changes the campaign once for each record that promotes, in their order, and never else (R1)", async () => {
    const promoted = (await shop.stack.records("club"))
      .flatMap(({ contests }) => contests)
      .filter(({ outcome }) => outcome === "PROMOTE")
      .map(({ decision }) => decision?.verdict.promotes?.solutionVersionArn);
    expect(promoted).toEqual([versionOf(first), versionOf(second)]);
    const asked = shop.port.inputs("CreateCampaign", "UpdateCampaign");
    expect(asked.map(({ solutionVersionArn }) => solutionVersionArn)).toEqual(promoted);
  });
});

describe("the smoke test", () => {
  /** While this is on, everybody gets the same list from the campaign. */
  const showEverybodyTheSame = (port: FaultPort) =>
    port.on("GetRecommendations", () => Promise.resolve({ itemList: [{ itemId: "i1" }], recommendationId: "r" }));

  it("that a new version fails brings the former one back, once, and the run fails and says so", async () => {
    const shop = await openShop();
    changeMetrics(shop.port, everBetter());
    const first = await shop.dropped({ seed: 2 });
    showEverybodyTheSame(shop.port);

    const second = await shop.dropped({ seed: 3 });

    expect(second).toMatchObject({ outcome: "FAILED", failure: { error: "SmokeTestFailed" } });
    expect(second.failure?.reason).toContain("all got the same list");
    expect(second.contests[0]).toMatchObject({ rolledBack: true, smokeTest: { passed: false } });
    const asked = shop.port.inputs("CreateCampaign", "UpdateCampaign");
    expect(asked.map(({ solutionVersionArn }) => solutionVersionArn)).toEqual(
      [first, second, first].map((record) => versionOf(record)),
    );
    expect(await shop.campaign()).toEqual({ solutionVersionArn: versionOf(first), latest: "ACTIVE" });
    expect((await shop.stack.executions("club")).at(-1)).toMatchObject({ status: "FAILED", error: "SmokeTestFailed" });
    await shop.stack.close();
  });

  it("that the very first version fails leaves no former one to return to, and the run fails and says so", async () => {
    const shop = await openShop();
    showEverybodyTheSame(shop.port);

    const record = await shop.dropped({ seed: 2 });

    expect(record).toMatchObject({ outcome: "FAILED", failure: { error: "SmokeTestFailed" } });
    expect(record.failure?.reason).toContain("no former version to return to");
    expect(shop.port.inputs("CreateCampaign", "UpdateCampaign")).toHaveLength(1);
    await shop.stack.close();
  });

  it("that cannot be asked at all counts as failed, with the service's reason", async () => {
    const shop = await openShop();
    shop.port.on("GetRecommendations", () => Promise.reject(new Error("the campaign is on holiday")));

    const record = await shop.dropped({ seed: 2 });

    expect(record).toMatchObject({ outcome: "FAILED", failure: { error: "SmokeTestFailed" } });
    await shop.stack.close();
  });
});
