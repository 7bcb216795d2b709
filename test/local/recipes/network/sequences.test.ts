import { describe, expect, it } from "@jest/globals";
import { idle, spreadOverLanes } from "../../../../local/recipes/network/lanes.ts";
import { makeRandom } from "../../../../local/recipes/network/random.ts";
import {
  beginningsOf,
  cutSequences,
  eventWeights,
  gapBucket,
  inputRows,
} from "../../../../local/recipes/network/sequences.ts";
import { beginning } from "../../../../local/recipes/network/sessions.ts";
import { learnTransitions } from "../../../../local/recipes/network/transitions.ts";
import { addSignals } from "../../../../local/recipes/network/blend.ts";
import { createSignals } from "../../../../local/recipes/network/signals.ts";
import { dataOf } from "../training-data.ts";

describe("the time since the event before", () => {
  it.each([
    { why: "the first event, or a tie", seconds: 0, bucket: 0 },
    { why: "clock going backwards", seconds: -5, bucket: 0 },
    { why: "a second", seconds: 1, bucket: 1 },
    { why: "under four seconds", seconds: 3.9, bucket: 1 },
    { why: "four seconds begin the next", seconds: 4, bucket: 2 },
    { why: "an hour: 4^5 <= 3600 < 4^6", seconds: 3600, bucket: 6 },
    { why: "ten thousand years", seconds: 3e11, bucket: 15 },
  ])("falls into a bucket: $why", ({ seconds, bucket }) => {
    expect(gapBucket(seconds)).toBe(bucket);
  });
});

describe("sessions", () => {
  it("begin after more than half an hour without an event, and wherever a history begins", () => {
    const times = Float64Array.of(100, 1900, 3701, 3701, 9000, 9001);

    const begins = beginningsOf(times, (n) => n === 0 || n === 5);

    const { nothing, session, history } = beginning;
    expect([...begins]).toEqual([history, nothing, session, nothing, session, history]);
  });
});

describe("sequences", () => {
  const data = dataOf([["a", "b", "c", "d", "e"], ["c"], ["b", "a"]]);
  const vocabulary = { items: 5, eventTypes: 1 };
  const weight = eventWeights(data.timestamp, false);

  it("end where there is nothing more to predict, the short piece being the oldest", () => {
    const cut = cutSequences(data, Uint32Array.of(0, 2), { vocabulary, weight, longest: 3 });

    expect([...cut.starts]).toEqual([1, 0, 6]);
    expect([...cut.ends]).toEqual([4, 1, 7]);
    expect(cut.events).toBe(3 + 1 + 1);
  });

  it("read item, event type and gap, the gap anew for each user", () => {
    const rows = inputRows(data, vocabulary, (n) => data.offsets.includes(n));

    expect([...rows.subarray(0, 8)]).toEqual([...data.item]);
    expect([...rows.subarray(8, 16)]).toEqual(Array(8).fill(5));
    expect([...rows.subarray(16)].map((row) => row - 7)).toEqual([0, 3, 3, 3, 3, 0, 0, 3]); // a minute: 4^2 <= 60 < 4^3
  });

  it("fill lanes with every event once, each piece in order and marked where it begins", () => {
    const cut = cutSequences(data, Uint32Array.of(0, 1, 2), { vocabulary, weight, longest: 2 });
    const lanes = spreadOverLanes(cut, 2, makeRandom(1));
    const [event, begins] = [new Uint32Array(2 * lanes.steps), new Uint32Array(2 * lanes.steps)];

    lanes.fill(event, begins, 0, 2, 0, lanes.steps);

    const read = [...event].filter((n) => n !== idle);
    expect(read.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 6]);
    expect([...event].filter((_, at) => begins[at] === beginning.history).sort()).toEqual([...cut.starts].sort());
  });

  it("hold what is new, and whole histories of those who are read along", () => {
    const all = { vocabulary, weight, longest: 9, newerThan: 1e9 + 6e4 }; // user 2 begins at 1e9 + 1e5
    const users = Uint32Array.of(0, 1, 2);

    expect([...cutSequences(data, users, all).starts]).toEqual([6]);
    expect([...cutSequences(data, users, { ...all, replayed: new Set([0, 1]) }).starts]).toEqual([0, 6]);
  });

  it("weigh newer events more when asked to, between a half and one", () => {
    const biased = eventWeights(Float64Array.of(30, 10, 20, 40), true);

    expect([...biased]).toEqual([0.875, 0.625, 0.75, 1]);
    expect([...weight]).toEqual(Array(8).fill(1));
  });
});

describe("transitions", () => {
  const data = dataOf([
    ["a", "b", "c"],
    ["a", "b"],
    ["a", "a", "c"],
  ]);
  const transitions = learnTransitions(data, Uint32Array.of(0, 1, 2));

  it("count what follows, the nearer the more, apart from itself", () => {
    // after a: b 1 + 1; c 1/2 (user 0) + 1/2 + 1 (user 2); with five pseudo-counts: 2 / 9 each, the lower index first
    const [from, to] = [transitions.offsets[0]!, transitions.offsets[1]!];

    expect([...transitions.items.subarray(from, to)]).toEqual([1, 2]);
    expect(transitions.share[from]).toBeCloseTo(2 / 9, 6);
    expect(transitions.share[from + 1]).toBeCloseTo(2 / 9, 6);
  });

  it("become a signal beside what was seen, how often and how long ago", () => {
    const prior = Float32Array.of(0.5, 0.25, 0.25).map(Math.log);
    const { items, values } = createSignals(transitions, prior)(Uint32Array.of(1, 0, 0));
    const of = (item: number) => [...values].slice(items.indexOf(item) * 4, items.indexOf(item) * 4 + 4);

    expect(of(0).slice(0, 3)).toEqual([1, Math.log(2), 0]); // seen twice, the newest
    expect(of(1).slice(0, 3)).toEqual([1, 0, Math.log(3)]); // seen once, three events ago
    // c follows a (2/9; weights 1 and 0.8) and b (1/6; weight 0.64), over 2.44 and over its share of a quarter
    expect(of(2)[0]).toBe(0);
    expect(of(2)[3]).toBeCloseTo(Math.log1p(((1.8 * 2) / 9 + 0.64 / 6) / 2.44 / 0.25), 4);
  });

  it("are the same for the same history, whatever was asked between", () => {
    const signals = createSignals(transitions, Float32Array.of(0.5, 0.25, 0.25).map(Math.log));
    const first = signals(Uint32Array.of(1, 0, 0));
    signals(Uint32Array.of(2, 1));

    expect(signals(Uint32Array.of(1, 0, 0))).toEqual(first);
  });

  it("adds the weighted signals to scores as if they had been read first", () => {
    const signals = createSignals(transitions, Float32Array.of(0.5, 0.25, 0.25).map(Math.log));
    const history = Uint32Array.of(1, 0, 0);
    const weights = [1, 0.5, -0.25, 2, 3];
    const [read, added] = [new Float32Array(3), new Float32Array(3)];
    addSignals(read, weights, signals(history));
    signals.addTo(added, history, weights);
    expect(added).toEqual(read);
    expect(added.some((score) => score !== 0)).toBe(true);
  });
});
