/**
 * Which of some new items is most like what a list recommends anyway: by the categories that they share with its first ten items. Cheap: a
 * few rows are read, and only when a place goes to a new item. Deterministic under `random`.
 */
import type { RandomSource } from "../../cloud/ports/clock.ts";
import type { Metadata } from "../job-runner.ts";

/** The categorical columns of an item. */
export type RowOf = (itemId: string) => Metadata | undefined;

const itemsOfProfile = 10;
/** Drawn new items, of which the best gets the place: the others keep a chance to be seen. */
const drawn = 4;

/** Its categories: "A|B" are two. */
function categoriesOf(row: Metadata | undefined): string[] {
  const texts = Object.entries(row ?? {}).flatMap(([column, value]) =>
    String(value ?? "")
      .split("|")
      .map((each) => ({ column, each: each.trim() })),
  );
  return texts.flatMap(({ column, each }) => (each === "" ? [] : [`${column} ${each}`]));
}

/**
 * How much an item is like a list, from 0 to 1: the mean, over the item's categories, of their share of the list's items.
 */
export function createResemblance(listed: readonly string[], rowOf: RowOf): (itemId: string) => number {
  const profile = new Map<string, number>();
  const items = listed.slice(0, itemsOfProfile);
  for (const id of items) {
    for (const each of new Set(categoriesOf(rowOf(id)))) profile.set(each, (profile.get(each) ?? 0) + 1 / items.length);
  }
  return (itemId) => {
    const categories = categoriesOf(rowOf(itemId));
    if (categories.length === 0) return 0;
    return categories.reduce((sum, each) => sum + (profile.get(each) ?? 0), 0) / categories.length;
  };
}

/** The place, among the candidates, of the one most like the list of a few that are drawn; the first drawn of equals. */
export function mostAlike(
  candidates: readonly string[],
  resemblance: (itemId: string) => number,
  random: RandomSource,
): number {
  let [best, most] = [0, -1];
  for (let n = 0; n < drawn; n++) {
    const place = Math.floor(random() * candidates.length);
    const value = resemblance(candidates[place] ?? "");
    if (value > most) [best, most] = [place, value];
  }
  return best;
}
