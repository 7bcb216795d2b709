/** A person lets an earlier version serve: through an execution, recorded as FORCED, without a training (R1). */
import { DescribeCampaignCommand } from "@aws-sdk/client-personalize";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { changeMetrics, createFaultPort, type FaultPort } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

const campaignArn = "arn:aws:personalize:us-east-1:000000000000:campaign/outrank-club-main";
const asked = { reason: "customers complain", actor: "dana" };

let stack: Stack;
let port: FaultPort;
beforeEach(async () => {
  port = createFaultPort();
  stack = await startStack({ config: communitiesConfig(), fault: port.fault });
  let score = 0.2;
  changeMetrics(port, (name, metrics) => ({
    ...metrics,
    normalized_discounted_cumulative_gain_at_25: name === "baseline" ? 0.1 : (score += 0.1),
  }));
});
afterEach(() => stack.close());

/** Two runs that both went live; answers their candidates. */
async function twoPromotions(): Promise<string[]> {
  await stack.drop({ "club/interactions/a.csv": interactionsCsv({ users: 100 }), "club/items/a.csv": itemsCsv() });
  await stack.rest();
  await stack.drop({ "club/interactions/a.csv": interactionsCsv({ users: 100, seed: 2 }) });
  await stack.rest();
  const records = await stack.records("club");
  expect(records.map(({ outcome }) => outcome)).toEqual(["PROMOTE", "PROMOTE"]);
  return records.map((record) => record.contests[0]?.decision?.candidate.solutionVersionArn ?? "");
}

async function serving() {
  const { campaign } = await stack.personalize.send(new DescribeCampaignCommand({ campaignArn }));
  return campaign?.latestCampaignUpdate?.solutionVersionArn ?? campaign?.solutionVersionArn;
}

async function ask(input: object) {
  await stack.begin("club", input);
  await stack.rest();
  return (await stack.records("club")).at(-1);
}

describe("a recall", () => {
  it("returns to the former version at a person's word, without importing or training anything", async () => {
    const [first] = await twoPromotions();
    const before = port.inputs("CreateSolutionVersion", "CreateDatasetImportJob").length;

    const record = await ask({ rollback: asked });

    expect(record).toMatchObject({
      outcome: "PROMOTE",
      failure: null,
      reasonCodes: ["FORCED", "ROLLBACK"],
      contests: [{ decision: { override: asked, verdict: { promotes: { solutionVersionArn: first } } } }],
    });
    expect(await serving()).toBe(first);
    expect(port.inputs("CreateSolutionVersion", "CreateDatasetImportJob")).toHaveLength(before);
  });

  it("goes forth again from where it came: the version that was taken back is then the former one", async () => {
    const [, second] = await twoPromotions();
    await ask({ rollback: asked });

    await ask({ rollback: asked });

    expect(await serving()).toBe(second);
  });

  it("promotes the candidate of a named run, and keeps what was known about it", async () => {
    const [first] = await twoPromotions();
    const [run] = await stack.records("club");

    const record = await ask({ promote: { ...asked, runId: run?.runId } });

    expect(record?.reasonCodes).toEqual(["FORCED"]);
    expect(record?.contests[0]?.decision?.verdict.lift).toBe(run?.contests[0]?.decision?.verdict.lift);
    expect(await serving()).toBe(first);
  });

  it.each([
    { why: "there is no former version", input: { rollback: asked }, says: "has no former version" },
    {
      why: "there was no such run",
      input: { promote: { ...asked, runId: "20200101T000000-00000000" } },
      says: "there is no record of a run 20200101T000000-00000000 in group club",
    },
  ])("fails with an explanation when $why, and changes nothing", async ({ input, says }) => {
    await stack.drop({ "club/interactions/a.csv": interactionsCsv({ users: 100 }), "club/items/a.csv": itemsCsv() });
    await stack.rest();
    const before = await serving();

    const record = await ask(input);

    expect(record?.failure).toEqual({ error: "NothingToRecall", reason: expect.stringContaining(says) });
    expect(await serving()).toBe(before);
    expect(port.inputs("UpdateCampaign")).toEqual([]);
  });

  it("only judges when it is a dry run", async () => {
    const [, second] = await twoPromotions();

    const record = await ask({ dryRun: true, rollback: asked });

    expect(record).toMatchObject({ outcome: "KEEP", failure: null });
    expect(await serving()).toBe(second);
  });
});
