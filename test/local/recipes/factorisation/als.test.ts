import { describe, expect, it } from "@jest/globals";
import { factorise, gramianOf, type AlsOptions } from "../../../../local/recipes/factorisation/als.ts";
import { interactionRows, transposeWeighted } from "../../../../local/recipes/factorisation/weighted-rows.ts";
import { dataOf } from "../training-data.ts";

const options: AlsOptions = {
  ...{ width: 4, sweeps: 12, unobserved: 0.1, regularisation: 0.001, frequencyPower: 1, seed: 3 },
  pause: async () => {},
};

describe("interactionRows", () => {
  it("adds up a user's interactions with an item, in order of the items", () => {
    const rows = interactionRows(dataOf([["b", "a", "b"], [], ["c"]]), () => 2);

    expect([...rows.offsets]).toEqual([0, 2, 2, 3]);
    expect([...rows.columns]).toEqual([0, 1, 2]);
    expect([...rows.weights]).toEqual([2, 4, 2]);
  });

  it("leaves out what weighs nothing", () => {
    expect([...interactionRows(dataOf([["a", "b"]]), (n) => n).columns]).toEqual([1]);
  });

  it("is itself after turning twice", () => {
    const rows = interactionRows(dataOf([["b", "a", "b"], [], ["c", "a"]]), (n) => n + 1);

    expect(transposeWeighted(transposeWeighted(rows, 3), 3)).toEqual(rows);
  });
});

describe("factorise", () => {
  it("finds, with one factor, the least squares that can be written down", async () => {
    // one user, one item, weight 1, α = 0: with r = 1 the loss (xy - 1)² + λ (x² + y²) is least where xy = 1 - λ
    const rows = interactionRows(dataOf([["a"]]), () => 1);
    const { users, items } = await factorise(rows, 1, {
      ...options,
      width: 1,
      unobserved: 0,
      regularisation: 0.2,
      sweeps: 200,
    });

    expect(users[0]! * items[0]!).toBeCloseTo(0.8, 4);
  });

  it("fills in the held-out square of a checkerboard", async () => {
    // even users like even items, one factor a colour, so that there is no room for a hole; user 0 has not met item 4 nor, of the other colour, any
    const histories = Array.from({ length: 12 }, (_, u) =>
      ["0", "1", "2", "3", "4", "5"].filter((i) => (Number(i) + u) % 2 === 0 && !(u === 0 && i === "4")),
    );
    const { users, items, width } = await factorise(
      interactionRows(dataOf(histories), () => 1),
      6,
      { ...options, width: 2 },
    );
    const score = (u: number, i: number) =>
      Array.from({ length: width }, (_, a) => users[u * width + a]! * items[i * width + a]!).reduce((x, y) => x + y, 0);

    expect(score(0, 4)).toBeGreaterThan(0.5);
    expect(Math.abs(score(0, 3))).toBeLessThan(0.1);
  });

  it("gives the same factors for the same seed", async () => {
    const rows = interactionRows(
      dataOf([
        ["a", "b"],
        ["b", "c"],
      ]),
      () => 1,
    );

    expect(await factorise(rows, 3, options)).toEqual(await factorise(rows, 3, options));
  });

  it("leaves those without interactions at nothing", async () => {
    const { users } = await factorise(
      interactionRows(dataOf([["a"], []]), () => 1),
      1,
      options,
    );

    expect([...users.subarray(4)]).toEqual([0, 0, 0, 0]);
  });
});

describe("gramianOf", () => {
  it("is α YᵀY", async () => {
    expect([...(await gramianOf(Float32Array.of(1, 2, 3, 4), 2, 0.5))]).toEqual([5, 7, 7, 10]);
  });
});
