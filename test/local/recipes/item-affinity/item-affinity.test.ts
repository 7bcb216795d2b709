import { describe, expect, it } from "@jest/globals";
import { itemAffinity } from "../../../../local/recipes/item-affinity/recipe.ts";
import { defaultsOf } from "../../../../local/recipes/parameters.ts";
import { dataOf, environment } from "../training-data.ts";

// ten tea drinkers and ten of coffee; user 0 drinks tea but has not met "tea-3", nobody has met "water"
const tea = ["tea-1", "tea-2", "tea-3"];
const coffee = ["coffee-1", "coffee-2", "coffee-3"];
const histories = Array.from({ length: 20 }, (_, u) => (u === 0 ? tea.slice(0, 2) : u < 10 ? tea : coffee));
const data = dataOf([...histories, ["tea-1", ...coffee]], ["water"]);
const parameters = { ...defaultsOf(itemAffinity), hidden_dimension: "32" };
const train = () => itemAffinity.train(data, parameters, environment());
const item = (name: string) => data.items.indexOf(name);

describe("item-affinity", () => {
  it("finds first, where nobody returns to an item, who has met only its like", async () => {
    const [first] = (await train()).segment!({ item: item("tea-3"), count: 1 });

    expect(first?.user).toBe(0);
    expect(first?.score).toBeGreaterThan(0.2);
  });

  it("finds the users of an item where they return to it", async () => {
    const model = await itemAffinity.train(
      dataOf(histories.map((history) => [...history, ...history])),
      parameters,
      environment(),
    );
    const segment = model.segment!({ item: model.items.indexOf("tea-3"), count: 10 }).map(({ user }) => user);

    expect(segment.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(model.userIds?.[0]).toBe("user-0");
  });

  it("gives the most active users for an item that nobody has met", async () => {
    expect((await train()).segment!({ item: item("water"), count: 1 })[0]?.user).toBe(20);
  });

  it("leaves out who is not allowed", async () => {
    const allowed = Uint8Array.of(0, 0b0000_1000, 0); // user 11

    expect((await train()).segment!({ item: item("tea-1"), count: 5, allowed }).map(({ user }) => user)).toEqual([11]);
  });

  it("recommends a known user more of the same, and popular items to others", async () => {
    const model = await train();
    const first = (user?: number) =>
      model
        .recommend({ count: 1, now: 0, ...(user !== undefined && { user }) })
        .map((scored) => data.items[scored.item]);

    expect(coffee).toContain(first(15)[0]);
    expect(first()).toEqual(["coffee-1"]);
  });

  it("is the same after saving and loading", async () => {
    const model = await train();
    const loaded = itemAffinity.load(itemAffinity.save(model));

    expect(loaded.userIds).toEqual(model.userIds);
    expect(loaded.segment!({ item: 2, count: 5 })).toEqual(model.segment!({ item: 2, count: 5 }));
  });

  it("stops when told to", async () => {
    const controller = new AbortController();
    const progress = () => controller.abort(new Error("enough"));

    await expect(
      itemAffinity.train(data, parameters, environment({ signal: AbortSignal.abort(new Error("enough")), progress })),
    ).rejects.toThrow("enough");
  });
});
