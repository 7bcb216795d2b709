import { describe, expect, it } from "@jest/globals";
import { syntheticData } from "../../bench/data/synthetic.ts";

describe("synthetic data", () => {
  const size = { interactions: 20_000, users: 2_000, items: 500 };
  const data = syntheticData(size);

  it("have the size asked for, and something of every user", () => {
    expect(data.item).toHaveLength(20_000);
    expect(data.offsets.at(-1)).toBe(20_000);
    expect(data.users.every((_, u) => data.offsets[u + 1]! > data.offsets[u]!)).toBe(true);
    expect(data.item.every((i) => i < 500)).toBe(true);
  });

  it("have each user's events in order of time", () => {
    const isInOrder = data.users.every((_, u) => {
      const times = data.timestamp.subarray(data.offsets[u], data.offsets[u + 1]);
      return times.every((time, n) => n === 0 || times[n - 1]! <= time);
    });

    expect(isInOrder).toBe(true);
  });

  it("have a few popular items: the first tenth has two fifths of the interactions", () => {
    expect(data.item.filter((i) => i < 50).length).toBeGreaterThan(8_000);
  });

  it("are the same for the same seed, and others for another", () => {
    expect(syntheticData(size).item).toEqual(data.item);
    expect(syntheticData(size, 2).item).not.toEqual(data.item);
  });
});
