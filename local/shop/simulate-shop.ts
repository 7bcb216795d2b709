/**
 * The storefront simulator: seeded, week by week. A week depends on the seed and on the weeks before it and on nothing
 * after it, so that a year and the weeks that follow it join without a seam.
 */
import { readAssortment } from "./assortment.ts";
import { demandOf, type Demand } from "./demand.ts";
import { arrivalWeeks, makeItem, type SimulatedItem } from "./items.ts";
import { createRandom, type Random } from "./random.ts";
import { eventsPerSession, visit } from "./sessions.ts";
import { defaultShop, weekSeconds, type Interaction, type Shop, type ShopOptions } from "./shop.ts";
import { drift, makeShopper, type Shopper } from "./shoppers.ts";

/** Share of the first year's users who were there before its first week. */
const foundingShare = 0.7;
/** New users and items a week after the first year, against the number that year ends with. */
const weeklyGrowth = 0.006;

type Assortment = ReturnType<typeof readAssortment>;

interface World {
  readonly options: ShopOptions;
  readonly assortment: Assortment;
  readonly startsAt: number;
  readonly items: SimulatedItem[];
  readonly shoppers: Shopper[];
}

/** The options with `weeks` in place: `until` is needed, the rest has defaults. */
export type ShopRequest = Partial<ShopOptions> & Pick<ShopOptions, "until">;

function openWorld(options: ShopOptions): World {
  const assortment = readAssortment();
  const startsAt = options.until - options.weeks * weekSeconds;
  const world: World = { options, assortment, startsAt, items: [], shoppers: [] };
  const random = createRandom(options.seed, "items");
  for (const week of arrivalWeeks(random, options.items, options.weeks)) addItem(world, random, week);
  const people = createRandom(options.seed, "users");
  for (let i = 0; i < options.users; i++) {
    const founder = i < options.users * foundingShare;
    addShopper(
      world,
      people,
      founder ? 0 : Math.floor(((i / options.users - foundingShare) / (1 - foundingShare)) * options.weeks),
    );
  }
  return world;
}

function addItem({ items, assortment, startsAt }: World, random: Random, week: number): void {
  const names = assortment.departments.map((department) => department.name);
  items.push(makeItem(random, assortment.kinds, names, { number: items.length, week, startsAt }));
}

function addShopper({ shoppers, assortment }: World, random: Random, week: number): void {
  shoppers.push(makeShopper(random, assortment.departments.length, { number: shoppers.length, week }));
}

/** After the first year the shop goes on growing. */
function grow(world: World, week: number): void {
  const { options } = world;
  if (week < options.weeks) return;
  const random = createRandom(options.seed, `growth/${week}`);
  for (let i = 0; i < Math.ceil(options.items * weeklyGrowth); i++) addItem(world, random, week);
  for (let i = 0; i < Math.ceil(options.users * weeklyGrowth); i++) addShopper(world, random, week);
}

/** Mean sessions of a shopper a week, such that the first year has the interactions asked for. */
function sessionRate({ weeks, interactionsPerUser }: ShopOptions): number {
  const presence = foundingShare + (1 - foundingShare) / 2; // those who join on the way are there half of the time
  return interactionsPerUser / (eventsPerSession * weeks * presence);
}

/** Seconds into the week: more in the evening, more at the weekend. */
function drawMoment(random: Random): number {
  const day = random.weighted([1, 0.9, 0.9, 1, 1.1, 1.4, 1.5]);
  const hour = (24 + 18 + 3.5 * random.normal()) % 24;
  return Math.floor((day * 24 + hour) * 3600);
}

/** Month of the year, fractional, at an epoch second. */
function monthAt(seconds: number): number {
  const date = new Date(seconds * 1000);
  return date.getUTCMonth() + (date.getUTCDate() - 1) / 31;
}

function visitsOf(world: World, random: Random, demand: Demand, shopper: Shopper, weekStart: number): Interaction[] {
  const { kinds } = world.assortment;
  const sessions = random.poisson(sessionRate(world.options) * shopper.activity);
  const moments = Array.from({ length: sessions }, () => drawMoment(random)).sort((a, b) => a - b);
  return moments.flatMap((moment) =>
    visit({ random, demand, kinds, shopper }).map(({ item, eventType, seconds }): Interaction => {
      const { row } = world.items[item] as SimulatedItem;
      const timestamp = Math.min(weekStart + moment + seconds, weekStart + weekSeconds - 1);
      return { userId: shopper.row.id, itemId: row.id, timestamp, eventType };
    }),
  );
}

function simulateWeek(world: World, week: number): Interaction[] {
  grow(world, week);
  const { assortment, items, options, startsAt, shoppers } = world;
  const weekStart = startsAt + week * weekSeconds;
  const random = createRandom(options.seed, `week/${week}`);
  const demand = demandOf(items, assortment.kinds, assortment.departments, { week, month: monthAt(weekStart) });
  const present = shoppers.filter((shopper) => shopper.week <= week);
  for (const shopper of present) drift(random, shopper);
  const rows = present.flatMap((shopper) => visitsOf(world, random, demand, shopper, weekStart));
  return rows.sort((a, b) => a.timestamp - b.timestamp);
}

/** @param weeks how many more after the first year. */
function simulate(request: ShopRequest, weeks: number): { world: World; byWeek: Interaction[][] } {
  const world = openWorld({ ...defaultShop, ...request });
  const byWeek = Array.from({ length: world.options.weeks + weeks }, (_, week) => simulateWeek(world, week));
  return { world, byWeek };
}

/** The shop's history up to `until`. The same request gives the same rows, to the byte. */
export function simulateShop(request: ShopRequest): Shop {
  const { world, byWeek } = simulate(request, 0);
  return {
    interactions: byWeek.flat(),
    users: world.shoppers.map((shopper) => shopper.row),
    items: world.items.map((item) => item.row),
  };
}

/**
 * What happens in the weeks after `until` of the same request: new interactions only; all users and items, the new ones
 * at the end, because an items or users file replaces the one before it.
 */
export function continueShop(request: ShopRequest, { weeks, after = 0 }: { weeks: number; after?: number }): Shop {
  const { world, byWeek } = simulate(request, after + weeks);
  return {
    interactions: byWeek.slice(world.options.weeks + after).flat(),
    users: world.shoppers.map((shopper) => shopper.row),
    items: world.items.map((item) => item.row),
  };
}
