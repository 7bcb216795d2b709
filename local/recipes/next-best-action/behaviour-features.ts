/**
 * What a user did with items before a moment: how much lately, of which event types, how long ago last, and with which
 * items and which of their categories.
 */
import type { Column, TrainingData } from "../recipe.ts";
import { popularityOf, countDistinctUsers } from "../popularity.ts";
import { add, type FeatureList } from "./feature-rows.ts";

const daySeconds = 86_400;
const spansDays = [1, 7, 30, Infinity];
/** Items that have a feature of their own: the most popular ones. */
const mostItems = 2000;
/** Newest events whose items count. */
const newest = 50;

export interface Behaviour {
  /** Features that are needed from `first` on. */
  readonly width: number;
  write(list: FeatureList, first: number, user: number, now: number): void;
}

type Categorical = Extract<Column, { readonly kind: "categorical" }>;

/** First position of the user's row that is not before `now`. */
function endBefore({ offsets, timestamp }: TrainingData, user: number, now: number): number {
  let [low, high] = [offsets[user]!, offsets[user + 1]!];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timestamp[middle]! < now) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds each code with its share of all, times `scale`. */
function addShares(list: FeatureList, first: number, codes: readonly number[]): void {
  const counts = new Map<number, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  const length = Math.hypot(...counts.values());
  for (const [code, count] of counts) add(list, first + code, count / length);
}

export function describeBehaviour(data: TrainingData | undefined): Behaviour {
  if (!data || data.item.length === 0) return { width: 0, write: () => {} };
  const { rank } = popularityOf(countDistinctUsers(data));
  const itemWidth = Math.min(mostItems, data.items.length);
  const categorical = data.itemColumns.filter((column): column is Categorical => column.kind === "categorical");
  const countWidth = spansDays.length + data.eventTypes.length + 1;
  const width = countWidth + itemWidth + categorical.reduce((sum, { categories }) => sum + categories.length, 0);

  function writeCounts(list: FeatureList, first: number, from: number, end: number, now: number): void {
    spansDays.forEach((days, n) => {
      let count = 0;
      for (let at = end - 1; at >= from && now - data!.timestamp[at]! <= days * daySeconds; at--) count++;
      add(list, first + n, Math.log1p(count) / 2);
    });
    const types = new Map<number, number>();
    for (let at = from; at < end; at++) types.set(data!.eventType[at]!, (types.get(data!.eventType[at]!) ?? 0) + 1);
    for (const [type, count] of types) add(list, first + spansDays.length + type, Math.log1p(count) / 2);
    const days = (now - data!.timestamp[end - 1]!) / daySeconds;
    add(list, first + countWidth - 1, 1 / (1 + Math.max(0, days)));
  }

  function writeItems(list: FeatureList, first: number, from: number, end: number): void {
    const items = [...data!.item.subarray(Math.max(from, end - newest), end)];
    addShares(
      list,
      first,
      items.map((i) => rank[i]!).filter((place) => place < itemWidth),
    );
    let at = first + itemWidth;
    for (const { offsets, codes, categories } of categorical) {
      addShares(
        list,
        at,
        items.flatMap((i) => [...codes.subarray(offsets[i], offsets[i + 1])]),
      );
      at += categories.length;
    }
  }

  return {
    width,
    write: (list, first, user, now) => {
      const from = data.offsets[user]!;
      const end = endBefore(data, user, now);
      if (end === from) return;
      writeCounts(list, first, from, end, now);
      writeItems(list, first + countWidth, from, end);
    },
  };
}
