/** Recommendation ids: whose they are, and which lists they stand for, up to the training that learns from them. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createJumpingClock } from "../../../../local/cloud/clock/jumping-clock.ts";
import { memoryStore } from "../../../../local/cloud/journal/memory-store.ts";
import { createJobRunner } from "../../../../local/personalize/jobs/create-job-runner.ts";
import { createAnswered } from "../../../../local/personalize/serving/answered.ts";
import { markIn, markOf } from "../../../../local/personalize/serving/recommendation-ids.ts";
import type { TrainingData } from "../../../../local/recipes/recipe.ts";
import {
  csv,
  indexOrderRecipe,
  interactionsWith,
  manyRows,
  temporaryFolder,
} from "../../../support/personalize-data.ts";
import {
  arn,
  campaignArn,
  groupArn,
  importOf,
  personalizeForTest,
  train,
  withCampaign,
} from "../../../support/personalize.ts";

const uuids = () => {
  let count = 0;
  return () => `00000000-0000-4000-8000-${String(++count).padStart(12, "0")}`;
};
const none = () => memoryStore().table<never>("none");

describe("answers", () => {
  it("are remembered under ids of at most 40 characters that tell who answered", () => {
    const answered = createAnswered(uuids(), none());

    const id = answered.remember([{ itemId: "a" }, { actionId: "b" }], campaignArn);

    expect(answered.itemsOf(id)).toEqual(["a", "b"]);
    expect(id).toMatch(/^RID-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(id.length).toBeLessThanOrEqual(40);
    expect(markIn(id)).toBe(markOf(campaignArn));
    expect(markIn(answered.remember([], "arn:other"))).not.toBe(markOf(campaignArn));
    expect(markIn("RID-of-somebody-else")).toBeUndefined();
  });

  it("keep once what a list holds that does not change", () => {
    const answered = createAnswered(uuids(), none());
    const list = Object.freeze([{ itemId: "a" }]);
    const [first, second] = [answered.remember(list, campaignArn), answered.remember(list, "arn:other")];

    expect(answered.itemsOf(first)).toEqual(["a"]);
    expect(answered.itemsOf(second)).toBe(answered.itemsOf(first));
  });

  it("keep as many items as an event may list, and the newest ten thousand at least", () => {
    const answered = createAnswered(uuids(), none());
    const ids = Array.from({ length: 20_001 }, () =>
      answered.remember(
        Array.from({ length: 30 }, (_, n) => ({ itemId: String(n) })),
        campaignArn,
      ),
    );

    expect(answered.itemsOf(ids[20_000]!)).toHaveLength(25);
    expect(answered.itemsOf(ids[10_001]!)).toHaveLength(25);
    expect(answered.itemsOf(ids[0]!)).toBeUndefined();
  });

  it("outlive the process that ends in peace", async () => {
    const store = memoryStore();
    const { personalize } = await withCampaign(personalizeForTest({ store }));
    const { recommendationId } = await personalize.call("GetRecommendations", {
      campaignArn,
      userId: "u",
      numResults: 2,
    });
    await personalize.services[0].close?.();
    const after = personalizeForTest({ store, clock: createJumpingClock() });
    await after.services[0].resume?.();
    const { trackingId } = await after.settle("CreateEventTracker", { name: "t", datasetGroupArn: groupArn });
    const click = { eventType: "click", itemId: "a", sentAt: new Date(0), recommendationId };

    await after.call("PutEvents", { trackingId, sessionId: "s", userId: "u", eventList: [click] });

    expect(after.jobs.events[0]?.impression).toEqual(["d", "c"]);
    expect(store.table("personalize/answered").size).toBe(0);
  });
});

describe("the list that an event's recommendation stands for", () => {
  let folder = temporaryFolder();
  beforeEach(() => void (folder = temporaryFolder()));
  afterEach(() => folder.remove());

  const schema = interactionsWith(["IMPRESSION", ["null", "string"]]);

  it("is learnt from as what the user saw; a list of the event's own wins over it", async () => {
    const trained: TrainingData[] = [];
    const plain = indexOrderRecipe();
    const recipe = {
      ...plain,
      name: "aws-user-personalization",
      train: (data: TrainingData, ...rest: [Parameters<typeof plain.train>[1], Parameters<typeof plain.train>[2]]) => {
        trained.push(data);
        return plain.train(data, ...rest);
      },
    };
    const clock = createJumpingClock();
    const recipes = { [recipe.name]: recipe };
    const jobs = createJobRunner({ clock, dataDir: folder.path, threads: 1, run: "here", recipes });
    const personalize = personalizeForTest({ jobs, clock });
    await personalize.settle("CreateDatasetGroup", { name: "shop" });
    await personalize.call("CreateSchema", { name: "interactions", schema });
    const dataset = { name: "d", datasetGroupArn: groupArn, datasetType: "Interactions" };
    await personalize.settle("CreateDataset", { ...dataset, schemaArn: arn("schema/interactions") });
    const rows = manyRows().map((row) => [...row, "click", ""]);
    personalize.bucket.files["interactions/1.csv"] = csv("USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,IMPRESSION", rows);
    await personalize.settle("CreateDatasetImportJob", importOf("one"));
    const recipeArn = `arn:aws:personalize:::recipe/${recipe.name}`;
    await personalize.settle("CreateSolution", {
      name: "next",
      datasetGroupArn: groupArn,
      recipeArn,
      performAutoTraining: false,
    });
    await personalize.settle("CreateCampaign", { name: "live", solutionVersionArn: await train(personalize) });
    const { trackingId } = await personalize.settle("CreateEventTracker", { name: "t", datasetGroupArn: groupArn });
    const { recommendationId, itemList } = await personalize.call("GetRecommendations", {
      ...{ campaignArn, userId: "u0", numResults: 3 },
    });
    const click = { eventType: "click", itemId: "i0", sentAt: new Date(Date.UTC(2026, 0, 5)), recommendationId };
    const eventList = [click, { ...click, impression: ["i9"] }, { ...click, recommendationId: "RID-unknown" }];
    await personalize.call("PutEvents", { trackingId, sessionId: "s", userId: "newcomer", eventList });

    await train(personalize);
    await jobs.close();

    const shown = (data: TrainingData | undefined) => {
      const { offsets, items } = data?.impressions ?? { offsets: new Uint32Array(), items: new Uint32Array() };
      return Array.from(offsets.slice(1), (end, row) =>
        Array.from(items.slice(offsets[row], end), (item) => data?.items[item]),
      ).filter((list) => list.length > 0);
    };
    expect(shown(trained[0])).toEqual([]);
    const list = itemList.map(({ itemId }: { itemId: string }) => itemId);
    expect(shown(trained.at(-1))).toEqual([list, ["i9"]]);
  });
});
