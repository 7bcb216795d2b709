import { describe, expect, it } from "@jest/globals";
import type { Call, Phase, Thread } from "../../../../local/step-functions/interpreter/execution.ts";
import { demandsOf } from "../../../../local/step-functions/runner/demands.ts";

const call: Call = { attempt: "a", resource: "r", parameters: {}, submitted: false };
const threadIn = (phase: Phase): Thread => ({
  id: "t",
  parent: undefined,
  index: 0,
  flow: 0,
  state: "S",
  previousEventId: 1,
  entered: undefined,
  retries: [],
  phase,
  data: { input: {}, variables: {} },
});
const proceed = { kind: "signal", signal: { kind: "proceed", thread: "t" } };
const elapsed = (at: number) => ({ kind: "timer", at, signal: { kind: "elapsed", thread: "t" } });
const expired = (at: number) => ({ kind: "timer", at, signal: { kind: "call-expired", thread: "t", attempt: "a" } });

describe("demandsOf", () => {
  it.each<{ why: string; phase: Phase; demands: readonly object[] }>([
    { why: "a ready thread wants to go on", phase: { kind: "ready" }, demands: [proceed] },
    { why: "so does one that begins", phase: { kind: "starting" }, demands: [proceed] },
    { why: "a wait wants its instant", phase: { kind: "waiting", until: 7 }, demands: [elapsed(7)] },
    { why: "so does a retry", phase: { kind: "retrying", until: 8 }, demands: [elapsed(8)] },
    { why: "a task wants its call", phase: { kind: "calling", call }, demands: [{ kind: "call", call }] },
    {
      why: "with limits, the earlier of them, too",
      phase: { kind: "calling", call: { ...call, timeoutAt: 9, heartbeatAt: 5 } },
      demands: [expired(5), { kind: "call", call: { ...call, timeoutAt: 9, heartbeatAt: 5 } }],
    },
    {
      why: "once submitted, the call is not made again",
      phase: { kind: "calling", call: { ...call, submitted: true, timeoutAt: 9 } },
      demands: [expired(9)],
    },
    {
      why: "but the execution it started is awaited",
      phase: { kind: "calling", call: { ...call, submitted: true, awaits: "arn:x" } },
      demands: [
        { kind: "await-execution", call: { ...call, submitted: true, awaits: "arn:x" }, executionArn: "arn:x" },
      ],
    },
    {
      why: "and another service's run is asked about",
      phase: { kind: "calling", call: { ...call, submitted: true, awaits: "jr_1" } },
      demands: [{ kind: "poll", call: { ...call, submitted: true, awaits: "jr_1" } }],
    },
    { why: "a queued thread wants nothing", phase: { kind: "queued" }, demands: [] },
    {
      why: "nor one whose children work",
      phase: { kind: "forked", startedEventId: 3, total: 1, started: 1, done: 0 },
      demands: [],
    },
    { why: "nor one that is done", phase: { kind: "done" }, demands: [] },
    { why: "nor one that was stopped", phase: { kind: "stopped" }, demands: [] },
  ])("$why", ({ phase, demands }) => {
    expect(demandsOf(threadIn(phase))).toEqual(demands);
  });
});
