/** Models that follow the time: looked at anew when an interval is over and somebody asks. */
import { describe, expect, it } from "@jest/globals";
import type { ServingModel } from "../../../../local/personalize/job-runner.ts";
import { createRefreshedModels } from "../../../../local/personalize/serving/refreshed.ts";
import type { Model } from "../../../../local/recipes/recipe.ts";
import { servingModel } from "../../../support/fake-job-runner.ts";
import { campaignArn, personalizeForTest, roleArn, train, withSolution } from "../../../support/personalize.ts";

const until = Date.UTC(2026, 0, 5) / 1000;
const hour = 3600;

interface Looked {
  readonly after: number;
  readonly until: number;
}

/** A model of two items that begins with the last one that somebody met; it notes each look. */
function following(events: { item: number; at: number }[], looks: Looked[] = []): ServingModel & { looks: Looked[] } {
  const base = servingModel({ items: ["old", "new"] });
  const first = (item: number): Model => ({
    ...base.model,
    intervals: { until, seconds: hour },
    recommend: () => [{ item }, { item: 1 - item }],
    refreshed: (stream) => first(stream.item.at(-1) ?? item),
  });
  const eventsBetween = (after: number, to: number) => {
    looks.push({ after, until: to });
    const found = events.filter(({ at }) => after < at && at <= to);
    return { item: Uint32Array.from(found, ({ item }) => item), timestamp: Float64Array.from(found, ({ at }) => at) };
  };
  return { ...base, model: first(0), eventsBetween, looks };
}

/** A clock that a test moves, in seconds after the training. */
function movedClock() {
  let seconds = 0;
  const now = () => (until + seconds) * 1000;
  return { to: (after: number) => void (seconds = after), now, deadline: (wait: number) => now() + wait };
}

const best = (model: Model) => model.items[model.recommend({ count: 1, now: until })[0]?.item ?? -1];

describe("a model that follows the time", () => {
  it("is looked at once for each interval that is over, from where the last look ended", () => {
    const clock = movedClock();
    const models = createRefreshedModels(clock);
    const serving = following([{ item: 1, at: until + 10 }]);
    const seen = [0, hour - 1, hour, hour + 5, 2 * hour, 2 * hour + 60].map((after) => {
      clock.to(after);
      return best(models.of(serving));
    });

    expect(seen).toEqual(["old", "old", "new", "new", "new", "new"]);
    expect(serving.looks).toEqual([
      { after: until, until: until + hour },
      { after: until + hour, until: until + 2 * hour },
    ]);
  });

  it("is looked at late when nobody asked meanwhile, and for itself alone", () => {
    const clock = movedClock();
    const models = createRefreshedModels(clock);
    const [one, other] = [following([{ item: 1, at: until + 10 * hour }]), following([])];
    clock.to(24 * hour);

    expect([best(models.of(one)), best(models.of(other))]).toEqual(["new", "old"]);
    expect(one.looks).toEqual([{ after: until, until: until + 24 * hour }]);
  });

  it("is any other model as it is, where it does not follow the time", () => {
    const serving = servingModel();

    expect(createRefreshedModels(movedClock()).of(serving)).toBe(serving.model);
  });
});

describe("a campaign of aws-trending-now", () => {
  it("answers with what came since, once its interval is over", async () => {
    const personalize = personalizeForTest({ realRecipes: true });
    personalize.jobs.modelOf = async () => following([{ item: 1, at: until + 60 }]);
    await withSolution(personalize, { recipe: "aws-trending-now" });
    await personalize.settle("CreateCampaign", { name: "live", solutionVersionArn: await train(personalize) });
    const ask = async () => {
      const { itemList } = await personalize.call("GetRecommendations", { campaignArn });
      return itemList.map(({ itemId }: { itemId: string }) => itemId);
    };
    const before = await ask();
    personalize.clock.at((until + hour) * 1000, () => {});
    await personalize.clock.idle();

    expect([before, await ask()]).toEqual([
      ["old", "new"],
      ["new", "old"],
    ]);
  });

  it("has no batch inference to be refreshed", async () => {
    const personalize = personalizeForTest({ realRecipes: true });
    await withSolution(personalize, { recipe: "aws-trending-now" });
    const place = {
      jobInput: { s3DataSource: { path: "s3://shop/i/" } },
      jobOutput: { s3DataDestination: { path: "s3://shop/o/" } },
    };
    const solutionVersionArn = await train(personalize);
    const job = { jobName: "n", solutionVersionArn, roleArn, ...place };

    await expect(personalize.call("CreateBatchInferenceJob", job)).rejects.toMatchObject({
      message: expect.stringContaining("no batch inference"),
    });
  });
});
