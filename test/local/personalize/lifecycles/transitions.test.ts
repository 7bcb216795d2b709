/** The three steps of a transition, with a clock whose timers the test fires by hand. */
import { describe, expect, it } from "@jest/globals";
import { memoryStore } from "../../../../local/cloud/journal/memory-store.ts";
import type { Clock } from "../../../../local/cloud/ports/clock.ts";
import { createTransitions, type WorkOutcome } from "../../../../local/personalize/lifecycles/transitions.ts";

const turns = async () => {
  for (let n = 0; n < 10; n++) await new Promise((resolve) => setImmediate(resolve));
};

/** Time stands still; `fire` runs every timer that is due at that instant or before. */
function handClock() {
  const timers = new Set<{ due: number; run: () => void }>();
  const clock: Clock = {
    now: () => 0,
    deadline: (milliseconds) => milliseconds,
    at: (due, run) => {
      const timer = { due, run };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    sleep: () => Promise.reject(new Error("nobody sleeps here")),
    busy: () => () => {},
  };
  const fire = async (until: number) => {
    for (const timer of [...timers].filter(({ due }) => due <= until)) {
      timers.delete(timer);
      timer.run();
    }
    await turns();
  };
  return { clock, fire };
}

function setUp() {
  const { clock, fire } = handClock();
  const seen: string[] = [];
  let finish: (outcome: WorkOutcome) => void = () => {};
  let crash: (error: Error) => void = () => {};
  const transitions = createTransitions({
    clock,
    store: memoryStore(),
    log: (line) => seen.push(`log ${line.split("\n")[0]}`),
    durations: () => ({ pendingMs: 10, workingMs: 20 }),
    lifecycle: () => ({
      enter: (arn) => void seen.push(`enter ${arn}`),
      work: (arn) => {
        seen.push(`work ${arn}`);
        return new Promise<WorkOutcome>((resolve, reject) => {
          finish = resolve;
          crash = reject;
        });
      },
      settle: (arn, { kind }) => void seen.push(`settle ${arn} ${kind}`),
      afterwards: (arn) => void seen.push(`afterwards ${arn}`),
    }),
  });
  transitions.begin("campaign.create", "c");
  const ending = { finish: (outcome: WorkOutcome) => finish(outcome), crash: (error: Error) => crash(error) };
  return { transitions, fire, seen, ...ending };
}

describe("a transition", () => {
  it("settles when both the work and the least duration are over, whichever is last", async () => {
    const early = setUp();
    await early.fire(10);
    early.finish({ kind: "succeeded" });
    await turns();
    expect(early.seen).toEqual(["enter c", "work c"]);
    await early.fire(20);
    expect(early.seen.slice(2)).toEqual(["settle c succeeded", "afterwards c"]);

    const late = setUp();
    await late.fire(10);
    await late.fire(20);
    expect(late.seen).toEqual(["enter c", "work c"]);
    late.finish({ kind: "succeeded" });
    await turns();
    expect(late.seen.slice(2)).toEqual(["settle c succeeded", "afterwards c"]);
  });

  it("is told of until it has settled", async () => {
    const { transitions, fire, finish } = setUp();
    let isSettled = false;
    void transitions.settled("campaign.create", "c").then(() => (isSettled = true));

    await fire(10);
    await fire(20);
    const during = [transitions.isUnderWay("campaign.create", "c"), isSettled];
    finish({ kind: "succeeded" });
    await turns();

    expect(during).toEqual([true, false]);
    expect([transitions.isUnderWay("campaign.create", "c"), isSettled]).toEqual([false, true]);
  });

  it("settles pending ones at once and leaves working ones to their work", async () => {
    const pending = setUp();
    expect(pending.transitions.settlePending("campaign.create", "c", { kind: "cancelled" })).toBe(true);
    await pending.fire(10);
    expect(pending.seen).toEqual(["settle c cancelled"]);

    const working = setUp();
    await working.fire(10);
    expect(working.transitions.settlePending("campaign.create", "c", { kind: "cancelled" })).toBe(false);
  });

  it("fails, with the bug in the log, when its work throws", async () => {
    const { fire, seen, crash } = setUp();

    await fire(10);
    crash(new Error("a bug"));
    await fire(20);

    expect(seen.slice(2)).toEqual([
      "log personalize: campaign.create c: Error: a bug",
      "settle c failed",
      "afterwards c",
    ]);
  });

  it("does not settle after close, even when its work ends then (T3)", async () => {
    const { transitions, fire, seen, finish } = setUp();
    await fire(10);
    await fire(20);

    transitions.close();
    finish({ kind: "cancelled" });
    await turns();

    expect(seen).toEqual(["enter c", "work c"]);
    expect(transitions.isUnderWay("campaign.create", "c")).toBe(true);
  });
});
