/** GetActionRecommendations leaves out, by itself, what has expired and what was taken too recently. */
import { describe, expect, it } from "@jest/globals";
import { servingModel } from "../../../support/fake-job-runner.ts";
import { avro } from "../../../support/personalize-data.ts";
import { arn, campaignArn, groupArn, personalizeForTest, train, withSolution } from "../../../support/personalize.ts";

const schema = avro(
  "Actions",
  ["ACTION_ID", "string"],
  ["REPEAT_FREQUENCY", ["null", "long"]],
  ["EXPIRATION_TIMESTAMP", ["null", "long"]],
);
const now = Date.UTC(2026, 0, 5) / 1000;
const day = 86_400;

/** A campaign that would recommend join, rate, install and invite, in this order. */
async function acting() {
  const personalize = personalizeForTest({ realRecipes: true });
  personalize.jobs.modelOf = async () => servingModel({ items: ["join", "rate", "install", "invite"] });
  const of = { datasetGroupArn: groupArn, name: "d" };
  await withSolution(personalize, { recipe: "aws-next-best-action" });
  await personalize.call("CreateSchema", { name: "actions", schema });
  await personalize.settle("CreateDataset", { ...of, schemaArn: arn("schema/actions"), datasetType: "Actions" });
  await personalize.settle("CreateCampaign", { name: "live", solutionVersionArn: await train(personalize) });
  for (const id of ["join", "rate", "install", "invite"]) personalize.jobs.actions[id] = {};
  const release = personalize.clock.hold();
  const asked = Math.floor(personalize.clock.now() / 1000);
  const ids = async () => {
    const { actionList } = await personalize.call("GetActionRecommendations", { campaignArn, userId: "u" });
    return actionList.map(({ actionId }: { actionId: string }) => actionId);
  };
  return { ...personalize, ids, asked, release };
}

describe("actions", () => {
  it("that have expired are dropped; those without an end, or with one to come, are not", async () => {
    const { jobs, ids, asked, release } = await acting();
    expect(asked).toBeGreaterThanOrEqual(now);
    jobs.actions["join"] = { EXPIRATION_TIMESTAMP: asked - 120 };
    jobs.actions["rate"] = { EXPIRATION_TIMESTAMP: asked + 120 };
    jobs.actions["install"] = { EXPIRATION_TIMESTAMP: null };
    jobs.revision++;

    expect(await ids()).toEqual(["rate", "install", "invite"]);
    release();
  });

  it("that the user has taken are dropped for as many days as they say, and only when taken", async () => {
    const { jobs, ids, asked, release } = await acting();
    for (const id of ["join", "rate", "install"]) jobs.actions[id] = { REPEAT_FREQUENCY: 3 };
    jobs.actions["invite"] = { REPEAT_FREQUENCY: null };
    const ago = (days: number) => asked - days * day;
    jobs.histories["u"] = [
      { itemId: "join", timestamp: ago(3) + 60, eventType: "Taken" },
      { itemId: "rate", timestamp: ago(3), eventType: "TAKEN" },
      { itemId: "install", timestamp: ago(0), eventType: "Viewed" },
      { itemId: "invite", timestamp: ago(0), eventType: "Taken" },
    ];

    expect(await ids()).toEqual(["rate", "install", "invite"]);
    release();
  });
});
