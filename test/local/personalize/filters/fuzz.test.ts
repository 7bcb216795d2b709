/**
 * Random well-formed expressions over random metadata, evaluated by the bitmaps and by a slow reading of the rules written out here, must
 * agree; random texts must never crash the parser, and what it refuses has a place.
 */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isAllowed } from "../../../../local/personalize/filters/bitmaps.ts";
import { parseFilter } from "../../../../local/personalize/filters/parse-filter.ts";
import type { Interaction, Metadata } from "../../../../local/personalize/job-runner.ts";
import { createFiltering } from "../../../../local/personalize/serving/filtering.ts";
import { fakeJobRunner } from "../../../support/fake-job-runner.ts";

const genres = ["comedy", "drama", "horror", "5"];
const eventTypes = ["click", "Buy", "watch"];

type Condition =
  | { kind: "in"; negated: boolean; values: string[] }
  | { kind: "price"; op: string; value: number }
  | { kind: "genre"; op: "=" | "!="; value: string };

interface Expression {
  include: boolean;
  /** Of items; or the event types of one condition on interactions, "*" for any. */
  items?: Condition[][];
  events?: { negated: boolean; types: string[] };
  /** The least age of the user for the expression to count. */
  age?: number;
}

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constant("in" as const),
    negated: fc.boolean(),
    values: fc.array(fc.constantFrom(...genres), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant("price" as const),
    op: fc.constantFrom("=", "!=", "<", "<=", ">", ">="),
    value: fc.integer({ min: -1, max: 6 }),
  }),
  fc.record({
    kind: fc.constant("genre" as const),
    op: fc.constantFrom("=" as const, "!=" as const),
    value: fc.constantFrom(...genres),
  }),
);

const expression: fc.Arbitrary<Expression> = fc
  .tuple(
    fc.boolean(),
    fc.oneof(
      fc.record({
        items: fc.array(fc.array(condition, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({
        events: fc.record({
          negated: fc.boolean(),
          types: fc.array(fc.constantFrom("CLICK", "buy", "watch", "*"), { minLength: 1, maxLength: 2 }),
        }),
      }),
    ),
    fc.option(fc.integer({ min: 10, max: 40 }), { nil: undefined }),
  )
  .map(([include, about, age]) => ({ include, ...about, ...(age === undefined ? {} : { age }) }));

const written = (one: Condition) => {
  if (one.kind === "in")
    return `Items.GENRE ${one.negated ? "NOT IN" : "IN"} (${one.values.map((v) => `"${v}"`).join(", ")})`;
  return one.kind === "price" ? `Items.PRICE ${one.op} ${one.value}` : `Items.genre ${one.op} '${one.value}'`;
};

const textOf = (filter: readonly Expression[]) =>
  filter
    .map(({ include, items, events, age }) => {
      const conditions = items
        ? items.map((all) => all.map(written).join(" AND ")).join(" OR ")
        : `Interactions.EVENT_TYPE ${events?.negated ? "NOT " : ""}IN (${events?.types.map((t) => `"${t}"`).join(",")})`;
      const onlyIf = age === undefined ? "" : ` IF CurrentUser.AGE >= ${age}`;
      return `${include ? "INCLUDE" : "EXCLUDE"} ItemID WHERE ${conditions}${onlyIf}`;
    })
    .join(" | ");

/** What the reference says of one item, taken at its word. */
function passesSlowly(filter: readonly Expression[], id: string, world: World): boolean {
  const genreOf = (item: Metadata | undefined) => (item?.GENRE == null ? [] : String(item.GENRE).split("|"));
  const met = (types: string[]) =>
    world.interactions.some(
      ({ itemId, eventType }) =>
        itemId === id && types.some((type) => type === "*" || type.toLowerCase() === eventType.toLowerCase()),
    );
  const item = world.items[id];
  const holds = (one: Condition): boolean => {
    if (one.kind === "in") return genreOf(item).some((genre) => one.values.includes(genre)) !== one.negated;
    if (one.kind === "genre") {
      if (item?.GENRE == null) return false;
      return genreOf(item).includes(one.value) === (one.op === "=");
    }
    if (item?.PRICE == null) return false;
    const price = Number(item.PRICE);
    const operators: Record<string, boolean> = {
      "=": price === one.value,
      "!=": price !== one.value,
      "<": price < one.value,
      "<=": price <= one.value,
      ">": price > one.value,
      ">=": price >= one.value,
    };
    return operators[one.op] ?? false;
  };
  const matches = ({ items, events }: Expression) =>
    items ? items.some((all) => all.every(holds)) : met(events?.types ?? []) !== events?.negated;
  const counting = filter.filter(({ age }) => age === undefined || world.age >= age);
  const included = counting.filter(({ include }) => include);
  const isIn = included.length === 0 || included.some(matches);
  return isIn && !counting.some((one) => !one.include && matches(one));
}

interface World {
  items: Record<string, Metadata>;
  interactions: Interaction[];
  age: number;
}

const ids = [..."abcdefghijk"];

const world: fc.Arbitrary<World> = fc.record({
  items: fc.dictionary(
    fc.constantFrom(...ids),
    fc.record({
      GENRE: fc.option(
        fc.array(fc.constantFrom(...genres), { minLength: 1, maxLength: 3 }).map((all) => all.join("|")),
      ),
      PRICE: fc.option(fc.integer({ min: 0, max: 5 })),
    }),
  ),
  interactions: fc.array(
    fc.record({
      itemId: fc.constantFrom(...ids, "elsewhere"),
      timestamp: fc.integer({ min: 0, max: 100 }),
      eventType: fc.constantFrom(...eventTypes),
    }),
    { maxLength: 12 },
  ),
  age: fc.integer({ min: 10, max: 40 }),
});

describe("filters, fuzzed", () => {
  it("let through by bitmaps what a slow reading of the rules lets through, item by item too", () => {
    fc.assert(
      fc.property(fc.array(expression, { minLength: 1, maxLength: 3 }), world, (filter, shop) => {
        const jobs = fakeJobRunner();
        jobs.items = shop.items;
        jobs.users = { u: { AGE: shop.age } };
        jobs.histories = { u: shop.interactions };
        const { compiled, allowed, allows } = createFiltering(jobs);
        const about = { datasetGroupArn: "arn:aws:personalize:us-east-1:0:dataset-group/g", userId: "u" };
        const position = (id: string) => (ids.includes(id) ? ids.indexOf(id) : undefined);
        const made = compiled(textOf(filter), {}, "ItemID");
        const bitmap = allowed(made, { ids, position }, about);
        const slow = ids.filter((id) => passesSlowly(filter, id, shop));

        expect(ids.filter((_, n) => isAllowed(bitmap, n))).toEqual(slow);
        expect(ids.filter((id) => allows(made, id, about))).toEqual(slow);
      }),
      { numRuns: 400 },
    );
  });

  const words = [
    "INCLUDE",
    "EXCLUDE",
    "ItemID",
    "WHERE",
    "Items.A",
    "IN",
    "NOT",
    "(",
    ")",
    '"x"',
    "$P",
    "AND",
    "OR",
    "IF",
  ];
  const garbage = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc
      .array(fc.constantFrom(...words, "|", "=", "<=", "5", "CurrentUser.B", "*", "'", "\n"), { maxLength: 16 })
      .map((all) => all.join(" ")),
  );

  it("refuse every text that is no expression with a place, and crash on none", () => {
    fc.assert(
      fc.property(garbage, (text) => {
        const parsed = parseFilter(text);
        if (parsed.kind === "invalid") expect(parsed.fault).toMatch(/At line [1-9]\d*, column [1-9]\d*\.$/);
      }),
      { numRuns: 1500 },
    );
  });
});
