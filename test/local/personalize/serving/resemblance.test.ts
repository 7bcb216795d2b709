/** Which new items are like a list: by the categories that they share. */
import { describe, expect, it } from "@jest/globals";
import { createResemblance, mostAlike } from "../../../../local/personalize/serving/resemblance.ts";

const rows: Record<string, Record<string, string | null>> = {
  a: { GENRE: "war|old", MOOD: "dark" },
  b: { GENRE: "war", MOOD: null },
  war: { GENRE: "war" },
  mixed: { GENRE: "war | love", MOOD: "dark" },
  mood: { GENRE: null, MOOD: "war" },
};
const rowOf = (id: string) => rows[id];

describe("resemblance", () => {
  it("is the mean share of an item's categories among the list's items", () => {
    const alike = createResemblance(["a", "b", "nobody", "unknown"], rowOf);

    // Of four items two are of war, one is dark: war 0.5, dark 0.25, love 0.
    expect(alike("war")).toBe(0.5);
    expect(alike("mixed")).toBeCloseTo((0.5 + 0 + 0.25) / 3);
    expect(alike("mood")).toBe(0);
    expect(alike("unknown")).toBe(0);
  });

  it("looks at the first ten items only", () => {
    const list = [...Array.from({ length: 10 }, () => "b"), "a"];

    expect(createResemblance(list, rowOf)("war")).toBeCloseTo(1);
    expect(createResemblance(list, rowOf)("a")).toBeCloseTo(1 / 3);
  });
});

describe("mostAlike", () => {
  const values: Record<string, number> = { a: 0.1, b: 0.9, c: 0.5, d: 0.5 };
  const drawing = (...rolls: number[]) =>
    mostAlike(
      ["a", "b", "c", "d"],
      (id) => values[id] ?? 0,
      () => rolls.shift() ?? 0,
    );

  it("takes the best of four that are drawn, the first of equals", () => {
    expect(drawing(0, 0.25, 0.5, 0.75)).toBe(1);
    expect(drawing(0.75, 0.5, 0, 0)).toBe(3);
  });

  it("takes any when nothing is like the list", () => {
    expect(
      mostAlike(
        ["a", "b"],
        () => 0,
        () => 0.5,
      ),
    ).toBe(1);
  });
});
