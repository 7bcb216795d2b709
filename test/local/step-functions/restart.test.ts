/** kill -9 at every moment at which something becomes durable: the execution goes on and ends as if nothing had been. */
import { describe, expect, it } from "@jest/globals";
import { createJumpingClock } from "../../../local/cloud/clock/jumping-clock.ts";
import type { Store } from "../../../local/cloud/ports/store.ts";
import { crashingStore } from "./support/crashing-store.ts";
import { embedded, outline, type Made } from "./support/embedded.ts";

const sdkTask = "arn:aws:states:::aws-sdk:personalize:describeSolution";
const jsonata = (StartAt: string, States: object) => ({ QueryLanguage: "JSONata", StartAt, States });
const end = { End: true };

const machines: readonly { kind: string; definition: object; output: unknown }[] = [
  {
    kind: "Pass and Choice with variables",
    definition: jsonata("Set", {
      Set: { Type: "Pass", Assign: { n: 0 }, Next: "More?" },
      "More?": {
        Type: "Choice",
        Choices: [{ Condition: "{% $n >= 3 %}", Next: "Done" }],
        Assign: { n: "{% $n + 1 %}" },
        Default: "More?",
      },
      Done: { Type: "Succeed", Output: "{% $n %}" },
    }),
    output: 3,
  },
  {
    kind: "Wait",
    definition: jsonata("W", { W: { Type: "Wait", Seconds: 3600, Output: "waited", ...end } }),
    output: "waited",
  },
  {
    kind: "Task",
    definition: jsonata("T", {
      T: { Type: "Task", Resource: sdkTask, Arguments: { v: 1 }, Output: "{% $states.result.echo.v %}", ...end },
    }),
    output: 1,
  },
  {
    kind: "Task with a retry",
    definition: jsonata("T", {
      T: {
        Type: "Task",
        Resource: sdkTask,
        Arguments: { failUnless: 2, v: "{% $states.context.State.RetryCount %}" },
        Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 60 }],
        Output: "{% $states.result.echo.v %}",
        ...end,
      },
    }),
    output: 2,
  },
  {
    kind: "Task with a catch",
    definition: jsonata("T", {
      T: {
        Type: "Task",
        Resource: sdkTask,
        Arguments: { failUnless: 9, v: 0 },
        Catch: [{ ErrorEquals: ["States.ALL"], Output: "{% $states.errorOutput.Error %}", Next: "C" }],
        ...end,
      },
      C: { Type: "Pass", ...end },
    }),
    output: "Personalize.NotYetException",
  },
  {
    kind: "Task that waits for its token",
    definition: jsonata("T", {
      T: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
        Arguments: { FunctionName: "f", Payload: { token: "{% $states.context.Task.Token %}" } },
        HeartbeatSeconds: 86_400,
        ...end,
      },
    }),
    output: "told",
  },
  {
    kind: "Parallel",
    definition: jsonata("P", {
      P: {
        Type: "Parallel",
        Branches: [
          {
            StartAt: "A",
            States: { A: { Type: "Wait", Seconds: 5, Next: "A2" }, A2: { Type: "Pass", Output: "a", ...end } },
          },
          {
            StartAt: "B",
            States: {
              B: {
                Type: "Task",
                Resource: sdkTask,
                Arguments: { v: 2 },
                Output: "{% $states.result.echo.v %}",
                ...end,
              },
            },
          },
        ],
        ...end,
      },
    }),
    output: ["a", 2],
  },
  {
    kind: "Map",
    definition: jsonata("M", {
      M: {
        Type: "Map",
        Items: [1, 2, 3, 4, 5],
        ItemSelector: { i: "{% $states.context.Map.Item.Index %}", v: "{% $states.context.Map.Item.Value %}" },
        MaxConcurrency: 2,
        ItemProcessor: {
          StartAt: "T",
          States: {
            T: {
              Type: "Task",
              Resource: sdkTask,
              Arguments: { v: "{% $states.input.v * 10 + $states.input.i %}" },
              Output: "{% $states.result.echo.v %}",
              Next: "W",
            },
            W: { Type: "Wait", Seconds: 1, ...end },
          },
        },
        ...end,
      },
    }),
    output: [10, 21, 32, 43, 54],
  },
  {
    kind: "Parallel that fails once and is retried",
    definition: jsonata("P", {
      P: {
        Type: "Parallel",
        Arguments: "{% $states.context.State.EnteredTime %}",
        Branches: [
          {
            StartAt: "A",
            States: { A: { Type: "Task", Resource: sdkTask, Arguments: { failUnless: 1, v: 0 }, ...end } },
          },
          { StartAt: "B", States: { B: { Type: "Wait", Seconds: 50, ...end } } },
        ],
        Retry: [{ ErrorEquals: ["Personalize.NotYetException"], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ["States.ALL"], Output: "gave up", Next: "C" }],
        ...end,
      },
      C: { Type: "Pass", ...end },
    }),
    output: "gave up",
  },
];

/** Tokens outlive the process; whoever holds one uses it a second after the cloud is up. */
function world(store: Store, start: number, tokens: Set<string>, idPrefix: string) {
  const clock = createJumpingClock({ start });
  const tell = (token: string) =>
    void clock.at(clock.now() + 1000, () => {
      const done = clock.busy();
      // A token used already is refused, as it should be.
      void embeddedWorld
        .invoke("SendTaskSuccess", { taskToken: token, output: '"told"' })
        .catch(() => {})
        .finally(done);
    });
  const answer = ({ service, input }: Made) => {
    if (service === "lambda") {
      const { token } = JSON.parse(Buffer.from(input["Payload"] as Uint8Array).toString()) as { token: string };
      tokens.add(token);
      tell(token);
      return { StatusCode: 200, Payload: Buffer.from("null") };
    }
    if (input["failUnless"] !== undefined && input["failUnless"] !== input["v"]) {
      throw Object.assign(new Error("not yet"), { error: "Personalize.NotYetException", cause: "not yet" });
    }
    return { echo: input };
  };
  const embeddedWorld = embedded({ store, clock, answer, idPrefix });
  tokens.forEach(tell);
  return embeddedWorld;
}

async function startIn(one: ReturnType<typeof embedded>, definition: object): Promise<string> {
  const stateMachineArn = await one.create(definition);
  const { executionArn } = await one.invoke("StartExecution", { stateMachineArn, name: "run" });
  return executionArn as string;
}

const arn = "arn:aws:states:us-east-1:000000000000:execution:machine:run";

describe("an execution whose process dies", () => {
  it.each(machines)("goes on from every durable moment: $kind", async ({ definition, output }) => {
    const store = crashingStore();
    const undisturbed = world(store, 0, new Set(), "a");
    await startIn(undisturbed, definition);
    await undisturbed.clock.idle();
    const reference = outline(await undisturbed.history(arn)).map((line) => line.split(" ")[1]);
    const described = await undisturbed.invoke("DescribeExecution", { executionArn: arn });
    expect(JSON.parse(described.output)).toEqual(output);
    expect(store.commits).toBeGreaterThan(2);

    // Commit 1 is the machine's, commit 2 is StartExecution's.
    for (let commit = 2; commit <= store.commits; commit++) {
      const dying = crashingStore(commit);
      const tokens = new Set<string>();
      const first = world(dying, 0, tokens, "a");
      void startIn(first, definition);
      await dying.crashed;
      const second = world(dying.revive(), first.clock.now(), tokens, `b${commit}`);
      await second.service.resume?.();
      await second.clock.idle();
      const after = await second.invoke("DescribeExecution", { executionArn: arn });
      expect({ commit, status: after.status, output: JSON.parse(after.output ?? "null") }).toEqual({
        commit,
        status: "SUCCEEDED",
        output,
      });
      const types = outline(await second.history(arn)).map((line) => line.split(" ")[1]);
      expect({ commit, types: [...types].sort() }).toEqual({ commit, types: [...reference].sort() });
      expect(second.logged).toEqual([]);
    }
  });

  it("makes a call again under the same attempt, so that what the call creates is created once", async () => {
    const child = jsonata("W", { W: { Type: "Wait", Seconds: 60, Output: "child", ...end } });
    const childArn = "arn:aws:states:us-east-1:000000000000:stateMachine:child";
    const parent = jsonata("S", {
      S: {
        Type: "Task",
        Resource: "arn:aws:states:::states:startExecution.sync:2",
        Arguments: { StateMachineArn: childArn, Input: { a: 1 } },
        Output: "{% [$states.result.Output, $states.result.Input.a, $states.result.Status] %}",
        ...end,
      },
    });
    const reference = crashingStore();
    const undisturbed = world(reference, 0, new Set(), "a");
    await undisturbed.create(child, "child");
    await startIn(undisturbed, parent);
    await undisturbed.clock.idle();
    for (let commit = 3; commit <= reference.commits; commit++) {
      const dying = crashingStore(commit);
      const first = world(dying, 0, new Set(), "a");
      void first.create(child, "child").then(() => startIn(first, parent));
      await dying.crashed;
      const second = world(dying.revive(), first.clock.now(), new Set(), `b${commit}`);
      await second.service.resume?.();
      await second.clock.idle();
      const after = await second.invoke("DescribeExecution", { executionArn: arn });
      expect({ commit, output: after.output }).toEqual({ commit, output: '["child",1,"SUCCEEDED"]' });
      const { executions } = await second.invoke("ListExecutions", { stateMachineArn: childArn });
      expect(executions).toHaveLength(1);
    }
  });

  it("keeps absolute instants: a wait that passed while nothing ran is over at once", async () => {
    const dying = crashingStore(3);
    void startIn(world(dying, 0, new Set(), "a"), jsonata("W", { W: { Type: "Wait", Seconds: 60, ...end } }));
    await dying.crashed;
    const late = world(dying.revive(), 3_600_000, new Set(), "b");
    await late.service.resume?.();
    await late.clock.idle();
    const { stopDate, status } = await late.invoke("DescribeExecution", { executionArn: arn });
    expect([status, stopDate.getTime()]).toEqual(["SUCCEEDED", 3_600_000]);
  });

  it("keeps the machine's own deadline", async () => {
    const dying = crashingStore(3);
    const definition = { ...jsonata("W", { W: { Type: "Wait", Seconds: 600, ...end } }), TimeoutSeconds: 60 };
    void startIn(world(dying, 0, new Set(), "a"), definition);
    await dying.crashed;
    const second = world(dying.revive(), 10_000, new Set(), "b");
    await second.service.resume?.();
    await second.clock.idle();
    const { stopDate, status } = await second.invoke("DescribeExecution", { executionArn: arn });
    expect([status, stopDate.getTime()]).toEqual(["TIMED_OUT", 60_000]);
  });

  it("keeps the definition it started with", async () => {
    const world1 = embedded();
    const release = world1.clock.hold();
    const before = jsonata("W", { W: { Type: "Wait", Seconds: 9, Output: "old", ...end } });
    const stateMachineArn = await world1.create(before);
    await world1.invoke("StartExecution", { stateMachineArn, name: "run" });
    const after = jsonata("W", { W: { Type: "Pass", Output: "new", ...end } });
    await world1.invoke("UpdateStateMachine", { stateMachineArn, definition: JSON.stringify(after) });
    release();
    await world1.clock.idle();
    expect((await world1.invoke("DescribeExecution", { executionArn: arn })).output).toBe('"old"');
    const shown = await world1.invoke("DescribeStateMachineForExecution", { executionArn: arn });
    expect(shown.definition).toBe(JSON.stringify(before));
  });
});
