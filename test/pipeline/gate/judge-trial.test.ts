import { describe, expect, it } from "@jest/globals";
import { diversity, judgeTrial, novelty, type TrialTerms } from "../../../pipeline/gate/judge-trial.ts";

const terms: TrialTerms = { minItems: 1, mustDiffer: true, minDiversity: null, minNovelty: null };
/** Half of all interactions are with a, a quarter with b, an eighth with c. */
const popular: [string, number][] = [
  ["a", 0.5],
  ["b", 0.25],
  ["c", 0.125],
];

describe("the smoke test", () => {
  it("measures diversity as distinct items among all listed ones", () => {
    expect(
      diversity([
        ["a", "b"],
        ["a", "c"],
      ]),
    ).toBe(3 / 4);
    expect(diversity([["a"], ["a"]])).toBe(1 / 2);
    expect(diversity([])).toBe(0);
  });

  it("measures novelty in bits, an unknown item counting as the least popular of the known", () => {
    expect(novelty([["a", "b"]], popular)).toBe((1 + 2) / 2);
    expect(
      novelty(
        [
          ["a", "c"],
          ["x", "b"],
        ],
        popular,
      ),
    ).toBe((1 + 3 + 3 + 2) / 4);
    expect(novelty([["x"]], [])).toBe(0); // nothing is known, so nothing is claimed
  });

  it.each([
    { why: "nobody is known", lists: [], more: {}, says: "there is no known user to ask for" },
    { why: "a list is too short", lists: [["a"], []], more: {}, says: "a known user got 0 items, at least 1 were" },
    { why: "all lists are the same", lists: [["a"], ["a"]], more: {}, says: "all got the same list" },
    {
      why: "the lists vary less than asked for",
      lists: [
        ["a", "b"],
        ["b", "a"],
      ],
      ...{ more: { minDiversity: 0.6 }, says: "diversity of 2 known users' lists is 0.5, at least 0.6 was asked for" },
    },
    {
      why: "the lists are more obvious than asked for",
      lists: [["a"], ["b"]],
      ...{ more: { minNovelty: 2 }, says: "novelty of 2 known users' lists is 1.5 bits, at least 2 was asked for" },
    },
  ])("fails when $why", ({ lists, more, says }) => {
    const { passed, reason } = judgeTrial(lists, { ...terms, ...more }, popular);

    expect([passed, reason]).toEqual([false, expect.stringContaining(says)]);
  });

  it("passes with the numbers that it measured", () => {
    const lists = [
      ["a", "b"],
      ["a", "c"],
    ];

    expect(judgeTrial(lists, { ...terms, minDiversity: 0.75, minNovelty: 1.75 }, popular)).toEqual({
      passed: true,
      reason: "2 known users got lists, 2 of them different; diversity 0.75, novelty 1.75 bits",
    });
  });
});
