/** The people and their hidden side: what they like, how that drifts, how often they come, what they are busy with. */
import { brands } from "./assortment.ts";
import type { Random } from "./random.ts";
import type { User } from "./shop.ts";

export interface Shopper {
  readonly row: User;
  /** Liking per department, positive, sums to 1. Drifts. */
  readonly taste: Float64Array;
  readonly brand: number;
  readonly priceClass: number;
  /** Sessions a week against the mean. */
  readonly activity: number;
  /** Joins in this week; 0 for those who were there before. */
  readonly week: number;
  /** The item last bought or put in the cart, whose successor is wanted next. Changes. */
  project: number | undefined;
}

const ageGroups = ["18-24", "25-34", "35-44", "45-54", "55+"] as const;
const ageShares = [0.16, 0.28, 0.25, 0.18, 0.13] as const;

/** How sharply a person prefers departments: larger is pickier. */
const pickiness = 1.5;
const activitySpread = 0.75;

/** Younger people climb and run, older ones hike and travel: weak, as in life. */
function ageLean(department: number, age: number): number {
  const towardsYouth = [0, -0.25, 0.35, 0, 0.25, 0.1, 0.1, -0.35][department] ?? 0;
  return towardsYouth * (1 - age / 2);
}

function normalise(taste: Float64Array): void {
  let sum = 0;
  for (const liking of taste) sum += liking;
  for (let d = 0; d < taste.length; d++) taste[d] = (taste[d] as number) / sum;
}

function drawTaste(random: Random, departments: number, age: number): Float64Array {
  const taste = Float64Array.from({ length: departments }, (_, d) =>
    Math.exp(pickiness * random.normal() + ageLean(d, age)),
  );
  normalise(taste);
  return taste;
}

function membershipOf(random: Random, activity: number): string {
  const engagement = activity * Math.exp(0.5 * random.normal());
  return engagement > 2 ? "gold" : engagement > 1 ? "silver" : "basic";
}

export function makeShopper(
  random: Random,
  departments: number,
  { number, week }: { number: number; week: number },
): Shopper {
  const age = random.weighted(ageShares);
  const activity = Math.exp(activitySpread * random.normal() - activitySpread ** 2 / 2);
  return {
    row: {
      id: `user-${String(number + 1).padStart(4, "0")}`,
      ageGroup: ageGroups[age] ?? "55+",
      membership: membershipOf(random, activity),
    },
    taste: drawTaste(random, departments, age),
    brand: random.int(brands.length),
    priceClass: random.weighted([0.35, 0.4, 0.25]),
    activity,
    week,
    project: undefined,
  };
}

/** A week's drift: everybody's taste wanders a little, and now and then somebody discovers a new pastime. */
export function drift(random: Random, { taste }: Shopper): void {
  for (let d = 0; d < taste.length; d++) taste[d] = (taste[d] as number) * Math.exp(0.08 * random.normal());
  if (random.next() < 0.02) taste[random.int(taste.length)] = 1;
  normalise(taste);
}
