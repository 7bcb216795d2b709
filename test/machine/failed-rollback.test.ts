/** The roll-back itself fails, or is never done: record, notice and page say that the new version serves, because it does. */
import { afterEach, describe, expect, it } from "@jest/globals";
import type { RunRecord } from "../../pipeline/records/run-record.ts";
import { communitiesConfig, interactionsCsv } from "../support/communities.ts";
import { changeMetrics, createFaultPort, type FaultPort, notices } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
afterEach(() => stack.close());

/** Two runs, of which the second goes live, fails its smoke test, and finds every look at its roll-back changed so. */
async function rolledBackWith(status: string): Promise<{ record: RunRecord; port: FaultPort; former: string }> {
  const port = createFaultPort();
  stack = await startStack({
    config: communitiesConfig({ group: { deadlines: { campaignHours: 2 } } }),
    fault: port.fault,
  });
  let score = 0.2;
  changeMetrics(port, (name) => ({
    ...{ coverage: 0.5, precision_at_25: 0.04 },
    normalized_discounted_cumulative_gain_at_25: name === "baseline" ? 0.1 : (score += 0.1),
  }));
  await stack.drop({ "club/interactions/a.csv": interactionsCsv({ users: 100, seed: 2 }) });
  await stack.rest();
  const [first] = await stack.records("club");
  const former = first?.contests[0]?.decision?.candidate.solutionVersionArn ?? "";
  port.on("GetRecommendations", () => Promise.resolve({ itemList: [{ itemId: "i1" }], recommendationId: "r" }));
  port.on("DescribeCampaign", async (_, next) => {
    const answer = (await next()) as { campaign: { latestCampaignUpdate?: { solutionVersionArn: string } } };
    const latest = answer.campaign.latestCampaignUpdate;
    if (latest?.solutionVersionArn !== former) return answer;
    return { campaign: { ...answer.campaign, latestCampaignUpdate: { ...latest, status, failureReason: "no hosts" } } };
  });
  await stack.drop({ "club/interactions/a.csv": interactionsCsv({ users: 100, seed: 3 }) });
  await stack.rest();
  const record = (await stack.records("club")).at(-1);
  if (!record) throw new Error("no run was recorded");
  return { record, port, former };
}

const short = (arn = ""): string => arn.slice(arn.indexOf("solution/"));

describe("a roll-back", () => {
  it("that fails leaves the new version serving, and the notice says so", async () => {
    const { record, port, former } = await rolledBackWith("CREATE FAILED");
    const wanted = short(record.contests[0]?.decision?.candidate.solutionVersionArn ?? "");

    expect(record).toMatchObject({ outcome: "FAILED", failure: { error: "CampaignFailed" } });
    expect(record.contests[0]).toMatchObject({
      rolledBack: false,
      isRollBack: true,
      update: { status: "CREATE FAILED" },
    });
    const message = notices(port).at(-1)?.Message ?? "";
    expect(message).toContain(`${wanted} went live, failed its smoke test, and could not be taken back`);
    expect(message).not.toContain(`${short(former)} goes on serving`);
  });

  it("that is not done in time is not taken for done", async () => {
    const { record, port, former } = await rolledBackWith("CREATE IN_PROGRESS");
    const wanted = short(record.contests[0]?.decision?.candidate.solutionVersionArn ?? "");

    expect(record).toMatchObject({ outcome: "FAILED", failure: { error: "CampaignTookTooLong" } });
    expect(notices(port).at(-1)?.Message).toContain(
      `${wanted} went live and failed its smoke test. It serves until the roll-back to ${short(former)} is done`,
    );
  });

  it("leaves the times of every stage in the record", async () => {
    const { record } = await rolledBackWith("CREATE FAILED");
    const { stages, startedAt, finishedAt } = record;

    expect(stages.map(({ name }) => name)).toEqual(["settle", "check", "import", "train", "decide"]);
    expect([stages[0]?.startedAt, stages.at(-1)?.finishedAt]).toEqual([startedAt, finishedAt]);
    expect(stages.slice(1).map((stage) => stage.startedAt)).toEqual(
      stages.slice(0, -1).map((stage) => stage.finishedAt),
    );
  });
});
