import { describe, expect, it } from "@jest/globals";
import {
  chooseCatcher,
  chooseRetrier,
  matchesError,
  retryDelaySeconds,
} from "../../../../local/step-functions/interpreter/retry-delay.ts";
import type { FailureOrigin } from "../../../../local/step-functions/language/failure.ts";
import type { Retrier } from "../../../../local/step-functions/program/definition.ts";

const never = () => {
  throw new Error("no jitter, no chance");
};

describe("retryDelaySeconds", () => {
  it.each([
    { why: "defaults: 1 s, doubling", retrier: {}, delays: [1, 2, 4] },
    { why: "the interval scales the whole series", retrier: { IntervalSeconds: 5 }, delays: [5, 10, 20] },
    { why: "rate 1 never grows", retrier: { IntervalSeconds: 3, BackoffRate: 1 }, delays: [3, 3, 3] },
    { why: "the cap wins once reached", retrier: { IntervalSeconds: 4, MaxDelaySeconds: 10 }, delays: [4, 8, 10] },
    { why: "rates may be fractions", retrier: { IntervalSeconds: 2, BackoffRate: 1.5 }, delays: [2, 3, 4.5] },
  ])("$why", ({ retrier, delays }) => {
    expect([0, 1, 2].map((used) => retryDelaySeconds({ ErrorEquals: [], ...retrier }, used, never))).toEqual(delays);
  });

  it("full jitter takes a share of the capped delay", () => {
    const retrier: Retrier = { ErrorEquals: [], IntervalSeconds: 8, MaxDelaySeconds: 10, JitterStrategy: "FULL" };
    expect([0, 1].map((used) => retryDelaySeconds(retrier, used, () => 0.25))).toEqual([2, 2.5]);
  });
});

describe("matchesError", () => {
  const task: FailureOrigin = { kind: "task" };
  const heartbeat: FailureOrigin = { kind: "task", missedHeartbeat: true };
  const machine: FailureOrigin = { kind: "runtime" };
  it.each([
    { why: "by name", names: ["Boom"], error: "Boom", origin: task, matches: true },
    { why: "not by part of a name", names: ["Boo"], error: "Boom", origin: task, matches: false },
    { why: "States.ALL is anything", names: ["States.ALL"], error: "Boom", origin: task, matches: true },
    { why: "TaskFailed is any task's error", names: ["States.TaskFailed"], error: "L.X", origin: task, matches: true },
    { why: "but no timeout", names: ["States.TaskFailed"], error: "States.Timeout", origin: task, matches: false },
    { why: "nor the machine's own", names: ["States.TaskFailed"], error: "X", origin: machine, matches: false },
    {
      why: "22: Runtime is not caught",
      names: ["States.ALL"],
      error: "States.Runtime",
      origin: machine,
      matches: false,
    },
    { why: "22: even named", names: ["States.Runtime"], error: "States.Runtime", origin: machine, matches: false },
    {
      why: "22: a task's size is",
      names: ["States.ALL"],
      error: "States.DataLimitExceeded",
      origin: task,
      matches: true,
    },
    {
      why: "a state's own size is not",
      names: ["States.ALL"],
      error: "States.DataLimitExceeded",
      origin: machine,
      matches: false,
    },
    {
      why: "a missed heartbeat has two names",
      names: ["States.HeartbeatTimeout"],
      error: "States.Timeout",
      origin: heartbeat,
      matches: true,
    },
    {
      why: "a plain timeout has one",
      names: ["States.HeartbeatTimeout"],
      error: "States.Timeout",
      origin: task,
      matches: false,
    },
    { why: "a Fail state may have no error", names: ["States.ALL"], error: undefined, origin: machine, matches: true },
  ])("fact $why", ({ names, error, origin, matches }) => {
    expect(matchesError(names, { error, origin })).toBe(matches);
  });
});

describe("choosing", () => {
  const failed = { error: "B", origin: { kind: "task" } } as const;
  const retriers: Retrier[] = [
    { ErrorEquals: ["A"] },
    { ErrorEquals: ["B"], MaxAttempts: 2 },
    { ErrorEquals: ["States.ALL"], MaxAttempts: 9 },
  ];
  it.each([
    { why: "the first that matches", used: [], index: 1 },
    { why: "as long as it has attempts left", used: [0, 1, 0], index: 1 },
    { why: "used up, the later ones are not asked", used: [0, 2, 0], index: undefined },
  ])("takes $why", ({ used, index }) => {
    expect(chooseRetrier(retriers, used, failed)).toBe(index);
  });

  it("34: MaxAttempts 0 means never, and empty lists are allowed", () => {
    expect(chooseRetrier([{ ErrorEquals: ["B"], MaxAttempts: 0 }], [], failed)).toBeUndefined();
    expect(chooseRetrier([], [], failed)).toBeUndefined();
    expect(chooseCatcher([], failed)).toBeUndefined();
  });

  it("three attempts are the default", () => {
    const byDefault = [{ ErrorEquals: ["B"] }];
    expect([0, 2, 3].map((used) => chooseRetrier(byDefault, [used], failed))).toEqual([0, 0, undefined]);
  });
});
