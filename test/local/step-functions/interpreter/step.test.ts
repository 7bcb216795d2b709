/** The pure step: values in, values out. */
import { describe, expect, it } from "@jest/globals";
import { applyOutcome } from "../../../../local/step-functions/interpreter/draft.ts";
import type { Execution, Phase, Snapshot } from "../../../../local/step-functions/interpreter/execution.ts";
import type { Signal } from "../../../../local/step-functions/interpreter/signal.ts";
import { begin, step } from "../../../../local/step-functions/interpreter/step.ts";
import type { Moment } from "../../../../local/step-functions/language/language.ts";
import type { MachineDefinition } from "../../../../local/step-functions/program/definition.ts";
import { makeProgram, type Program } from "../../../../local/step-functions/program/program.ts";

const arn = "arn:aws:states:us-east-1:000000000000:execution:machine:run";
const execution: Execution = {
  arn,
  name: "run",
  machineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:machine",
  machineName: "machine",
  roleArn: "arn:aws:iam::000000000000:role/machine",
  definitionKey: "key",
  inputText: '{"n":1}',
  status: "RUNNING",
  startDate: 1000,
  redriveCount: 0,
};
const at = (now: number): Moment => {
  let ids = 0;
  return { now, deadline: (milliseconds) => now + milliseconds, random: () => 0.5, uuid: () => `uuid-${++ids}` };
};
const programOf = (States: object, StartAt = "A") =>
  makeProgram({ QueryLanguage: "JSONata", StartAt, States } as unknown as MachineDefinition);

const started = (program: Program): Snapshot => {
  const empty: Snapshot = { execution, threads: new Map(), lastEventId: 0 };
  return applyOutcome(empty, begin(program, execution, at(1000)));
};

/** Takes the signals one after another. */
async function after(program: Program, ...signals: readonly Signal[]): Promise<Snapshot> {
  let snapshot = started(program);
  for (const signal of signals) snapshot = applyOutcome(snapshot, await step(program, snapshot, signal, at(2000)));
  return snapshot;
}

const proceed: Signal = { kind: "proceed", thread: "0" };
const sdk = "arn:aws:states:::aws-sdk:personalize:describeSolution";
const task = { Type: "Task", Resource: sdk, Arguments: { a: "{% $states.input.n %}" }, End: true };

describe("step", () => {
  it.each<{ why: string; state: object; phase: Phase }>([
    { why: "a Pass goes on", state: { Type: "Pass", Next: "B" }, phase: { kind: "ready" } },
    {
      why: "a Wait asks for an instant",
      state: { Type: "Wait", Seconds: 3, Next: "B" },
      phase: { kind: "waiting", until: 5000 },
    },
    {
      why: "a Task asks for a call",
      state: { ...task, TimeoutSeconds: 9, HeartbeatSeconds: 4 },
      phase: {
        kind: "calling",
        call: {
          attempt: "uuid-1",
          resource: sdk,
          parameters: { a: 1 },
          submitted: false,
          timeoutAt: 11_000,
          heartbeatSeconds: 4,
          heartbeatAt: 6000,
        },
      },
    },
    {
      why: "a Parallel waits for its branches",
      state: { Type: "Parallel", Branches: [{ StartAt: "X", States: { X: { Type: "Succeed" } } }], End: true },
      phase: { kind: "forked", startedEventId: 3, total: 1, started: 1, done: 0 },
    },
  ])("says in the thread's phase what comes next: $why", async ({ state, phase }) => {
    const program = programOf({ A: state, B: { Type: "Succeed" } });
    expect((await after(program, proceed)).threads.get("0")?.phase).toEqual(phase);
  });

  it("moves one state at a time", async () => {
    const program = programOf({
      A: { Type: "Pass", Next: "B" },
      B: { Type: "Pass", Next: "C" },
      C: { Type: "Succeed" },
    });
    const snapshot = await after(program, proceed);
    expect(snapshot.threads.get("0")?.state).toBe("B");
    expect(snapshot.lastEventId).toBe(3);
  });

  it("leaves the snapshot alone, and gives the same outcome for the same arguments", async () => {
    const program = programOf({ A: task });
    const snapshot = started(program);
    const before = JSON.stringify([snapshot.execution, [...snapshot.threads]]);
    const outcomes = [
      await step(program, snapshot, proceed, at(2000)),
      await step(program, snapshot, proceed, at(2000)),
    ];
    expect(JSON.stringify([snapshot.execution, [...snapshot.threads]])).toBe(before);
    expect(outcomes[0]).toEqual(outcomes[1]);
    expect(outcomes[0]?.history.map(({ type }) => type)).toEqual(["TaskStateEntered", "TaskScheduled", "TaskStarted"]);
  });

  it.each<{ why: string; signal: Signal }>([
    {
      why: "an answer to another attempt",
      signal: { kind: "answered", thread: "0", attempt: "old", outcome: { kind: "succeeded", output: 1 } },
    },
    { why: "a timer of a wait that is not", signal: { kind: "elapsed", thread: "0" } },
    { why: "a thread that is gone", signal: { kind: "proceed", thread: "0/9.9" } },
    { why: "a second start", signal: proceed },
    { why: "a heartbeat nobody asked for", signal: { kind: "heartbeat", thread: "0", attempt: "uuid-1" } },
    { why: "a redrive of what runs", signal: { kind: "redrive" } },
  ])("P2: a signal that does not fit changes nothing: $why", async ({ signal }) => {
    const program = programOf({ A: task });
    const snapshot = await after(program, proceed);
    const outcome = await step(program, snapshot, signal, at(3000));
    expect([outcome.history, [...outcome.threads], outcome.execution]).toEqual([[], [], snapshot.execution]);
  });

  it("P2: nothing but a redrive reaches an execution that has ended", async () => {
    const program = programOf({ A: task });
    const ended = await after(program, proceed, { kind: "stop" });
    const answer: Signal = {
      kind: "answered",
      thread: "0",
      attempt: "uuid-1",
      outcome: { kind: "succeeded", output: 1 },
    };
    expect((await step(program, ended, answer, at(3000))).history).toEqual([]);
    const redriven = await step(program, ended, { kind: "redrive" }, at(3000));
    expect(redriven.execution).toMatchObject({ status: "RUNNING", redriveCount: 1, redriveDate: 3000 });
    expect(redriven.threads.get("0")?.phase).toEqual({ kind: "ready" });
  });

  it("takes a token's result even before the request itself was answered", async () => {
    const program = programOf({ A: { ...task, Resource: `${sdk}.waitForTaskToken` } });
    const settled: Signal = {
      kind: "settled",
      thread: "0",
      attempt: "uuid-1",
      outcome: { kind: "succeeded", output: 5 },
    };
    expect((await after(program, proceed, settled)).execution).toMatchObject({ status: "SUCCEEDED", outputText: "5" });
  });

  it("ends an execution whose history is as long as the service allows", async () => {
    const program = programOf({ A: task });
    const snapshot = { ...started(program), lastEventId: 24_999 };
    const outcome = await step(program, snapshot, proceed, at(2000));
    expect(outcome.history).toHaveLength(1);
    expect(outcome.execution).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause: "The execution reached the maximum number of history events (25000).",
    });
  });

  it("reports a bug of ours as the execution's failure instead of hanging", async () => {
    const broken = await after(programOf({ A: task }), { kind: "broken", message: "oh" });
    expect(broken.execution).toMatchObject({ status: "FAILED", error: "States.Runtime", cause: "oh" });
  });
});

describe("scopes", () => {
  const inner = {
    StartAt: "I",
    States: {
      I: { Type: "Pass", Assign: { mine: "{% $outer + 1 %}" }, Next: "J" },
      J: { Type: "Pass", Output: "{% [$outer, $mine] %}", End: true },
    },
  };
  const run = async (program: Program) => {
    let snapshot = started(program);
    for (let steps = 0; steps < 50 && snapshot.execution.status === "RUNNING"; steps++) {
      const ready = [...snapshot.threads.values()].find(
        ({ phase }) => phase.kind === "ready" || phase.kind === "starting",
      );
      if (!ready) break;
      snapshot = applyOutcome(snapshot, await step(program, snapshot, { kind: "proceed", thread: ready.id }, at(2000)));
    }
    return snapshot.execution;
  };

  it("32: inner scopes read outer variables; theirs end with the branch", async () => {
    const program = programOf({
      A: { Type: "Pass", Assign: { outer: 1 }, Next: "P" },
      P: {
        Type: "Parallel",
        Branches: [inner],
        Output: { result: "{% $states.result %}", leaked: "{% $exists($mine) %}" },
        End: true,
      },
    });
    expect((await run(program)).outputText).toBe('{"result":[[1,2]],"leaked":false}');
  });

  it("31: a rule's own Assign and Output count when it matches, the state's when none does", async () => {
    const choice = (n: number) => ({
      A: {
        Type: "Choice",
        Choices: [{ Condition: `{% $states.input.n = ${n} %}`, Assign: { by: "rule" }, Output: "o-rule", Next: "B" }],
        Assign: { by: "state" },
        Output: "o-state",
        Default: "B",
      },
      B: { Type: "Pass", Output: "{% [$by, $states.input] %}", End: true },
    });
    expect((await run(programOf(choice(1)))).outputText).toBe('["rule","o-rule"]');
    expect((await run(programOf(choice(2)))).outputText).toBe('["state","o-state"]');
  });

  it("33: the context tells the execution, the machine and the state", async () => {
    const output = (await run(programOf({ A: { Type: "Pass", Output: "{% $states.context %}", End: true } })))
      .outputText;
    expect(JSON.parse(output ?? "")).toEqual({
      Execution: {
        Id: arn,
        Input: { n: 1 },
        StartTime: "1970-01-01T00:00:01.000Z",
        Name: "run",
        RoleArn: execution.roleArn,
        RedriveCount: 0,
      },
      StateMachine: { Id: execution.machineArn, Name: "machine" },
      State: { Name: "A", EnteredTime: "1970-01-01T00:00:02.000Z" },
    });
  });

  it("a Choice that no rule answers and that has no Default fails with States.NoChoiceMatched", async () => {
    const choice = { Type: "Choice", Choices: [{ Condition: false, Next: "B" }] };
    expect(await run(programOf({ A: choice, B: { Type: "Succeed" } }))).toMatchObject({
      status: "FAILED",
      error: "States.NoChoiceMatched",
    });
  });
});
