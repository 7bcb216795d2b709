import { DescribeCampaignCommand } from "@aws-sdk/client-personalize";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../../../support/communities.ts";
import { changeMetrics, createFaultPort } from "../../../support/fault-port.ts";
import { outrankFor } from "../../../support/outrank-for.ts";
import { type Stack, startStack } from "../../../support/stack.ts";

const campaignArn = "arn:aws:personalize:us-east-1:000000000000:campaign/outrank-club-main";
let stack: Stack;

const outrank = (...args: string[]) => outrankFor(stack, ...args);

async function serving() {
  const { campaign } = await stack.personalize.send(new DescribeCampaignCommand({ campaignArn }));
  return campaign?.solutionVersionArn;
}

beforeAll(async () => {
  const port = createFaultPort();
  stack = await startStack({ config: communitiesConfig(), fault: port.fault });
  let score = 0.2;
  changeMetrics(port, (name, metrics) => ({
    ...metrics,
    normalized_discounted_cumulative_gain_at_25: name === "baseline" ? 0.1 : (score += 0.1),
  }));
  await stack.drop({ "club/interactions/a.csv": interactionsCsv({ users: 100 }), "club/items/a.csv": itemsCsv() });
  await stack.rest();
});
afterAll(() => stack.close());

describe("outrank rollback and promote", () => {
  it.each([
    { args: ["rollback"], says: "--reason says why" },
    { args: ["promote", "last", "--reason", "because"], says: "goes around the gate: say --force" },
    { args: ["promote", "--force", "--reason", "because"], says: "outrank promote wants RUN" },
    { args: ["promote", "nope", "--force", "--reason", "because"], says: 'There is no finished run "nope"' },
  ])("are refused before anything starts: $says", async ({ args, says }) => {
    const { code, said } = await outrank(...args);

    expect([code, said]).toEqual([2, expect.stringContaining(says)]);
    expect(await stack.executions("club")).toHaveLength(2); // two uploads
  });

  it("say why there is nothing to return to", async () => {
    const { code, said } = await outrank("rollback", "--reason", "orders fell");

    expect([code, said]).toEqual([1, expect.stringContaining("NothingToRecall: solution main has no former version")]);
  });

  it("change what serves, and tell what serves now", async () => {
    const first = await serving();
    await stack.drop({ "club/interactions/a.csv": interactionsCsv({ users: 100, seed: 2 }) });
    await stack.rest();
    const second = await serving();

    const back = await outrank("rollback", "--reason", "orders fell", "--actor", "dana");
    expect([back.code, back.said]).toEqual([0, expect.stringContaining(`main now serves ${first}`)]);
    expect(await serving()).toBe(first);

    const again = (await stack.records("club")).find(({ contests }) =>
      contests.some(({ decision }) => decision?.candidate.solutionVersionArn === second),
    );
    const forth = await outrank("promote", again?.runId ?? "", "--force", "--reason", "it was not that");
    expect([forth.code, forth.said]).toEqual([0, expect.stringContaining(`main now serves ${second}`)]);
    expect(await serving()).toBe(second);
  });
});
