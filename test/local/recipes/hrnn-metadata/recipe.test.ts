/** aws-hrnn-metadata knows by its metadata what nobody has met, and who has not done anything yet. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { categoricalColumn } from "../../../../local/recipes/features/categories.ts";
import { hrnnMetadata } from "../../../../local/recipes/hrnn-metadata/recipe.ts";
import { hrnn } from "../../../../local/recipes/hrnn/recipe.ts";
import { makeRandom } from "../../../../local/recipes/network/random.ts";
import { defaultsOf } from "../../../../local/recipes/parameters.ts";
import type { Model, Query, Scored } from "../../../../local/recipes/recipe.ts";
import { twoTribes } from "../tribes.ts";
import { environment, historyOf, ringWalkers } from "../training-data.ts";

const data = twoTribes();
const parameters = { ...defaultsOf(hrnnMetadata), max_user_history_length_percentile: "1" };
let model: Model;

beforeAll(async () => {
  model = await hrnnMetadata.train(data, parameters, environment());
});

const order = (asked: Partial<Query>, ids: readonly string[], of = model) =>
  of
    .rank(
      { count: 0, now: 2e9, ...asked },
      Uint32Array.from(ids, (id) => data.items.indexOf(id)),
    )
    .map(({ item }: Scored) => data.items[item]);

describe("hrnn-metadata", () => {
  it("places items that nobody has met by what they are", () => {
    const [ants, bees] = ["ants", "bees"].map((tribe) =>
      historyOf(data, [`${tribe}-01`, `${tribe}-04`, `${tribe}-02`]),
    );

    expect(order({ history: ants! }, ["new-bees-00", "new-ants-00"])).toEqual(["new-ants-00", "new-bees-00"]);
    expect(order({ history: bees! }, ["new-ants-00", "new-bees-00"])).toEqual(["new-bees-00", "new-ants-00"]);
  });

  it("knows a user without a history by the user's metadata", () => {
    const tribesFirst = (user: number) =>
      data.items[model.recommend({ user, count: 1, now: 2e9 })[0]!.item]!.slice(0, 4);

    expect([tribesFirst(0), tribesFirst(1)]).toEqual(["ants", "bees"]);
  });

  it("answers the same after saving and loading", () => {
    const query = { history: historyOf(data, ["ants-01", "ants-02"]), user: 0, count: 10, now: 2e9 };

    expect(hrnnMetadata.load(hrnnMetadata.save(model)).recommend(query)).toEqual(model.recommend(query));
  });

  it("gives the same model for the same seed on two threads", async () => {
    const [first, second] = [
      await hrnnMetadata.train(data, parameters, environment({ threads: 2 })),
      await hrnnMetadata.train(data, parameters, environment({ threads: 2 })),
    ];

    expect(hrnnMetadata.save(second)).toEqual(hrnnMetadata.save(first));
  });

  it("heeds the context of a request, and reads past names and values that it never saw", async () => {
    // which items come is chance but for the season
    const [mixed, random] = [ringWalkers(120, 10, 2), makeRandom(4)];
    const shuffled = mixed.item.map(() => random.below(10));
    const season = Array.from(shuffled, (item) => (item < 5 ? "summer" : "winter"));
    const seasonal = { ...mixed, item: shuffled, contextColumns: [categoricalColumn("SEASON", season, season.length)] };
    const trained = await hrnnMetadata.train(seasonal, parameters, environment());
    const history = historyOf(seasonal, ["item-001", "item-007"]);
    const first = (context?: Record<string, string>) =>
      trained.recommend({ history, count: 3, now: 2e9, ...(context && { context }) }).map(({ item }) => item);

    expect(Math.max(...first({ SEASON: "summer" }))).toBeLessThan(5);
    expect(Math.min(...first({ SEASON: "winter" }))).toBeGreaterThanOrEqual(5);
    expect(first({ SEASON: "spring", MOON: "full" })).toEqual(first());
  });

  it("is hrnn where there are no metadata", async () => {
    const bare = ringWalkers(60, 15);

    const [plain, withMetadata] = [
      await hrnn.train(bare, parameters, environment()),
      await hrnnMetadata.train(bare, parameters, environment()),
    ];

    expect({ ...hrnnMetadata.save(withMetadata), facts: 0 }).toEqual({ ...hrnn.save(plain), facts: 0 });
  });
});
