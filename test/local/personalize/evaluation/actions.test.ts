import { describe, expect, it } from "@jest/globals";
import {
  areaUnderCurve,
  bestThreshold,
  judgeActions,
  precisionAndRecall,
} from "../../../../local/personalize/evaluation/actions.ts";
import type { Judged } from "../../../../local/personalize/evaluation/actions.ts";
import { columnsOf } from "../../../../bench/data/columns.ts";

const judged = (...pairs: readonly (readonly [number, boolean])[]): Judged[] =>
  pairs.map(([propensity, taken]) => ({ propensity, taken }));

/** By falling propensity: taken, not, taken, not, not. */
const five = judged([0.9, true], [0.8, false], [0.7, true], [0.2, false], [0.1, false]);

describe("the metrics of actions", () => {
  it("AUC is the share of pairs in the right order, ties counted half", () => {
    expect(areaUnderCurve(five)).toBeCloseTo(5 / 6, 12); // of 2 x 3 pairs only .7 against .8 is wrong
    expect(areaUnderCurve(judged([0.5, true], [0.5, false]))).toBe(0.5);
    expect(areaUnderCurve(judged([0.5, true]))).toBe(0);
  });

  it("precision and recall count what is at or above the threshold", () => {
    expect(precisionAndRecall(five, 0.7)).toEqual({ precision: 2 / 3, recall: 1 });
    expect(precisionAndRecall(five, 0.75)).toEqual({ precision: 1 / 2, recall: 1 / 2 });
    expect(precisionAndRecall(five, 1)).toEqual({ precision: 0, recall: 0 });
  });

  it("the threshold is the one with the best F1", () => {
    expect(bestThreshold(five)).toBe(0.7); // F1 .8; .9 gives 2/3, .8 1/2
    expect(bestThreshold(judged([0.3, false]))).toBe(0.5);
  });

  it("a user is judged by the newest tenth, asked as of the interaction before", () => {
    const events = ["TAKEN", "VIEWED", "Taken"].map((eventType, n) => ({
      ...{ user: "u", item: `a${n}`, timestamp: n, eventType },
    }));
    const data = columnsOf(events);
    const asked: unknown[] = [];
    const model = {
      ...{ recipe: "r", items: data.items, eventTypes: data.eventTypes, rank: () => [] },
      recommend: (query: { now: number; count: number; history?: { item: Uint32Array } }) => {
        asked.push([query.now, query.count, ...(query.history?.item ?? [])]);
        return [{ item: 2, score: 0.25 }];
      },
    };

    expect(judgeActions(model, data, 0)).toEqual([{ propensity: 0.25, taken: true }]);
    expect(asked).toEqual([[1, 3, 0, 1]]);
  });
});
