import { describe, expect, it } from "@jest/globals";
import { bestOf, isHopeless, pointsOf, search } from "../../../../local/personalize/tuning/search.ts";
import type { Candidate, Trial } from "../../../../local/personalize/tuning/search.ts";
import { UnlearnableDataError } from "../../../../local/recipes/learnable.ts";
import type { Checkpoints } from "../../../../local/recipes/recipe.ts";

const candidate = (width: number): Candidate => ({ recipe: "r", parameters: { width: String(width) } });
const trial = (value: number | undefined, history: readonly number[] = []): Trial => ({
  ...candidate(1),
  value,
  history,
});

function memory(): Checkpoints {
  let kept: Readonly<Record<string, Uint8Array>> | undefined;
  return { load: () => kept, save: (blobs) => void (kept = blobs) };
}

describe("the points of a search", () => {
  const space = [{ kind: "integer", name: "width", min: 1, max: 4 }] as const;

  it("begin with what the caller set, where that lies in the space, and never repeat", () => {
    const points = pointsOf(space, { given: { width: "3", other: "9" }, count: 3, seed: 1 });

    expect(points[0]).toEqual({ width: "3" });
    expect(new Set(points.map(({ width }) => width)).size).toBe(3);
    expect(points).toEqual(pointsOf(space, { given: { width: "3" }, count: 3, seed: 1 }));
  });

  it("are fewer than asked for where the space is smaller", () => {
    const points = pointsOf(space, { given: { width: "300" }, count: 20, seed: 1 });

    expect(points.map(({ width }) => width).sort()).toEqual(["1", "2", "3", "4"]);
  });
});

describe("the median rule", () => {
  const earlier = [trial(0.3, [0.1, 0.3]), trial(0.5, [0.3, 0.5]), trial(0.6, [0.4, 0.6])]; // means at epoch 2: .2, .4, .5

  it.each([
    { history: [0.1, 0.39], hopeless: true },
    { history: [0.1, 0.4], hopeless: false },
    { history: [0.45, 0.1], hopeless: false }, // its best value counts
    { history: [0.29], hopeless: true }, // medians of the first epochs: .3
  ])("of $history: $hopeless", ({ history, hopeless }) => {
    expect(isHopeless(history, earlier)).toBe(hopeless);
  });

  it("says nothing before three trials have come as far", () => {
    expect(isHopeless([0], earlier.slice(1))).toBe(false);
    expect(isHopeless([0, 0, 0], earlier)).toBe(false);
  });
});

describe("a search", () => {
  it("takes the best, of equal ones the earliest, and passes over what cannot learn", () => {
    expect(bestOf([trial(undefined), trial(0.2), trial(0.4, [1]), trial(0.4, [2])])?.history).toEqual([1]);
    expect(bestOf([trial(undefined)])).toBeUndefined();
  });

  it("ends hopeless trials early and keeps what they came to", async () => {
    const values: Record<string, readonly number[]> = { 1: [0.5, 0.6], 2: [0.5, 0.6], 3: [0.5, 0.6], 4: [0.1, 0.9] };
    const trials = await search([1, 2, 3, 4].map(candidate), {
      endsEarly: true,
      memory: memory(),
      tryOne: ({ parameters }, _at, afterEpoch) => {
        let last = 0;
        for (const value of values[parameters["width"]!]!) if (!afterEpoch((last = value))) break;
        return Promise.resolve(last);
      },
    });

    expect(trials.map(({ value }) => value)).toEqual([0.6, 0.6, 0.6, 0.1]);
    expect(trials[3]?.history).toEqual([0.1]);
  });

  it("goes on after a crash with the trials that had ended", async () => {
    const kept = memory();
    const tried: number[] = [];
    const run = (dieAt: number) =>
      search([1, 2, 3].map(candidate), {
        endsEarly: false,
        memory: kept,
        tryOne: ({ parameters }, at) => {
          if (at === dieAt) return Promise.reject(new Error("killed"));
          if (at === 0) return Promise.reject(new UnlearnableDataError("nothing to learn"));
          tried.push(at);
          return Promise.resolve(Number(parameters["width"]));
        },
      });

    await expect(run(2)).rejects.toThrow("killed");
    const trials = await run(-1);

    expect(tried).toEqual([1, 2]); // neither of the first two again
    expect(trials.map(({ value }) => value)).toEqual([undefined, 2, 3]);
  });
});
