/** The API against reference/step-functions.md; the numbers in the names are its facts. */
import { describe, expect, it } from "@jest/globals";
import { SdkIntegrationError } from "../../../local/cloud/ports/sdk-integration-error.ts";
import { AwsError } from "../../../local/cloud/ports/aws-error.ts";
import { embedded, outline, role } from "./support/embedded.ts";

const passing = { QueryLanguage: "JSONata", StartAt: "A", States: { A: { Type: "Pass", End: true } } };
const waiting = { QueryLanguage: "JSONata", StartAt: "A", States: { A: { Type: "Wait", Seconds: 60, End: true } } };
const machineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:machine";
const runArn = "arn:aws:states:us-east-1:000000000000:execution:machine:run";

async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof AwsError) return `${thrown.name}: ${thrown.message}`;
    throw thrown;
  }
  throw new Error("it was not refused");
}

describe("CreateStateMachine", () => {
  it("35: the same request again gives the same machine; a blank more in the definition does not", async () => {
    const { invoke, clock } = embedded();
    const text = JSON.stringify(passing);
    const request = { name: "machine", definition: text, roleArn: role };
    const first = await invoke("CreateStateMachine", request);
    clock.at(clock.now() + 5000, () => {});
    await clock.idle();
    expect(await invoke("CreateStateMachine", request)).toEqual(first);
    expect(first.stateMachineArn).toBe(machineArn);
    expect(await refusal(invoke("CreateStateMachine", { ...request, definition: `${text} ` }))).toBe(
      `StateMachineAlreadyExists: State Machine Already Exists: '${machineArn}'`,
    );
    expect(await refusal(invoke("CreateStateMachine", { ...request, roleArn: `${role}2` }))).toContain("AlreadyExists");
  });

  it("39: names code, message and location of the first fault", async () => {
    const { invoke } = embedded();
    const request = { name: "machine", definition: '{"States":{}}', roleArn: role };
    expect(await refusal(invoke("CreateStateMachine", request))).toBe(
      "InvalidDefinition: Invalid State Machine Definition: " +
        "'SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /'",
    );
  });

  it("refuses names and types it cannot have", async () => {
    const { invoke } = embedded();
    const request = { name: "a b", definition: JSON.stringify(passing), roleArn: role };
    expect(await refusal(invoke("CreateStateMachine", request))).toBe("InvalidName: Invalid Name: 'a b'");
    expect(await refusal(invoke("CreateStateMachine", { ...request, name: "a", type: "EXPRESS" }))).toContain(
      "StateMachineTypeNotSupported: ",
    );
  });
});

describe("DescribeStateMachine", () => {
  it("36: always shows status, type, configurations and encryption", async () => {
    const world = embedded();
    const definition = JSON.stringify(passing);
    await world.create(definition);
    expect(await world.invoke("DescribeStateMachine", { stateMachineArn: machineArn })).toEqual({
      stateMachineArn: machineArn,
      name: "machine",
      status: "ACTIVE",
      type: "STANDARD",
      definition,
      roleArn: role,
      creationDate: new Date(Date.UTC(2026, 0, 5)),
      loggingConfiguration: { level: "OFF", includeExecutionData: false },
      tracingConfiguration: { enabled: false },
      encryptionConfiguration: { type: "AWS_OWNED_KEY" },
    });
  });

  it("36: tells which variables JSONPath states read", async () => {
    const world = embedded();
    await world.create({
      StartAt: "A",
      States: {
        A: { Type: "Pass", Assign: { v: 1, w: 2 }, Next: "B" },
        B: { Type: "Pass", Parameters: { "x.$": "States.Format('$w {} {}', $v, $.v)" }, Next: "M" },
        M: {
          Type: "Map",
          ItemsPath: "$w",
          ItemProcessor: { StartAt: "I", States: { I: { Type: "Pass", InputPath: "$v", End: true } } },
          End: true,
        },
      },
    });
    const { variableReferences } = await world.invoke("DescribeStateMachine", { stateMachineArn: machineArn });
    expect(variableReferences).toEqual({ B: ["v"], M: ["w"], I: ["v"] });
  });

  it("35: the missing and the malformed have their own errors", async () => {
    const { invoke } = embedded();
    expect(await refusal(invoke("DescribeStateMachine", { stateMachineArn: machineArn }))).toBe(
      `StateMachineDoesNotExist: State Machine Does Not Exist: '${machineArn}'`,
    );
    expect(await refusal(invoke("DescribeStateMachine", { stateMachineArn: "nonsense" }))).toBe(
      "InvalidArn: Invalid Arn: 'Invalid ARN prefix: nonsense'",
    );
    expect(await invoke("DeleteStateMachine", { stateMachineArn: machineArn })).toEqual({});
  });
});

describe("UpdateStateMachine", () => {
  it("36: the first change makes a revisionId; equal values keep it", async () => {
    const world = embedded();
    await world.create(passing);
    const update = (rest: object) => world.invoke("UpdateStateMachine", { stateMachineArn: machineArn, ...rest });
    expect(await update({ definition: JSON.stringify(passing) })).not.toHaveProperty("revisionId");
    const { revisionId } = await update({ definition: JSON.stringify(waiting) });
    expect(revisionId).toBeDefined();
    expect((await update({ definition: JSON.stringify(waiting), roleArn: role })).revisionId).toBe(revisionId);
    expect((await update({ loggingConfiguration: { level: "ALL" } })).revisionId).not.toBe(revisionId);
  });

  it("41: nothing to update is an error", async () => {
    const world = embedded();
    await world.create(passing);
    expect(await refusal(world.invoke("UpdateStateMachine", { stateMachineArn: machineArn }))).toContain(
      "MissingRequiredParameter: Either the definition",
    );
  });
});

describe("StartExecution", () => {
  it("is idempotent by name while the same input runs, and refuses the name otherwise", async () => {
    const world = embedded();
    const release = world.clock.hold();
    const stateMachineArn = await world.create(waiting);
    const start = (rest: object) => world.invoke("StartExecution", { stateMachineArn, name: "run", ...rest });
    const first = await start({ input: "{}" });
    expect(await start({ input: "{}" })).toEqual(first);
    expect(await start({})).toEqual(first);
    const taken = `ExecutionAlreadyExists: Execution Already Exists: '${runArn}'`;
    expect(await refusal(start({ input: "{ }" }))).toBe(taken);
    release();
    await world.clock.idle();
    expect(await refusal(start({ input: "{}" }))).toBe(taken);
  });

  it("starts once when two requests come together", async () => {
    const world = embedded();
    const stateMachineArn = await world.create(passing);
    const request = { stateMachineArn, name: "run" };
    const both = await Promise.all([world.invoke("StartExecution", request), world.invoke("StartExecution", request)]);
    expect(both[0]).toEqual(both[1]);
    await world.clock.idle();
    expect(outline(await world.history(runArn))).toHaveLength(4);
  });

  it.each([
    {
      input: "x",
      says: "Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    },
    { input: "{'a':1}", says: "Unexpected character (''' (code 39)): was expecting double-quote to start field name" },
    { input: "", says: "Invalid execution input." },
    { input: "[1,", says: "Unexpected end-of-input" },
    { input: '{"a":nul}', says: "Unrecognized token 'nul'" },
    { input: "[1 2]", says: "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries" },
  ])("38: refuses $input in Jackson's words", async ({ input, says }) => {
    const world = embedded();
    const stateMachineArn = await world.create(passing);
    const said = await refusal(world.invoke("StartExecution", { stateMachineArn, input }));
    expect(said).toContain(`InvalidExecutionInput: Invalid State Machine Execution Input: '${says}`);
  });

  it.each(["null", "1", '"text"', "[]", " {} "])("38: any JSON value is valid input: %s", async (input) => {
    const { output } = await embedded().run(passing, input);
    expect(output).toEqual(JSON.parse(input));
  });
});

describe("DescribeExecution", () => {
  it("37: SUCCEEDED cannot be redriven and says so; the missing does not exist", async () => {
    const world = embedded();
    const { described } = await world.run(passing);
    expect(described).toMatchObject({
      status: "SUCCEEDED",
      redriveCount: 0,
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
    });
    expect(await refusal(world.invoke("DescribeExecution", { executionArn: `${runArn}2` }))).toBe(
      `ExecutionDoesNotExist: Execution Does Not Exist: '${runArn}2'`,
    );
  });

  it("37: DescribeStateMachineForExecution has updateDate, but no creationDate, status or type", async () => {
    const world = embedded();
    const { executionArn } = await world.run(passing);
    const shown = await world.invoke("DescribeStateMachineForExecution", { executionArn });
    expect(Object.keys(shown).sort()).toEqual([
      "definition",
      "encryptionConfiguration",
      "loggingConfiguration",
      "name",
      "roleArn",
      "stateMachineArn",
      "tracingConfiguration",
      "updateDate",
    ]);
  });
});

describe("ListExecutions", () => {
  it("37: lists newest first, by status, in pages", async () => {
    const world = embedded();
    const stateMachineArn = await world.create(passing);
    for (const name of ["one", "two", "three"]) {
      await world.invoke("StartExecution", { stateMachineArn, name });
      await world.clock.idle();
    }
    const names = (list: { executions: { name: string }[] }) => list.executions.map(({ name }) => name);
    const first = await world.invoke("ListExecutions", { stateMachineArn, maxResults: 2 });
    expect(names(first)).toEqual(["three", "two"]);
    const { nextToken } = first;
    const second = await world.invoke("ListExecutions", { stateMachineArn, maxResults: 2, nextToken });
    expect([names(second), second.nextToken]).toEqual([["one"], undefined]);
    expect(names(await world.invoke("ListExecutions", { stateMachineArn, statusFilter: "RUNNING" }))).toEqual([]);
    expect(names(await world.invoke("ListExecutions", { stateMachineArn, maxResults: 0 }))).toHaveLength(3);
    expect(await refusal(world.invoke("ListExecutions", { stateMachineArn, nextToken: "bogus" }))).toContain(
      "InvalidToken",
    );
  });
});

describe("GetExecutionHistory", () => {
  it("pages either way round, and leaves data out when asked", async () => {
    const world = embedded();
    const { executionArn } = await world.run(passing);
    const ids = async (rest: object) => {
      const page = await world.invoke("GetExecutionHistory", { executionArn, maxResults: 3, ...rest });
      return { ids: page.events.map(({ id }: { id: number }) => id), nextToken: page.nextToken };
    };
    const first = await ids({});
    expect(first.ids).toEqual([1, 2, 3]);
    expect(await ids({ nextToken: first.nextToken })).toEqual({ ids: [4], nextToken: undefined });
    const last = await ids({ reverseOrder: true });
    expect(last.ids).toEqual([4, 3, 2]);
    expect(await ids({ reverseOrder: true, nextToken: last.nextToken })).toEqual({ ids: [1], nextToken: undefined });
    const { events } = await world.invoke("GetExecutionHistory", { executionArn, includeExecutionData: false });
    expect(events[0].executionStartedEventDetails).toEqual({ roleArn: role });
    expect(events[1].stateEnteredEventDetails).toEqual({ name: "A" });
  });
});

describe("RedriveExecution", () => {
  it("runs on from what failed; what succeeded is not done again", async () => {
    let healthy = false;
    const task = (v: number) => ({
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:glue:getJob",
      Arguments: { v },
      End: true,
    });
    const world = embedded({
      answer: ({ input }) => {
        if (input["v"] === 2 && !healthy) throw new SdkIntegrationError("Glue.DownException", "down");
        return input;
      },
    });
    const { executionArn, described } = await world.run({
      QueryLanguage: "JSONata",
      StartAt: "P",
      States: {
        P: {
          Type: "Parallel",
          Branches: [
            { StartAt: "One", States: { One: task(1) } },
            { StartAt: "Two", States: { Two: task(2) } },
            { StartAt: "Three", States: { Three: { Type: "Wait", Seconds: 100, Output: 3, End: true } } },
          ],
          End: true,
        },
      },
    });
    expect(described.status).toBe("FAILED");
    expect(world.made.map(({ input }) => input["v"])).toEqual([1, 2]);

    healthy = true;
    const { redriveDate } = await world.invoke("RedriveExecution", { executionArn });
    await world.clock.idle();

    const after = await world.invoke("DescribeExecution", { executionArn });
    expect(after).toMatchObject({ status: "SUCCEEDED", output: '[{"v":1},{"v":2},3]', redriveCount: 1, redriveDate });
    expect(world.made.map(({ input }) => input["v"])).toEqual([1, 2, 2]);
    const history = await world.history(executionArn);
    expect(history.find(({ type }) => type === "ExecutionRedriven")?.executionRedrivenEventDetails).toEqual({
      redriveCount: 1,
    });
    expect(await refusal(world.invoke("RedriveExecution", { executionArn }))).toBe(
      "ExecutionNotRedrivable: Execution is SUCCEEDED and cannot be redriven",
    );
  });

  it("takes up what StopExecution cut off, a Map's queue included", async () => {
    const world = embedded();
    const release = world.clock.hold();
    const inner = { StartAt: "W", States: { W: { Type: "Wait", Seconds: 5, End: true } } };
    const stateMachineArn = await world.create({
      QueryLanguage: "JSONata",
      StartAt: "M",
      States: {
        M: {
          Type: "Map",
          Items: [1, 2, 3],
          ItemSelector: "{% $states.context.Map.Item.Value * 2 %}",
          MaxConcurrency: 1,
          ItemProcessor: inner,
          End: true,
        },
      },
    });
    const { executionArn } = await world.invoke("StartExecution", { stateMachineArn });
    await new Promise((resolve) => setImmediate(resolve));
    await world.invoke("StopExecution", { executionArn, error: "Mine", cause: "for now" });
    expect(await world.invoke("DescribeExecution", { executionArn })).toMatchObject({
      status: "ABORTED",
      error: "Mine",
    });
    await world.invoke("RedriveExecution", { executionArn });
    release();
    await world.clock.idle();
    expect((await world.invoke("DescribeExecution", { executionArn })).output).toBe("[2,4,6]");
  });
});

describe("task tokens", () => {
  const machine = (rest: object = {}) => ({
    QueryLanguage: "JSONata",
    StartAt: "T",
    States: {
      T: {
        Type: "Task",
        Resource: "arn:aws:states:::sns:publish.waitForTaskToken",
        Arguments: { TopicArn: "t", Message: { token: "{% $states.context.Task.Token %}" } },
        End: true,
        ...rest,
      },
    },
  });

  async function paused(rest: object = {}) {
    const world = embedded({ answer: () => ({ MessageId: "m" }) });
    const release = world.clock.hold();
    const stateMachineArn = await world.create(machine(rest));
    const { executionArn } = await world.invoke("StartExecution", { stateMachineArn });
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    const { token } = JSON.parse(world.made[0]?.input["Message"] as string) as { token: string };
    const end = async () => {
      release();
      await world.clock.idle();
      return world.invoke("DescribeExecution", { executionArn });
    };
    return { ...world, executionArn, token, end };
  }

  it("SendTaskSuccess makes its output the result; TaskSubmitted stands between", async () => {
    const { invoke, token, end, history, executionArn } = await paused();
    await invoke("SendTaskSuccess", { taskToken: token, output: '{"ok":1}' });
    expect((await end()).output).toBe('{"ok":1}');
    const events = await history(executionArn);
    expect(outline(events).slice(2, 7)).toEqual([
      "3 TaskScheduled <2",
      "4 TaskStarted <3",
      "5 TaskSubmitted <4",
      "6 TaskSucceeded <5",
      "7 TaskStateExited <6",
    ]);
    expect(events[4]?.taskSubmittedEventDetails).toMatchObject({
      output: '{"MessageId":"m"}',
      resource: "publish.waitForTaskToken",
      resourceType: "sns",
    });
    expect(await refusal(invoke("SendTaskSuccess", { taskToken: token, output: "1" }))).toBe(
      "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'",
    );
  });

  it("15: SendTaskFailure without words fails without words", async () => {
    const { invoke, token, end, history, executionArn } = await paused();
    await invoke("SendTaskFailure", { taskToken: token });
    expect(await end()).toMatchObject({ status: "FAILED" });
    expect((await history(executionArn)).at(-1)?.executionFailedEventDetails).toEqual({});
  });

  it("a heartbeat begins the time anew, and its lack ends the task", async () => {
    const { clock, invoke, token, end } = await paused({ HeartbeatSeconds: 60 });
    const start = clock.now();
    clock.at(start + 50_000, () => {
      const done = clock.busy();
      void invoke("SendTaskHeartbeat", { taskToken: token }).finally(done);
    });
    const described = await end();
    expect(described).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect(described.stopDate.getTime() - start).toBe(110_000);
  });

  it("refuses tokens that are none, and output that is no JSON", async () => {
    const { invoke, token } = await paused();
    expect(await refusal(invoke("SendTaskSuccess", { taskToken: "bogus", output: "1" }))).toBe(
      "InvalidToken: Invalid Token: 'Invalid token'",
    );
    expect(await refusal(invoke("SendTaskSuccess", { taskToken: token, output: "x" }))).toContain("InvalidOutput");
  });
});

describe("versions and tags", () => {
  it("41: a number is never used again, an unchanged revision gives the same version", async () => {
    const world = embedded();
    const stateMachineArn = await world.create(passing);
    const publish = async () =>
      (await world.invoke("PublishStateMachineVersion", { stateMachineArn })).stateMachineVersionArn;
    expect(await publish()).toBe(`${machineArn}:1`);
    expect(await publish()).toBe(`${machineArn}:1`);
    await world.invoke("UpdateStateMachine", { stateMachineArn, definition: JSON.stringify(waiting) });
    expect(await publish()).toBe(`${machineArn}:2`);
    await world.invoke("DeleteStateMachineVersion", { stateMachineVersionArn: `${machineArn}:2` });
    expect(await publish()).toBe(`${machineArn}:3`);
    expect(await world.invoke("DeleteStateMachineVersion", { stateMachineVersionArn: `${machineArn}:9` })).toEqual({});
    const { definition } = await world.invoke("DescribeStateMachine", { stateMachineArn: `${machineArn}:1` });
    expect(definition).toBe(JSON.stringify(passing));
  });

  it("41: executions of a version tell so; versions carry no tags", async () => {
    const world = embedded();
    const stateMachineArn = await world.create(passing);
    await world.invoke("PublishStateMachineVersion", { stateMachineArn });
    const { executionArn } = await world.invoke("StartExecution", { stateMachineArn: `${machineArn}:1`, name: "run" });
    await world.clock.idle();
    expect(await world.invoke("DescribeExecution", { executionArn })).toMatchObject({
      executionArn: runArn,
      stateMachineArn: machineArn,
      stateMachineVersionArn: `${machineArn}:1`,
    });
    const tags = [{ key: "k", value: "v" }];
    expect(await refusal(world.invoke("TagResource", { resourceArn: `${machineArn}:1`, tags }))).toContain(
      "ResourceNotFound",
    );
    await world.invoke("TagResource", { resourceArn: machineArn, tags });
    expect(await world.invoke("ListTagsForResource", { resourceArn: machineArn })).toEqual({ tags });
    await world.invoke("UntagResource", { resourceArn: machineArn, tagKeys: ["k"] });
    expect(await world.invoke("ListTagsForResource", { resourceArn: machineArn })).toEqual({ tags: [] });
  });
});

describe("ValidateStateMachineDefinition", () => {
  it("39: never throws; OK or FAIL with diagnostics", async () => {
    const { invoke } = embedded();
    const validate = (definition: string) => invoke("ValidateStateMachineDefinition", { definition });
    expect(await validate(JSON.stringify(passing))).toEqual({ result: "OK", diagnostics: [], truncated: false });
    expect(await validate("{}")).toEqual({
      result: "FAIL",
      diagnostics: [
        {
          severity: "ERROR",
          code: "SCHEMA_VALIDATION_FAILED",
          message: "These fields are required: [States, StartAt]",
          location: "/",
        },
      ],
      truncated: false,
    });
    expect((await validate("not a definition")).diagnostics[0].code).toBe("INVALID_JSON_DESCRIPTION");
  });
});

describe("deletion", () => {
  it("ends what runs and keeps its history", async () => {
    const world = embedded();
    const release = world.clock.hold();
    const stateMachineArn = await world.create(waiting);
    const { executionArn } = await world.invoke("StartExecution", { stateMachineArn });
    await world.invoke("DeleteStateMachine", { stateMachineArn });
    release();
    await world.clock.idle();
    expect(await world.invoke("DescribeExecution", { executionArn })).toMatchObject({ status: "ABORTED" });
    expect((await world.history(executionArn)).at(-1)?.type).toBe("ExecutionAborted");
  });

  it("forgets executions 90 days after their end", async () => {
    const world = embedded();
    const { executionArn } = await world.run(passing);
    world.clock.at(world.clock.now() + 91 * 86_400_000, () => {});
    await world.clock.idle();
    await world.invoke("StartExecution", { stateMachineArn: machineArn, name: "later" });
    await world.clock.idle();
    expect(await refusal(world.invoke("DescribeExecution", { executionArn }))).toContain("ExecutionDoesNotExist");
    expect(world.store.table("states/history").size).toBe(4);
  });
});

describe("access", () => {
  it("asks for the action on the resource, and for PassRole where a role is handed over", () => {
    const { service } = embedded();
    const context = { caller: { kind: "account" }, requestId: "r", account: "1", region: "r" } as const;
    expect(service.access("StartExecution", { stateMachineArn: machineArn }, context)).toEqual([
      { action: "states:StartExecution", resource: machineArn },
    ]);
    expect(service.access("CreateStateMachine", { name: "machine", roleArn: role }, context)).toEqual([
      { action: "states:CreateStateMachine", resource: machineArn },
      { action: "iam:PassRole", resource: role, conditions: { "iam:PassedToService": "states.amazonaws.com" } },
    ]);
    expect(service.access("SendTaskSuccess", { taskToken: "t" }, context)).toEqual([
      { action: "states:SendTaskSuccess", resource: "*" },
    ]);
  });
});
