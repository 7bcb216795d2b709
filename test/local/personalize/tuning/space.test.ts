import { describe, expect, it } from "@jest/globals";
import { contains, draw, faultOfRanges, spaceOf } from "../../../../local/personalize/tuning/space.ts";
import { makeRandom } from "../../../../local/recipes/network/random.ts";
import type { Hyperparameter } from "../../../../local/recipes/recipe.ts";

const declared: readonly Hyperparameter[] = [
  { kind: "integer", name: "width", default: "43", min: 32, max: 256, tunable: true },
  { kind: "float", name: "discount", default: "0.5", min: 0, max: 1, tunable: true },
  { kind: "choice", name: "mask", default: "true", values: ["true", "false"], tunable: true },
  { kind: "integer", name: "fixed", default: "1", min: 1, max: 9, tunable: false },
];
const ranges = {
  integerHyperParameterRanges: [{ name: "width", minValue: 40, maxValue: 60 }],
  continuousHyperParameterRanges: [{ name: "discount", minValue: 0.25, maxValue: 0.5 }],
  categoricalHyperParameterRanges: [{ name: "mask", values: ["True"] }],
};
const none = {
  integerHyperParameterRanges: [],
  continuousHyperParameterRanges: [],
  categoricalHyperParameterRanges: [],
};

describe("the space of a search", () => {
  it("is what the caller gives, else everything tunable over its documented range", () => {
    expect(spaceOf(declared, ranges).map(({ name }) => name)).toEqual(["width", "discount", "mask"]);
    expect(spaceOf(declared, undefined)).toEqual([
      { kind: "integer", name: "width", min: 32, max: 256 },
      { kind: "float", name: "discount", min: 0, max: 1 },
      { kind: "choice", name: "mask", values: ["true", "false"] },
    ]);
  });

  it("is drawn from within its bounds, both ends included, the same for the same seed", () => {
    const space = spaceOf(declared, ranges);
    const random = makeRandom(7);
    const points = Array.from({ length: 300 }, () => draw(space, random));
    const widths = points.map(({ width }) => Number(width));

    expect([Math.min(...widths), Math.max(...widths)]).toEqual([40, 60]);
    expect(points.every((point) => contains(space, point))).toBe(true);
    expect(draw(space, makeRandom(7))).toEqual(points[0]);
    expect(contains(space, { width: "61", discount: "0.3", mask: "true" })).toBe(false);
  });

  it.each([
    {
      why: "a list is missing",
      given: { ...none, continuousHyperParameterRanges: undefined },
      says: "all three lists",
    },
    { why: "all lists are empty", given: none, says: "nothing to tune" },
    {
      why: "a parameter cannot be tuned",
      given: { ...none, integerHyperParameterRanges: [{ name: "fixed", minValue: 1, maxValue: 2 }] },
      says: "fixed, which cannot be tuned. Tunable for this recipe: width, discount, mask",
    },
    {
      why: "a range is wider than documented",
      given: { ...none, integerHyperParameterRanges: [{ name: "width", minValue: 16, maxValue: 64 }] },
      says: "within 32 to 256",
    },
    {
      why: "a range is upside down",
      given: { ...none, continuousHyperParameterRanges: [{ name: "discount", minValue: 0.9, maxValue: 0.1 }] },
      says: "must not be above",
    },
    {
      why: "a number stands among the integers that is none",
      given: { ...none, integerHyperParameterRanges: [{ name: "discount", minValue: 0, maxValue: 1 }] },
      says: "belongs into continuousHyperParameterRanges",
    },
    {
      why: "a choice has an unknown value",
      given: { ...none, categoricalHyperParameterRanges: [{ name: "mask", values: ["maybe"] }] },
      says: "one of true, false",
    },
    {
      why: "a parameter comes twice",
      given: {
        ...none,
        integerHyperParameterRanges: [
          { name: "width", minValue: 32, maxValue: 40 },
          { name: "width", minValue: 41, maxValue: 50 },
        ],
      },
      says: "width twice",
    },
  ])("is refused when $why", ({ given, says }) => {
    expect(faultOfRanges(declared, given)).toContain(says);
  });

  it("is taken as given when all is well, or nothing is given", () => {
    expect(faultOfRanges(declared, ranges)).toBeUndefined();
    expect(faultOfRanges(declared, undefined)).toBeUndefined();
  });
});
