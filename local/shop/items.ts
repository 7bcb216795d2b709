/** The catalogue and its hidden side: how good an item is, its brand and price class, and when it came. */
import { brands, lines, type ProductKind } from "./assortment.ts";
import type { Random } from "./random.ts";
import { weekSeconds, type Item } from "./shop.ts";

export interface SimulatedItem {
  readonly row: Item;
  readonly kind: number;
  readonly brand: number;
  /** 0 cheap, 1 middle, 2 dear. */
  readonly priceClass: number;
  /** Appeal to everybody; long-tailed, which makes the popularity skew. */
  readonly appeal: number;
  /** The first week in which it can be seen; negative for what was there before. */
  readonly week: number;
}

interface Timeline {
  readonly startsAt: number;
}

/** Share of the first catalogue that was there before the first week. */
const stockedShare = 0.7;
const appealSpread = 0.95;
const priceClassFactor = [0.6, 1, 1.7] as const;

/** One item of a kind. @param number its place in the order of creation, which names it. */
export function makeItem(
  random: Random,
  kinds: readonly ProductKind[],
  departments: readonly string[],
  { number, week, startsAt }: { number: number; week: number } & Timeline,
): SimulatedItem {
  const kindIndex = random.int(kinds.length);
  const kind = kinds[kindIndex] as ProductKind;
  const brand = random.int(brands.length);
  const priceClass = random.weighted([0.3, 0.45, 0.25]);
  const factor = (priceClassFactor[priceClass] ?? 1) * Math.exp(0.12 * random.normal());
  const createdAt = Math.round(startsAt + week * weekSeconds - random.next() * 36 * 3600);
  return {
    row: {
      id: `item-${String(number + 1).padStart(4, "0")}`,
      title: `${brands[brand]} ${random.pick(lines)} ${kind.noun} ${10 + random.int(90)}`,
      categories: [departments[kind.department] as string, kind.name],
      price: Math.max(4.95, Math.round(kind.price * factor) - 0.05),
      createdAt,
    },
    kind: kindIndex,
    brand,
    priceClass,
    appeal: Math.exp(appealSpread * random.normal()),
    week,
  };
}

/** The weeks in which the first catalogue's items come, in order; what was stocked before counts back from week 0. */
export function arrivalWeeks(random: Random, count: number, weeks: number): number[] {
  const arrivals = Array.from({ length: count }, () =>
    random.next() < stockedShare ? -1 - random.int(100) : random.int(weeks),
  );
  return arrivals.sort((a, b) => a - b);
}
