/** Themes: what a list has in common and the catalogue has not. */
import { describe, expect, it } from "@jest/globals";
import { featuresOf, frequenciesOf, themeOf } from "../../../../local/personalize/batch/themes.ts";

const source = { categories: ["GENRE"], texts: ["TITLE", "PLOT"] };

/** Eight items: two dramas, one of them in space; the plots are all alike. */
const catalogue = [
  { GENRE: "Drama", TITLE: "Space walk", PLOT: "The hero leaves" },
  { GENRE: "Drama|Old", TITLE: "Kitchen", PLOT: "The hero stays" },
  ...Array.from({ length: 6 }, (_, n) => ({ GENRE: `g${n}`, TITLE: `Title${n}`, PLOT: "The hero cooks" })),
];
const known = { source, frequencies: frequenciesOf(catalogue, source) };

describe("an item's features", () => {
  it("are its categories and the words of its texts, without those that say nothing", () => {
    const features = featuresOf({ GENRE: "Drama|Sci-Fi ", TITLE: "The Day of X2", PLOT: null, PRICE: 3 }, source);

    expect([...features.values()]).toEqual(["Drama", "Sci-Fi", "Day"]);
  });
});

describe("a theme", () => {
  it("is what is frequent in the list and rare in the catalogue, items in the order of their relevance to it", () => {
    const list = [{ TITLE: "Space" }, { GENRE: "Drama", TITLE: "space!" }, { GENRE: "drama", TITLE: "Space" }];

    const { theme, order, relevance } = themeOf(list, "Moon", known);

    // space: share 1 of 0.2 in the catalogue, halved: 0.805; drama: 2/3 of 0.3: 0.532
    expect(theme).toBe("Space and Drama");
    expect(order).toEqual([1, 2, 0]);
    expect(relevance.map((score) => score.toFixed(3))).toEqual(["0.998", "0.998", "0.834"]);
  });

  it("is one word where the second is much weaker, and never the same word twice", () => {
    const twice = [1, 2, 3].map(() => ({ GENRE: "Kitchen", TITLE: "Kitchen" }));

    expect(themeOf(twice, "Moon", known).theme).toBe("Kitchen");
  });

  it("is no word that the whole catalogue has", () => {
    const heroes = [1, 2, 3].map((n) => ({ GENRE: `x${n}`, TITLE: "", PLOT: "hero" }));

    expect(themeOf(heroes, "Moon", known)).toEqual({
      ...{ theme: "Similar to Moon", order: [0, 1, 2], relevance: [0, 0, 0] },
    });
  });

  it("takes items that nobody described for irrelevant", () => {
    const list = [undefined, { GENRE: "Drama" }, { GENRE: "Drama" }];

    expect(themeOf(list, "Moon", known)).toMatchObject({ theme: "Drama", order: [1, 2, 0], relevance: [1, 1, 0] });
  });
});
