import { describe, expect, it } from "@jest/globals";
import { makeHandler } from "../../lambdas/follow-up/handler.ts";
import type { Surroundings } from "../../lambdas/follow-up/personalize-surroundings.ts";
import { aRun, configInput } from "../support/run-fixtures.ts";

/** A service in which nothing is there yet, but for what a test changes. Notes what is made. */
function world(followUp: object, changes: Partial<Surroundings> = {}) {
  const made: string[] = [];
  const config = configInput();
  Object.assign(config.datasetGroups[0]!, { followUp });
  const run = aRun({}, config);
  const make =
    (what: string) =>
    async (thing: { readonly name: string } | string, ...more: unknown[]) => {
      const name = typeof thing === "string" ? thing : thing.name;
      made.push([what, name, ...more.filter((one) => typeof one === "string")].join(" "));
    };
  const surroundings: Surroundings = {
    ...{ filter: async () => null, createFilter: make("filter"), deleteFilter: make("no filter") },
    ...{ recommender: async () => null, createRecommender: make("recommender") },
    ...{ updateRecommender: make("update"), startRecommender: make("start"), stopRecommender: make("stop") },
    ...{ metricAttribution: async () => null, createMetricAttribution: make("attribution") },
    ...{ matchAttributedMetrics: make("metrics"), liveVersion: async () => "version/live" },
    ...{ batchJob: async () => null, createBatchJob: make("job") },
    ...changes,
  };
  const segments = run.trainings.filter(({ role }) => role === "segment");
  const versions = segments.map(({ solutionName }) => ({
    ...{ key: solutionName, solutionVersionArn: `version/of ${solutionName}`, status: "ACTIVE" },
  }));
  const follow = (promoted: readonly string[] = ["for-you"]) =>
    makeHandler({ surroundings })({ run, promoted, versions });
  return { made, run, follow };
}

describe("following up", () => {
  it("is done at once where nothing is configured", async () => {
    expect(await world({}).follow()).toEqual({ isDone: true, summary: "", warnings: [] });
  });

  it("makes segments with the version that was trained for them in this run", async () => {
    const { made, run, follow } = world({ batchSegments: [{ name: "fans", recipe: "aws-item-affinity" }] });
    const trained = run.trainings.find(({ role }) => role === "segment");

    expect((await follow([])).isDone).toBe(false);
    expect(trained?.solutionName).toMatch(/^outrank-shop-fans-[0-9a-f]{6}$/);
    expect(made).toEqual([`job ${run.followUp.jobs[0]?.name} version/of ${trained?.solutionName}`]);
  });

  it("makes inference jobs with the version that serves, and only once", async () => {
    const batchInference = [{ name: "mail", solution: "for-you" }];
    const { made, run, follow } = world({ batchInference });
    await follow();
    expect(made).toEqual([`job ${run.followUp.jobs[0]?.name} version/live`]);

    const again = world({ batchInference }, { batchJob: async () => ({ status: "ACTIVE" }) });
    expect((await again.follow()).isDone).toBe(true);
    expect(again.made).toEqual([]);
  });

  it("warns of a job that has no version, and goes on", async () => {
    const { follow } = world(
      { batchInference: [{ name: "mail", solution: "for-you" }] },
      { liveVersion: async () => null },
    );

    expect(await follow()).toMatchObject({
      isDone: true,
      warnings: [
        expect.stringMatching(/^batch job outrank-shop-mail-\w{8} did not run: there is no version of for-you$/),
      ],
    });
  });

  it("waits for filters before it starts jobs, which may use them", async () => {
    const filters = [{ name: "new", expression: "INCLUDE ItemID WHERE Items.PRICE > 1" }];
    const { made, follow } = world({ filters, batchInference: [{ name: "mail", solution: "for-you", filter: "new" }] });

    expect((await follow()).summary).toBe("filter outrank-shop-new was just created");
    expect(made).toEqual(["filter outrank-shop-new"]);
  });

  it.each<{ why: string; followUp: object; changes: Partial<Surroundings>; says: string }>([
    {
      why: "a batch job",
      followUp: { batchInference: [{ name: "mail", solution: "for-you" }] },
      changes: { batchJob: async () => ({ status: "CREATE FAILED", failureReason: "no input" }) },
      says: "is CREATE FAILED: no input",
    },
    {
      why: "metric attribution",
      followUp: {
        metricAttribution: { metrics: [{ eventType: "view", metricName: "v", expression: "SAMPLECOUNT()" }] },
      },
      changes: { metricAttribution: async () => ({ status: "CREATE FAILED", failureReason: "no role" }) },
      says: "metric attribution outrank-shop is CREATE FAILED: no role",
    },
  ])("fails with the service's reason when $why failed", async ({ followUp, changes, says }) => {
    await expect(world(followUp, changes).follow()).rejects.toThrow(says);
  });
});
