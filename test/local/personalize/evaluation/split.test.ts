import { describe, expect, it } from "@jest/globals";
import type { LoadedData } from "../../../../local/personalize/data/training-data.ts";
import { chooseTestUsers, splitUsers, truthCount } from "../../../../local/personalize/evaluation/split.ts";

/** `counts[u]` interactions of user u, with item = user, time = place. */
function dataOf(counts: readonly number[], name = (u: number) => `user${u}`): LoadedData {
  const rows = counts.flatMap((count, u) => Array.from({ length: count }, () => u));
  return {
    users: counts.map((_, u) => name(u)),
    items: counts.map((_, u) => `item${u}`),
    offsets: Uint32Array.from(counts.reduce((ends, count) => [...ends, (ends.at(-1) as number) + count], [0])),
    item: Uint32Array.from(rows),
    timestamp: Float64Array.from(rows.keys()),
    eventType: new Uint16Array(rows.length),
    eventTypes: [""],
    eventValue: new Float32Array(rows.length),
    contextColumns: [
      { name: "N", kind: "number", values: Float64Array.from(rows.keys()) },
      {
        name: "C",
        kind: "categorical",
        categories: ["x"],
        offsets: Uint32Array.from({ length: rows.length + 1 }, (_, r) => r),
        codes: new Uint32Array(rows.length),
      },
    ],
    itemColumns: [],
    userColumns: [],
    itemCreated: new Float64Array(counts.length),
    declaredCreation: new Float64Array(counts.length).fill(NaN),
  };
}

describe("the split of users", () => {
  it.each([
    { why: "a tenth", counts: Array(200).fill(3), tested: 20 },
    { why: "rounded to the nearest", counts: Array(25).fill(3), tested: 3 },
    { why: "at least one", counts: Array(4).fill(3), tested: 1 },
    {
      why: "only users with two interactions count",
      counts: [...Array(100).fill(2), ...Array(900).fill(1)],
      tested: 10,
    },
    { why: "none when nobody has two", counts: Array(50).fill(1), tested: 0 },
  ])("tests $why", ({ counts, tested }) => {
    const chosen = chooseTestUsers(dataOf(counts as number[]), 1);

    expect(chosen).toHaveLength(tested);
    expect([...chosen].every((u) => (counts[u] as number) >= 2)).toBe(true);
  });

  it("asks the same people in another order of the data, and others with another seed", () => {
    const data = dataOf(Array(500).fill(2) as number[]);
    const turned = dataOf(Array(500).fill(2) as number[], (u) => `user${499 - u}`);
    const names = (of: LoadedData, seed: number) => [...chooseTestUsers(of, seed)].map((u) => of.users[u]).sort();

    expect(names(data, 1)).toEqual(names(turned, 1));
    expect(names(data, 1)).not.toEqual(names(data, 2));
  });

  it("keeps most of last week's test users when new users come", () => {
    const before = dataOf(Array(500).fill(2) as number[]);
    const after = dataOf(Array(550).fill(2) as number[]);
    const old = new Set(chooseTestUsers(before, 1));
    const kept = [...chooseTestUsers(after, 1)].filter((u) => old.has(u));

    expect(kept.length).toBeGreaterThanOrEqual(44); // of 50
  });

  it("draws evenly from ids that differ only in their number", () => {
    const chosen = [...chooseTestUsers(dataOf(Array(10_000).fill(2) as number[]), 1)];
    const perThousand = Array.from({ length: 10 }, (_, k) => chosen.filter((u) => Math.floor(u / 1000) === k).length);

    expect(Math.min(...perThousand)).toBeGreaterThan(70);
    expect(Math.max(...perThousand)).toBeLessThan(130);
  });
});

describe("the training part", () => {
  const data = dataOf([3, 2, 4, 2, 5, 2, 2, 3, 2, 2, 6, 1]);
  const { training, testUsers } = splitUsers(data, 7);
  const rowsOf = (of: { offsets: Uint32Array }, u: number) =>
    [of.offsets[u] as number, of.offsets[u + 1] as number] as const;

  it("knows test users without any of their interactions", () => {
    expect(testUsers).toHaveLength(1);
    expect(training.users).toEqual(data.users);
    const [from, to] = rowsOf(training, testUsers[0] as number);
    expect(to - from).toBe(0);
    expect([...training.item]).not.toContain(testUsers[0]);
  });

  it("has the others' rows unchanged, columns included", () => {
    for (let u = 0; u < data.users.length; u++) {
      if (testUsers.includes(u)) continue;
      const [from, to] = rowsOf(training, u);
      const [first, last] = rowsOf(data, u);
      expect([...training.timestamp.subarray(from, to)]).toEqual([...data.timestamp.subarray(first, last)]);
      const [numbers, categories] = training.contextColumns;
      expect(numbers?.kind === "number" && [...numbers.values.subarray(from, to)]).toEqual([
        ...data.timestamp.subarray(first, last),
      ]);
      expect(categories?.kind === "categorical" && categories.offsets[to]).toBe(to);
    }
  });

  it("dates an item that only test users met as new, for their acts are not known", () => {
    const tested = testUsers[0] as number;
    const newest = Math.max(...training.timestamp);

    expect(training.itemCreated[tested]).toBe(newest);
    expect(training.itemCreated[(tested + 1) % 12]).toBe(data.offsets[(tested + 1) % 12]);
  });
});

describe("of a test user's interactions", () => {
  it.each([
    { n: 2, truth: 1 },
    { n: 9, truth: 1 },
    { n: 19, truth: 1 },
    { n: 20, truth: 2 },
    { n: 1000, truth: 100 },
  ])("$n: the newest $truth are the truth", ({ n, truth }) => {
    expect(truthCount(n)).toBe(truth);
  });
});
