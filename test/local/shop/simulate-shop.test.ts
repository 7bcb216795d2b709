import { describe, expect, it } from "@jest/globals";
import { readAssortment } from "../../../local/shop/assortment.ts";
import type { Interaction, Shop } from "../../../local/shop/shop.ts";
import { weekSeconds } from "../../../local/shop/shop.ts";
import { continueShop, simulateShop } from "../../../local/shop/simulate-shop.ts";

const until = Date.UTC(2026, 10, 23) / 1000;
const year = simulateShop({ seed: 1, until });
const small = { seed: 7, users: 200, items: 300, weeks: 12, until };

const countBy = (rows: readonly Interaction[], key: (row: Interaction) => string) => {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1);
  return counts;
};

const rowsByUser = (shop: Shop) => {
  const users = new Map<string, Interaction[]>();
  for (const row of shop.interactions) users.set(row.userId, [...(users.get(row.userId) ?? []), row]);
  return users;
};

describe("the year's shop", () => {
  it("has the numbers it was asked for", () => {
    expect(year.users).toHaveLength(2000);
    expect(year.items).toHaveLength(1500);
    expect(year.interactions.length).toBeGreaterThan(110_000);
    expect(year.interactions.length).toBeLessThan(130_000);
  });

  it("lies in the weeks before `until`, oldest first", () => {
    const times = year.interactions.map((row) => row.timestamp);

    expect(times[0]).toBeGreaterThanOrEqual(until - 52 * weekSeconds);
    expect(times.at(-1)).toBeLessThan(until);
    expect(times.every((time, i) => i === 0 || (times[i - 1] as number) <= time)).toBe(true);
  });

  it("sees far more views than carts, and more carts than purchases", () => {
    const counts = countBy(year.interactions, (row) => row.eventType);

    expect(counts.get("view")).toBeGreaterThan(3 * (counts.get("cart") ?? 0));
    expect(counts.get("cart")).toBeGreaterThan(1.5 * (counts.get("purchase") ?? 0));
    expect(counts.get("purchase")).toBeGreaterThan(5000);
  });

  it("sells only what was viewed and put in the cart just before", () => {
    for (const rows of [...rowsByUser(year).values()].slice(0, 300)) {
      rows.forEach((row, i) => {
        if (row.eventType !== "purchase") return;
        const before = rows
          .slice(0, i)
          .filter((earlier) => earlier.itemId === row.itemId)
          .map((earlier) => earlier.eventType);
        expect(before).toEqual(expect.arrayContaining(["view", "cart"]));
      });
    }
  });

  it("has a skew in popularity without a single item that swallows all", () => {
    const counts = [...countBy(year.interactions, (row) => row.itemId).values()].sort((a, b) => b - a);
    const share = (most: number) => counts.slice(0, most).reduce((sum, n) => sum + n, 0) / year.interactions.length;

    expect(share(150)).toBeGreaterThan(0.3);
    expect(share(150)).toBeLessThan(0.6);
    expect(share(1)).toBeLessThan(0.02);
  });

  it("never shows an item before it was created, and brings new ones all year", () => {
    const created = new Map(year.items.map((item) => [item.id, item.createdAt]));
    const arriving = year.items.filter((item) => item.createdAt > until - 52 * weekSeconds);

    expect(year.interactions.every((row) => row.timestamp >= (created.get(row.itemId) as number))).toBe(true);
    expect(arriving.length).toBeGreaterThan(350);
    expect(year.items.filter((item) => item.createdAt > until - 8 * weekSeconds).length).toBeGreaterThan(30);
  });

  it("knows seasons: winter goods go in January, water goods in July", () => {
    const department = new Map(year.items.map((item) => [item.id, item.categories[0]]));
    const inMonth = (name: string, month: number) =>
      year.interactions.filter(
        (row) => department.get(row.itemId) === name && new Date(row.timestamp * 1000).getUTCMonth() === month,
      ).length;

    expect(inMonth("Winter", 0)).toBeGreaterThan(2 * inMonth("Winter", 6));
    expect(inMonth("Water", 6)).toBeGreaterThan(2 * inMonth("Water", 0));
  });

  it("has the habit: after a tent a sleeping bag far more often than chance has it", () => {
    const kind = new Map(year.items.map((item) => [item.id, item.categories[1]]));
    let tents = 0;
    let bagsNext = 0;
    for (const rows of rowsByUser(year).values()) {
      rows.forEach((row, i) => {
        const next = rows.slice(i + 1).find((later) => later.itemId !== row.itemId);
        if (kind.get(row.itemId) !== "Tents" || !next) return;
        tents++;
        if (kind.get(next.itemId) === "Sleeping Bags") bagsNext++;
      });
    }
    const bags = year.interactions.filter((row) => kind.get(row.itemId) === "Sleeping Bags").length;

    expect(bagsNext / tents).toBeGreaterThan(8 * (bags / year.interactions.length));
  });
});

describe("the protocol's gap between counting transitions and counting popularity", () => {
  it("lets a sequence model win clearly and not absurdly", () => {
    const users = [...rowsByUser(year)];
    const held = users.filter(([, rows], i) => i % 10 === 3 && rows.length >= 10);
    const heldIds = new Set(held.map(([id]) => id));
    const cut = (rows: readonly Interaction[]) => rows.length - Math.max(1, Math.floor(rows.length / 10));
    const training = users.map(([id, rows]) => (heldIds.has(id) ? rows.slice(0, cut(rows)) : rows));
    const popular = [...countDistinctUsers(training)]
      .sort((a, b) => b[1] - a[1])
      .map(([item]) => item)
      .slice(0, 25);
    const followers = countTransitions(training);

    const hitRate = (recommend: (rows: readonly Interaction[]) => readonly string[]) =>
      held.filter(([, rows]) => {
        const truth = new Set(rows.slice(cut(rows)).map((row) => row.itemId));
        return recommend(rows.slice(0, cut(rows))).some((item) => truth.has(item));
      }).length / held.length;
    const byPopularity = hitRate(() => popular);
    const byTransition = hitRate((rows) => {
      const last = rows.at(-1)?.itemId ?? "";
      const ranked = [...(followers.get(last) ?? [])].sort((a, b) => b[1] - a[1]).map(([item]) => item);
      return [last, ...ranked, ...popular].slice(0, 25);
    });

    expect(byTransition).toBeGreaterThan(1.6 * byPopularity);
    expect(byTransition).toBeLessThan(4 * byPopularity);
  });
});

function countDistinctUsers(histories: readonly (readonly Interaction[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const rows of histories)
    for (const item of new Set(rows.map((row) => row.itemId))) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

function countTransitions(histories: readonly (readonly Interaction[])[]): Map<string, Map<string, number>> {
  const followers = new Map<string, Map<string, number>>();
  for (const rows of histories) {
    rows.forEach((row, i) => {
      const next = rows[i + 1];
      if (!next || next.itemId === row.itemId) return;
      const counts = followers.get(row.itemId) ?? new Map<string, number>();
      followers.set(row.itemId, counts.set(next.itemId, (counts.get(next.itemId) ?? 0) + 1));
    });
  }
  return followers;
}

describe("determinism", () => {
  it("gives the same shop for the same request", () => {
    expect(simulateShop(small)).toEqual(simulateShop(small));
  });

  it("gives another shop for another seed", () => {
    const other = simulateShop({ ...small, seed: 8 });

    expect(other.interactions).not.toEqual(simulateShop(small).interactions);
    expect(other.items).not.toEqual(simulateShop(small).items);
  });

  it("moves in time with `until`", () => {
    const shifted = simulateShop({ ...small, until: until + 52 * weekSeconds });

    expect(shifted.interactions[0]?.timestamp).toBeGreaterThan(until);
  });
});

describe("the weeks that follow", () => {
  const before = simulateShop(small);
  const next = continueShop(small, { weeks: 2 });

  it("hold new interactions only, right after the first ones", () => {
    const times = next.interactions.map((row) => row.timestamp);

    expect(times[0]).toBeGreaterThanOrEqual(until);
    expect(times.at(-1)).toBeLessThan(until + 2 * weekSeconds);
    expect(next.interactions.length).toBeGreaterThan(0);
  });

  it("keep every user and item as it was and append new ones", () => {
    expect(next.items.slice(0, before.items.length)).toEqual(before.items);
    expect(next.users.slice(0, before.users.length)).toEqual(before.users);
    expect(next.items.length).toBeGreaterThan(before.items.length);
    expect(next.users.length).toBeGreaterThan(before.users.length);
  });

  it("are the same whether asked for at once or one after the other", () => {
    const second = continueShop(small, { weeks: 1, after: 1 });

    const firstWeek = continueShop(small, { weeks: 1 });

    expect([...firstWeek.interactions, ...second.interactions]).toEqual(next.interactions);
  });

  it("go on like the year before: users come back, old and new items are seen", () => {
    const known = new Set(before.interactions.map((row) => row.userId));
    const returning = new Set(next.interactions.map((row) => row.userId).filter((id) => known.has(id)));

    expect(returning.size).toBeGreaterThan(20);
  });
});

describe("the assortment", () => {
  it("offers at least two kinds to go on with after each", () => {
    const { kinds } = readAssortment();

    expect(kinds.length).toBeGreaterThan(70);
    expect(kinds.every((kind) => kind.next.length >= 2 && kind.price > 0)).toBe(true);
  });
});
