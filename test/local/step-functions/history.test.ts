/** Histories against reference/step-functions.md; the numbers in the names are its facts. */
import { describe, expect, it } from "@jest/globals";
import { AwsError } from "../../../local/cloud/ports/aws-error.ts";
import { embedded, outline, type Answer } from "./support/embedded.ts";

const invoke = "arn:aws:states:::lambda:invoke";
const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:f";
const jsonata = (StartAt: string, States: object, rest: object = {}) => ({
  QueryLanguage: "JSONata",
  StartAt,
  States,
  ...rest,
});
const pass = (rest: object = { End: true }) => ({ Type: "Pass", ...rest });
const task = (rest: object = { End: true }) => ({
  Type: "Task",
  Resource: invoke,
  Arguments: { FunctionName: "f", Payload: "{% $states.input %}" },
  ...rest,
});
const returns =
  (payload: unknown): Answer =>
  () => ({ StatusCode: 200, ExecutedVersion: "$LATEST", Payload: Buffer.from(JSON.stringify(payload)) });
const throwsError: Answer = () => ({
  StatusCode: 200,
  FunctionError: "Unhandled",
  Payload: Buffer.from('{"errorType":"Boom","errorMessage":"no"}'),
});

describe("a line of states", () => {
  it("1: counts ids from 1; ExecutionStarted and the first StateEntered both have parent 0", async () => {
    const { history } = await embedded().run(jsonata("A", { A: pass({ Next: "B" }), B: { Type: "Succeed" } }));
    expect(outline(history)).toEqual([
      "1 ExecutionStarted <0",
      "2 PassStateEntered <0",
      "3 PassStateExited <2",
      "4 SucceedStateEntered <3",
      "5 SucceedStateExited <4",
      "6 ExecutionSucceeded <5",
    ]);
  });

  it("10, 11: shows the caller's text verbatim first, compact JSON afterwards", async () => {
    const text = '{ "a" : 1 }';
    const { history, described } = await embedded().run(jsonata("A", { A: pass() }), text);
    expect(history[0]?.executionStartedEventDetails).toEqual({
      input: text,
      inputDetails: { truncated: false },
      roleArn: "arn:aws:iam::000000000000:role/machine",
    });
    expect(history[1]?.stateEnteredEventDetails).toEqual({
      name: "A",
      input: text,
      inputDetails: { truncated: false },
    });
    expect(history[2]?.stateExitedEventDetails?.output).toBe('{"a":1}');
    expect(described).toMatchObject({
      input: text,
      inputDetails: { included: true },
      outputDetails: { included: true },
    });
  });

  it.each([
    { output: "x", text: '"x"' },
    { output: null, text: "null" },
    { output: 1.5, text: "1.5" },
    { output: [], text: "[]" },
  ])("11: a scalar output is JSON text: $text", async ({ output, text }) => {
    const { described, history } = await embedded().run(jsonata("A", { A: pass({ Output: output, End: true }) }));
    expect(described.output).toBe(text);
    expect(history.at(-1)?.executionSucceededEventDetails?.output).toBe(text);
  });

  it("12: assigned variables are JSON texts by name, absent when nothing is assigned", async () => {
    const { history } = await embedded().run(
      jsonata("A", { A: pass({ Assign: { n: 1, s: "{% 'a' & 'b' %}" }, Next: "B" }), B: pass() }),
    );
    expect(history[2]?.stateExitedEventDetails).toEqual({
      name: "A",
      output: "{}",
      outputDetails: { truncated: false },
      assignedVariables: { n: "1", s: '"ab"' },
      assignedVariablesDetails: { truncated: false },
    });
    expect(history[4]?.stateExitedEventDetails).toEqual({
      name: "B",
      output: "{}",
      outputDetails: { truncated: false },
    });
  });

  it.each([
    { state: { Type: "Fail" }, details: {} },
    { state: { Type: "Fail", Error: "E" }, details: { error: "E" } },
    { state: { Type: "Fail", Error: "{% 'E' & 1 %}", Cause: "because" }, details: { error: "E1", cause: "because" } },
  ])("7, 15: a Fail state has no exit; absent words are absent ($details)", async ({ state, details }) => {
    const { history, described } = await embedded().run(jsonata("A", { A: state }));
    expect(outline(history)).toEqual(["1 ExecutionStarted <0", "2 FailStateEntered <0", "3 ExecutionFailed <2"]);
    expect(history[2]?.executionFailedEventDetails).toEqual(details);
    expect(described).toMatchObject({ status: "FAILED", redriveStatus: "REDRIVABLE", ...details });
    expect(described).not.toHaveProperty("redriveStatusReason");
  });
});

describe("evaluation failures", () => {
  it("5, 17, 19: EvaluationFailed repeats the parent of its StateEntered, and is the end's parent", async () => {
    const { history, described } = await embedded().run(
      jsonata("A", { A: pass({ Next: "B" }), B: pass({ Output: { r: "{% $states.input.none %}" }, End: true }) }),
    );
    expect(outline(history).slice(3)).toEqual([
      "4 PassStateEntered <3",
      "5 EvaluationFailed <3",
      "6 ExecutionFailed <5",
    ]);
    const cause =
      "An error occurred while executing the state 'B' (entered at the event id #4). The JSONata expression " +
      "'$states.input.none' specified for the field 'Output/r' returned nothing (undefined).";
    expect(history[4]?.evaluationFailedEventDetails).toEqual({
      error: "States.QueryEvaluationError",
      cause,
      location: "Output/r",
      state: "B",
    });
    expect(described).toMatchObject({ error: "States.QueryEvaluationError", cause });
  });

  it("5: in the first state the parent is 0, in a Wait it is WaitStateEntered", async () => {
    const first = await embedded().run(jsonata("A", { A: pass({ Output: "{% $nope %}", End: true }) }));
    expect(outline(first.history)[2]).toBe("3 EvaluationFailed <0");
    const wait = await embedded().run(jsonata("A", { A: { Type: "Wait", Timestamp: "{% 'soon' %}", End: true } }));
    expect(outline(wait.history)[2]).toBe("3 EvaluationFailed <2");
    expect(wait.described.cause).toContain(
      "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: soon",
    );
  });

  it("5: a failing expression in an iteration is the parent of MapIterationFailed and of MapStateFailed", async () => {
    const inner = { StartAt: "I", States: { I: pass({ Output: "{% $nope %}", End: true }) } };
    const { history } = await embedded().run(
      jsonata("M", { M: { Type: "Map", Items: [1], ItemProcessor: inner, End: true } }),
    );
    expect(outline(history)).toEqual([
      "1 ExecutionStarted <0",
      "2 MapStateEntered <0",
      "3 MapStateStarted <2",
      "4 MapIterationStarted <3",
      "5 PassStateEntered <4",
      "6 EvaluationFailed <4",
      "7 MapIterationFailed <6",
      "8 MapStateFailed <6",
      "9 ExecutionFailed <8",
    ]);
  });

  it("19: an ItemSelector that fails does so inside its iteration, in the Map's name", async () => {
    const inner = { StartAt: "I", States: { I: pass() } };
    const { history } = await embedded().run(
      jsonata("M", {
        M: { Type: "Map", Items: [1], ItemSelector: { x: "{% $nope %}" }, ItemProcessor: inner, End: true },
      }),
    );
    expect(outline(history).slice(3)).toEqual([
      "4 MapIterationStarted <3",
      "5 EvaluationFailed <0",
      "6 MapIterationFailed <5",
      "7 MapStateFailed <5",
      "8 ExecutionFailed <7",
    ]);
    expect(history[4]?.evaluationFailedEventDetails).toMatchObject({ location: "ItemSelector/x", state: "M" });
  });

  it("19: location is absent where the whole input is at fault", async () => {
    const inner = { StartAt: "I", States: { I: pass() } };
    const { history } = await embedded().run(jsonata("M", { M: { Type: "Map", ItemProcessor: inner, End: true } }), {
      a: 1,
    });
    expect(history[2]?.evaluationFailedEventDetails).toEqual({
      error: "States.QueryEvaluationError",
      cause:
        "An error occurred while executing the state 'M' (entered at the event id #2). " +
        'Map state input must be an array but was: {"a":1}',
      state: "M",
    });
  });

  it("may be caught like any error", async () => {
    const { output, history } = await embedded({ answer: returns(1) }).run(
      jsonata("T", {
        T: task({
          Output: "{% $nope %}",
          Catch: [{ ErrorEquals: ["States.QueryEvaluationError"], Next: "C" }],
          End: true,
        }),
        C: pass({ Output: "{% $states.input.Error %}", End: true }),
      }),
    );
    expect(output).toBe("States.QueryEvaluationError");
    expect(outline(history).slice(4, 7)).toEqual([
      "5 TaskSucceeded <4",
      "6 EvaluationFailed <0",
      "7 TaskStateExited <6",
    ]);
  });
});

describe("tasks", () => {
  it("13: lambda:invoke has the Task… family with parameters, region, resource and resourceType", async () => {
    const { history, output, executionArn } = await embedded({ answer: returns({ ok: true }) }).run(
      jsonata("T", { T: task({ TimeoutSeconds: 60, HeartbeatSeconds: 20, End: true }) }),
      { a: 1 },
    );
    expect(outline(history).slice(1)).toEqual([
      "2 TaskStateEntered <0",
      "3 TaskScheduled <2",
      "4 TaskStarted <3",
      "5 TaskSucceeded <4",
      "6 TaskStateExited <5",
      "7 ExecutionSucceeded <6",
    ]);
    const names = { resource: "invoke", resourceType: "lambda" };
    expect(history[2]?.taskScheduledEventDetails).toEqual({
      parameters: '{"FunctionName":"f","Payload":{"a":1}}',
      region: "us-east-1",
      timeoutInSeconds: 60,
      heartbeatInSeconds: 20,
      ...names,
    });
    expect(history[3]?.taskStartedEventDetails).toEqual(names);
    const text = '{"ExecutedVersion":"$LATEST","Payload":{"ok":true},"StatusCode":200}';
    expect(history[4]?.taskSucceededEventDetails).toEqual({
      output: text,
      outputDetails: { truncated: false },
      ...names,
    });
    expect(output).toEqual(JSON.parse(text));
    expect(executionArn).toBe("arn:aws:states:us-east-1:000000000000:execution:machine:run");
  });

  it("13: a function's ARN has the LambdaFunction… family", async () => {
    const { history, output } = await embedded({ answer: returns([1]) }).run(
      jsonata("T", { T: { Type: "Task", Resource: functionArn, End: true } }),
      { a: 1 },
    );
    expect(outline(history).slice(2, 5)).toEqual([
      "3 LambdaFunctionScheduled <2",
      "4 LambdaFunctionStarted <3",
      "5 LambdaFunctionSucceeded <4",
    ]);
    expect(history[2]?.lambdaFunctionScheduledEventDetails).toEqual({
      input: '{"a":1}',
      inputDetails: { truncated: false },
      resource: functionArn,
    });
    expect(Object.keys(history[3] ?? {}).sort()).toEqual(["id", "previousEventId", "timestamp", "type"]);
    expect(history[4]?.lambdaFunctionSucceededEventDetails).toEqual({
      output: "[1]",
      outputDetails: { truncated: false },
    });
    expect(output).toEqual([1]);
  });

  it("9, 23: a failing function's error is its errorType, its cause the payload's text; ExecutionFailed follows", async () => {
    const { history, described } = await embedded({ answer: throwsError }).run(jsonata("T", { T: task() }));
    expect(outline(history).slice(3)).toEqual(["4 TaskStarted <3", "5 TaskFailed <4", "6 ExecutionFailed <5"]);
    const failure = { error: "Boom", cause: '{"errorType":"Boom","errorMessage":"no"}' };
    expect(history[4]?.taskFailedEventDetails).toEqual({ ...failure, resource: "invoke", resourceType: "lambda" });
    expect(described).toMatchObject(failure);
  });

  it("23: a service error is Lambda.<Code> with the service's line", async () => {
    const answer: Answer = () => {
      throw new AwsError("ResourceNotFoundException", "Function not found: f", { status: 404 });
    };
    const { described } = await embedded({ answer }).run(jsonata("T", { T: task() }));
    expect(described.error).toBe("Lambda.ResourceNotFoundException");
    expect(described.cause).toBe(
      "Function not found: f (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; " +
        "Request ID: id-1; Proxy: null)",
    );
  });

  it("9: when caught, TaskStateExited follows TaskFailed and carries the catcher's output", async () => {
    const { history, output } = await embedded({ answer: throwsError }).run(
      jsonata("T", {
        T: task({
          Catch: [{ ErrorEquals: ["States.TaskFailed"], Assign: { e: "{% $states.errorOutput.Error %}" }, Next: "C" }],
          End: true,
        }),
        C: pass({ Output: ["{% $e %}", "{% $states.input %}"], End: true }),
      }),
    );
    expect(outline(history).slice(4, 7)).toEqual(["5 TaskFailed <4", "6 TaskStateExited <5", "7 PassStateEntered <6"]);
    const errorOutput = { Error: "Boom", Cause: '{"errorType":"Boom","errorMessage":"no"}' };
    expect(history[5]?.stateExitedEventDetails).toMatchObject({
      output: JSON.stringify(errorOutput),
      assignedVariables: { e: '"Boom"' },
    });
    expect(output).toEqual(["Boom", errorOutput]);
  });

  it("8: a retry writes no event of its own; the next TaskScheduled points at TaskFailed", async () => {
    let calls = 0;
    const answer: Answer = (made) => (++calls === 1 ? throwsError(made) : returns(calls)(made));
    const world = embedded({ answer });
    const before = world.clock.now();
    const { history } = await world.run(
      jsonata("T", { T: task({ Retry: [{ ErrorEquals: ["Boom"], IntervalSeconds: 7 }], End: true }) }),
    );
    expect(outline(history).slice(2, 9)).toEqual([
      "3 TaskScheduled <2",
      "4 TaskStarted <3",
      "5 TaskFailed <4",
      "6 TaskScheduled <5",
      "7 TaskStarted <6",
      "8 TaskSucceeded <7",
      "9 TaskStateExited <8",
    ]);
    expect(world.clock.now() - before).toBe(7000);
  });

  it("14: a task's timeout has no cause", async () => {
    const waiting = task({ Resource: `${invoke}.waitForTaskToken`, TimeoutSeconds: 30, End: true });
    const { history, described } = await embedded({ answer: returns(null) }).run(jsonata("T", { T: waiting }));
    expect(outline(history).slice(4)).toEqual(["5 TaskSubmitted <4", "6 TaskTimedOut <5", "7 ExecutionFailed <6"]);
    expect(history[5]?.taskTimedOutEventDetails).toEqual({
      error: "States.Timeout",
      resource: "invoke.waitForTaskToken",
      resourceType: "lambda",
    });
    expect(described.error).toBe("States.Timeout");
    expect(described).not.toHaveProperty("cause");
  });

  it("14: the machine's timeout is TIMED_OUT with neither error nor cause", async () => {
    const { history, described } = await embedded().run(
      jsonata("A", { A: { Type: "Wait", Seconds: 100, End: true } }, { TimeoutSeconds: 60 }),
    );
    expect(described.status).toBe("TIMED_OUT");
    expect(described).not.toHaveProperty("error");
    expect(described).not.toHaveProperty("cause");
    expect(history.at(-1)?.type).toBe("ExecutionTimedOut");
    expect(described.stopDate.getTime() - described.startDate.getTime()).toBe(60_000);
  });

  it.each([
    { why: "lambda", state: task() },
    { why: functionArn, state: { Type: "Task", Resource: functionArn } },
  ])("22: a result over 256 KiB is a failed task that States.ALL catches ($why)", async ({ why, state }) => {
    const caught = { ...state, Catch: [{ ErrorEquals: ["States.ALL"], Next: "C" }], Next: "C" };
    const { output } = await embedded({ answer: returns("x".repeat(262_144)) }).run(
      jsonata("T", { T: { ...caught, End: undefined }, C: pass() }),
    );
    expect(output).toEqual({
      Error: "States.DataLimitExceeded",
      Cause: `The state/task '${why}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    });
  });

  it("22: a Pass of that size fails in the state's name", async () => {
    const { described } = await embedded().run(
      jsonata("A", { A: pass({ Output: "{% $pad('', 262145, 'x') %}", End: true }) }),
    );
    expect(described).toMatchObject({
      error: "States.DataLimitExceeded",
      cause: "The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });
});

describe("Map and Parallel", () => {
  const inner = { StartAt: "I", States: { I: pass() } };
  const map = (rest: object) => jsonata("M", { M: { Type: "Map", ItemProcessor: inner, End: true, ...rest } });

  it("2: concurrent iterations start from MapStateStarted; 4: the end points at the last success", async () => {
    const { history } = await embedded().run(map({ Items: [1, 2] }));
    expect(outline(history)).toEqual([
      "1 ExecutionStarted <0",
      "2 MapStateEntered <0",
      "3 MapStateStarted <2",
      "4 MapIterationStarted <3",
      "5 MapIterationStarted <3",
      "6 PassStateEntered <4",
      "7 PassStateExited <6",
      "8 MapIterationSucceeded <7",
      "9 PassStateEntered <5",
      "10 PassStateExited <9",
      "11 MapIterationSucceeded <10",
      "12 MapStateSucceeded <11",
      "13 MapStateExited <11",
      "14 ExecutionSucceeded <13",
    ]);
    expect(history[2]?.mapStateStartedEventDetails).toEqual({ length: 2 });
    expect(history[4]?.mapIterationStartedEventDetails).toEqual({ name: "M", index: 1 });
  });

  it("3: one at a time, the next iteration skips MapIterationSucceeded", async () => {
    const { history } = await embedded().run(map({ Items: [1, 2], MaxConcurrency: 1 }));
    expect(outline(history).slice(3, 8)).toEqual([
      "4 MapIterationStarted <3",
      "5 PassStateEntered <4",
      "6 PassStateExited <5",
      "7 MapIterationSucceeded <6",
      "8 MapIterationStarted <6",
    ]);
  });

  it("4: without items MapStateSucceeded points at MapStateStarted", async () => {
    const { history, output } = await embedded().run(map({ Items: [] }));
    expect(outline(history).slice(2)).toEqual([
      "3 MapStateStarted <2",
      "4 MapStateSucceeded <3",
      "5 MapStateExited <3",
      "6 ExecutionSucceeded <5",
    ]);
    expect(output).toEqual([]);
  });

  it("2, 4: a Parallel's branches start from ParallelStateStarted; its exit skips …Succeeded", async () => {
    const { history, output } = await embedded().run(
      jsonata("P", { P: { Type: "Parallel", Branches: [inner, { StartAt: "J", States: { J: pass() } }], End: true } }),
      7,
    );
    expect(outline(history).slice(1)).toEqual([
      "2 ParallelStateEntered <0",
      "3 ParallelStateStarted <2",
      "4 PassStateEntered <3",
      "5 PassStateExited <4",
      "6 PassStateEntered <3",
      "7 PassStateExited <6",
      "8 ParallelStateSucceeded <7",
      "9 ParallelStateExited <7",
      "10 ExecutionSucceeded <9",
    ]);
    expect(output).toEqual([7, 7]);
  });

  const failing = { StartAt: "F", States: { F: { Type: "Fail", Error: "Bad" } } };
  const slow = { StartAt: "W", States: { W: task({ Resource: `${invoke}.waitForTaskToken`, End: true }) } };

  it("16, 4: a sibling that is cut off leaves TaskStateAborted; caught, the exit points at …Failed", async () => {
    const { history, output } = await embedded({ answer: returns(0) }).run(
      jsonata("P", {
        P: {
          Type: "Parallel",
          Branches: [
            slow,
            { StartAt: "B", States: { B: { Type: "Wait", Seconds: 1, Next: "F" }, F: failing.States.F } },
          ],
          Catch: [{ ErrorEquals: ["Bad"], Next: "C" }],
          End: true,
        },
        C: pass(),
      }),
    );
    expect(outline(history).slice(8)).toEqual([
      "9 WaitStateExited <7",
      "10 FailStateEntered <9",
      "11 TaskStateAborted <10",
      "12 ParallelStateFailed <10",
      "13 ParallelStateExited <12",
      "14 PassStateEntered <13",
      "15 PassStateExited <14",
      "16 ExecutionSucceeded <15",
    ]);
    expect(output).toEqual({ Error: "Bad" });
  });

  it("16: iterations that are cut off are aborted, too, all pointing at the failure", async () => {
    const mixed = {
      StartAt: "Q",
      States: {
        Q: { Type: "Choice", Choices: [{ Condition: "{% $states.input = 2 %}", Next: "F" }], Default: "W" },
        F: failing.States.F,
        W: slow.States.W,
      },
    };
    const { history } = await embedded({ answer: returns(0) }).run(map({ Items: [1, 2], ItemProcessor: mixed }));
    const lines = outline(history);
    const failed = history.find(({ type }) => type === "FailStateEntered")?.id ?? 0;
    expect(lines.slice(-5)).toEqual([
      `${lines.length - 4} MapIterationFailed <${failed}`,
      `${lines.length - 3} TaskStateAborted <${failed}`,
      `${lines.length - 2} MapIterationAborted <${failed}`,
      `${lines.length - 1} MapStateFailed <${failed}`,
      `${lines.length} ExecutionFailed <${lines.length - 1}`,
    ]);
  });

  it("4, 8: a Map's retry repeats MapStateStarted, pointing at the event before MapIterationFailed", async () => {
    const { history } = await embedded().run(
      map({ Items: [1], ItemProcessor: failing, Retry: [{ ErrorEquals: ["Bad"], MaxAttempts: 1 }] }),
    );
    expect(outline(history).slice(2)).toEqual([
      "3 MapStateStarted <2",
      "4 MapIterationStarted <3",
      "5 FailStateEntered <4",
      "6 MapIterationFailed <5",
      "7 MapStateStarted <5",
      "8 MapIterationStarted <7",
      "9 FailStateEntered <8",
      "10 MapIterationFailed <9",
      "11 MapStateFailed <9",
      "12 ExecutionFailed <11",
    ]);
  });
});

describe("stopping", () => {
  it("6: ExecutionAborted in a first-state Wait has parent 0 and empty details; the answer is stopDate alone", async () => {
    const world = embedded();
    const release = world.clock.hold();
    const stateMachineArn = await world.create(jsonata("A", { A: { Type: "Wait", Seconds: 9, End: true } }));
    const { executionArn } = await world.invoke("StartExecution", { stateMachineArn });
    await new Promise((resolve) => setImmediate(resolve));
    expect(Object.keys(await world.invoke("StopExecution", { executionArn }))).toEqual(["stopDate"]);
    const history = await world.history(executionArn);
    expect(outline(history)).toEqual(["1 ExecutionStarted <0", "2 WaitStateEntered <0", "3 ExecutionAborted <0"]);
    expect(history[2]?.executionAbortedEventDetails).toEqual({});
    release();
    await world.clock.idle();
    expect(await world.history(executionArn)).toHaveLength(3);
  });
});
