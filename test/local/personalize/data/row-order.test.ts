import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createTimeSort, dropRepeats } from "../../../../local/personalize/data/row-order.ts";

function sorted(times: readonly number[]): number[] {
  const order = new Uint32Array(times.length);
  createTimeSort()(Uint32Array.from(times), 0, times.length, order, 0);
  return [...order];
}

function distinct(rows: readonly (readonly [time: number, item: number])[]): number[] {
  const timestamp = Uint32Array.from(rows, ([time]) => time);
  const order = Uint32Array.from(rows.keys());
  const end = dropRepeats(timestamp, [Uint32Array.from(rows, ([, item]) => item)], order, 0, rows.length);
  return [...order.subarray(0, end)];
}

describe("the order of a user's rows", () => {
  it("is by time, and ties keep the order of the file", () => {
    expect(sorted([30, 10, 20, 10, 30, 10])).toEqual([1, 3, 5, 2, 0, 4]);
  });

  it("is what a stable sort gives, for short and long histories", () => {
    const times = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 });
    fc.assert(
      fc.property(times, (list) => {
        expect(sorted(list)).toEqual([...list.keys()].sort((a, b) => (list[a] as number) - (list[b] as number)));
      }),
    );
  });

  it("says whether two rows share a second", () => {
    const ties = (times: number[]) =>
      createTimeSort()(Uint32Array.from(times), 0, times.length, new Uint32Array(times.length), 0);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 80 }), (times) => {
        expect(ties(times)).toBe(new Set(times).size < times.length);
        expect(ties([...times].sort((a, b) => a - b))).toBe(new Set(times).size < times.length);
      }),
    );
  });

  it("holds for a single user with more than a million rows", () => {
    const times = Array.from({ length: 2 ** 20 + 10 }, (_, n) => (n * 7919) % 1000);
    const order = sorted(times);

    expect(order.slice(0, 2)).toEqual([0, 1000]);
    expect(order.at(-1)).toBe(times.lastIndexOf(999));
  });

  it("holds for the largest timestamps", () => {
    const times = Array.from({ length: 100 }, (_, n) => 0xffffffff - ((n * 37) % 100));

    expect(sorted(times).map((row) => times[row])).toEqual([...times].sort((a, b) => a - b));
  });
});

describe("exact repeats", () => {
  it.each([
    {
      why: "same second, same item: once",
      rows: [
        [1, 7],
        [1, 7],
      ] as const,
      kept: [0],
    },
    {
      why: "same second, another item: both",
      rows: [
        [1, 7],
        [1, 8],
      ] as const,
      kept: [0, 1],
    },
    {
      why: "same item, another second: both",
      rows: [
        [1, 7],
        [2, 7],
      ] as const,
      kept: [0, 1],
    },
    {
      why: "not side by side",
      rows: [
        [1, 7],
        [1, 8],
        [1, 7],
      ] as const,
      kept: [0, 1],
    },
    {
      why: "the first one is kept",
      rows: [
        [1, 9],
        [2, 7],
        [2, 8],
        [2, 8],
        [3, 9],
      ] as const,
      kept: [0, 1, 2, 4],
    },
  ])("$why", ({ rows, kept }) => {
    expect(distinct(rows)).toEqual(kept);
  });

  it("are found among very many rows of one second too", () => {
    const rows = Array.from({ length: 5000 }, (_, n) => [1, n % 1000] as const);

    expect(distinct(rows)).toEqual(Array.from({ length: 1000 }, (_, n) => n));
  });
});
