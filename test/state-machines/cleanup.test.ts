import { describe, expect, it } from "@jest/globals";
import validate from "asl-validator";
import jsonata from "jsonata";
import { cleanup, expressionsIn, reachable, statesOf } from "./definition.ts";

const states = statesOf(cleanup);
const tasks = states.filter(({ state }) => state.Type === "Task");
const names = (found: typeof states) => found.map(({ name }) => name);

describe("cleanup.asl.json", () => {
  it("is valid Amazon States Language with JSONata that parses", () => {
    const broken = expressionsIn(cleanup).filter((text) => {
      try {
        return !jsonata(text);
      } catch {
        return true;
      }
    });

    expect([validate(cleanup).errors, broken]).toEqual([[], []]);
  });

  it("gives every Task a timeout, a Retry with jitter that names its errors, and a Catch for the rest", () => {
    const isCovered = ({ state: { TimeoutSeconds, Retry = [], Catch = [] } }: (typeof states)[number]) =>
      Boolean(TimeoutSeconds) &&
      Retry.length > 0 &&
      Retry.every(
        ({ JitterStrategy, ErrorEquals }) => JitterStrategy === "FULL" && !ErrorEquals.includes("States.ALL"),
      ) &&
      Catch.some(({ ErrorEquals }) => ErrorEquals.includes("States.ALL"));

    expect(tasks.length).toBe(4);
    expect(names(tasks.filter((task) => !isCovered(task)))).toEqual([]);
  });

  it("reaches every state from the first", () => {
    const seen = reachable(cleanup, cleanup.StartAt);

    expect(names(states).filter((name) => name !== cleanup.StartAt && !seen.has(name))).toEqual([]);
  });

  it("bounds both of its waits by the one deadline, and sleeps no longer than what is left of it (R8)", () => {
    const waits = states.filter(({ state }) => state.Type === "Wait");
    const unbounded = waits.filter(({ name, state }) => {
      const loop = [...reachable(cleanup, name)].filter((other) => reachable(cleanup, other).has(name));
      const looks = loop.flatMap((other) => expressionsIn(cleanup.States[other]));
      const isBounded = looks.some((text) => /EnteredTime\) >= \$cleanBy/.test(text));
      return !isBounded || !expressionsIn(state).some((text) => text.includes("$cleanBy - $toMillis("));
    });

    expect(waits).toHaveLength(2);
    expect(names(unbounded)).toEqual([]);
  });

  it("tells and gives back the lease on its way to every end but a dry run's, and ends in a real Fail (R6)", () => {
    const troubles = states.flatMap(({ name, state }) =>
      [state, ...(state.Catch ?? [])].some((part) => "trouble" in (part.Assign ?? {}) && name !== cleanup.StartAt)
        ? [name]
        : [],
    );

    expect(troubles.length).toBeGreaterThan(4);
    for (const name of troubles)
      expect([name, [...reachable(cleanup, name)]]).toEqual([name, expect.arrayContaining(["The cleanup failed"])]);
    expect(cleanup.States["The cleanup failed"]?.Type).toBe("Fail");
    expect(cleanup.States["Did all go well?"]?.Default).toBe("The cleanup failed");
    expect(names(states.filter(({ state }) => JSON.stringify(state).includes('"Next":"Done"')))).toEqual([
      "Was it a dry run?",
      "Did all go well?",
    ]);
  });

  it("names states as sentences, choices as questions, and says of each why it is there", () => {
    const faults = states.filter(
      ({ name, state }) =>
        !/^[A-Z][a-z' ]+\??$/.test(name) || (state.Type === "Choice") !== name.endsWith("?") || !state.Comment,
    );

    expect(names(faults)).toEqual([]);
  });

  it("deletes nothing itself: only its Lambda may, after a look at everything", () => {
    expect(tasks.map(({ state }) => state.Resource)).toEqual([
      ...Array<string>(2).fill("arn:aws:states:::lambda:invoke"),
      "arn:aws:states:::aws-sdk:sns:publish",
      "arn:aws:states:::lambda:invoke",
    ]);
  });
});
