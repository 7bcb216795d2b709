/** What is in demand in one week: season, novelty and appeal, as weights per item. Pure. */
import type { Department, ProductKind } from "./assortment.ts";
import type { Random } from "./random.ts";
import type { SimulatedItem } from "./items.ts";
import type { Shopper } from "./shoppers.ts";

export interface Demand {
  readonly items: readonly SimulatedItem[];
  /** Items on sale, by kind. */
  readonly byKind: readonly (readonly number[])[];
  /** Per item; 0 where it is not on sale yet. */
  readonly weight: Float64Array;
  /** Per item, for those who follow the crowd: the popular even more so. */
  readonly crowdWeight: Float64Array;
  /** Per kind: the sum of its items' weights. */
  readonly kindWeight: Float64Array;
  /** Per department. */
  readonly season: Float64Array;
}

const noveltyWeeks = 5;
const noveltyBoost = 1.5;
const crowdExponent = 1.6;
const sameBrandBoost = 14;
const favouriteBrandBoost = 3;

/** 1 on average over the year. @param month 0 to 12, fractional. */
export const seasonOf = ({ peakMonth, swing }: Department, month: number): number =>
  1 + swing * Math.cos((2 * Math.PI * (month - peakMonth - 0.5)) / 12);

/** @param week counted from the first; @param month of the year, fractional, in which it falls. */
export function demandOf(
  items: readonly SimulatedItem[],
  kinds: readonly ProductKind[],
  departments: readonly Department[],
  { week, month }: { week: number; month: number },
): Demand {
  const season = Float64Array.from(departments, (department) => seasonOf(department, month));
  const byKind: number[][] = kinds.map(() => []);
  const weight = new Float64Array(items.length);
  const kindWeight = new Float64Array(kinds.length);
  items.forEach((item, i) => {
    const age = week - item.week;
    if (age < 0) return;
    const novelty = age < noveltyWeeks ? 1 + noveltyBoost * (1 - age / noveltyWeeks) : 1;
    weight[i] = item.appeal * novelty;
    kindWeight[item.kind] = (kindWeight[item.kind] as number) + weight[i];
    byKind[item.kind]?.push(i);
  });
  const crowdWeight = weight.map((value) => value ** crowdExponent);
  return { items, byKind, weight, crowdWeight, kindWeight, season };
}

const closeness = (a: number, b: number) => (a === b ? 2 : Math.abs(a - b) === 1 ? 1 : 0.4);

/** An item of a kind for this shopper; after another item, mostly one of its brand. -1 where the kind is sold out. */
export function chooseOfKind(random: Random, demand: Demand, shopper: Shopper, kind: number, after?: number): number {
  const candidates = demand.byKind[kind] ?? [];
  const previous = after === undefined ? undefined : demand.items[after];
  const weights = candidates.map((i) => {
    if (i === after) return 0;
    const item = demand.items[i] as SimulatedItem;
    const liked = item.brand === shopper.brand ? favouriteBrandBoost : 1;
    const matching = previous && item.brand === previous.brand ? sameBrandBoost : 1;
    return (demand.weight[i] as number) * liked * matching * closeness(item.priceClass, shopper.priceClass);
  });
  return candidates[random.weighted(weights)] ?? -1;
}
