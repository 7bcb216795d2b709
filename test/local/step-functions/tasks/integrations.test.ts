import { describe, expect, it } from "@jest/globals";
import { AwsError } from "../../../../local/cloud/ports/aws-error.ts";
import { SdkIntegrationError } from "../../../../local/cloud/ports/sdk-integration-error.ts";
import { parseTaskResource } from "../../../../local/step-functions/program/task-resource.ts";
import { embedded, role, type Answer } from "../support/embedded.ts";

const machine = (Resource: string, Arguments: object) => ({
  QueryLanguage: "JSONata",
  StartAt: "T",
  States: { T: { Type: "Task", Resource, Arguments, End: true } },
});

describe("parseTaskResource", () => {
  it.each([
    { arn: "arn:aws:lambda:us-east-1:000000000000:function:f", is: { kind: "function" } },
    { arn: "arn:aws:lambda:us-east-1:000000000000:function:f:live", is: { kind: "function" } },
    { arn: "arn:aws:states:::lambda:invoke", is: { resourceType: "lambda", resource: "invoke", pattern: "request" } },
    {
      arn: "arn:aws:states:::sns:publish.waitForTaskToken",
      is: { resourceType: "sns", resource: "publish.waitForTaskToken", action: "publish", pattern: "token" },
    },
    {
      arn: "arn:aws:states:::states:startExecution.sync:2",
      is: { resourceType: "states", resource: "startExecution.sync:2", pattern: "sync2" },
    },
    {
      arn: "arn:aws:states:::aws-sdk:personalize:createSolution",
      is: { resourceType: "aws-sdk:personalize", resource: "createSolution", pattern: "request" },
    },
  ])("reads $arn", ({ arn, is }) => {
    expect(parseTaskResource(arn)).toMatchObject(is);
  });

  it.each([
    "arn:aws:states:::lambda:invoke.sync",
    "arn:aws:states:::aws-sdk:personalize:createSolution.sync",
    "arn:aws:states:::sqs:sendMessage",
    "arn:aws:states:us-east-1:000000000000:activity:a",
    "nonsense",
  ])("knows no %s", (arn) => {
    expect(parseTaskResource(arn)).toBeUndefined();
  });
});

describe("a call", () => {
  it("is made as the machine's role, in a session named after the execution", async () => {
    const world = embedded();
    await world.run(machine("arn:aws:states:::aws-sdk:personalize:describeSolution", { SolutionArn: "a" }));
    expect(world.made).toEqual([
      {
        service: "sdk:personalize",
        operation: "describeSolution",
        input: { SolutionArn: "a" },
        caller: { kind: "role", roleArn: role, session: "run" },
      },
    ]);
  });

  it("of the SDK fails with the integration's own words", async () => {
    const answer: Answer = () => {
      throw new SdkIntegrationError("Personalize.ResourceNotFoundException", "gone (Service: Personalize)");
    };
    const { described, history } = await embedded({ answer }).run(
      machine("arn:aws:states:::aws-sdk:personalize:describeSolution", {}),
    );
    expect(described).toMatchObject({
      error: "Personalize.ResourceNotFoundException",
      cause: "gone (Service: Personalize)",
    });
    expect(history[4]?.taskFailedEventDetails).toMatchObject({
      resource: "describeSolution",
      resourceType: "aws-sdk:personalize",
    });
  });

  it("that breaks, a bug of ours, fails the task and is logged with its stack", async () => {
    const answer: Answer = () => {
      throw new TypeError("oops");
    };
    const world = embedded({ answer });
    const { described } = await world.run(machine("arn:aws:states:::aws-sdk:glue:getJob", {}));
    expect(described).toMatchObject({ error: "States.TaskFailed", cause: "oops" });
    expect(world.logged[0]).toContain("TypeError: oops");
  });
});

describe("sns:publish", () => {
  it.each([
    { message: "text", sent: "text" },
    { message: { a: 1 }, sent: '{"a":1}' },
  ])("sends $sent", async ({ message, sent }) => {
    const world = embedded({ answer: () => ({ MessageId: "m-1" }) });
    const { output } = await world.run(machine("arn:aws:states:::sns:publish", { TopicArn: "t", Message: message }));
    expect(world.made[0]).toMatchObject({
      service: "sns",
      operation: "Publish",
      input: { TopicArn: "t", Message: sent },
    });
    expect(output).toEqual({ MessageId: "m-1" });
  });

  it("names the service's refusal", async () => {
    const answer: Answer = () => {
      throw new AwsError("NotFound", "Topic does not exist", { status: 404 });
    };
    const { described } = await embedded({ answer }).run(machine("arn:aws:states:::sns:publish", { Message: "x" }));
    expect(described.error).toBe("SNS.NotFound");
    expect(described.cause).toContain(
      "Topic does not exist (Service: AmazonSNS; Status Code: 404; Error Code: NotFound;",
    );
  });
});

describe("events:putEvents", () => {
  const entries = { Entries: [{ Source: "s", DetailType: "d", Detail: { a: 1 } }] };

  it("sends details as text", async () => {
    const world = embedded({ answer: () => ({ Entries: [{ EventId: "e" }], FailedEntryCount: 0 }) });
    const { output } = await world.run(machine("arn:aws:states:::events:putEvents", entries));
    expect(world.made[0]?.input).toEqual({ Entries: [{ Source: "s", DetailType: "d", Detail: '{"a":1}' }] });
    expect(output).toEqual({ Entries: [{ EventId: "e" }], FailedEntryCount: 0 });
  });

  it("fails when an entry was refused", async () => {
    const answer: Answer = () => ({ Entries: [{ ErrorCode: "X" }], FailedEntryCount: 1 });
    const { described } = await embedded({ answer }).run(machine("arn:aws:states:::events:putEvents", entries));
    expect(described.error).toBe("EventBridge.FailedEntry");
  });
});

describe("states:startExecution", () => {
  const child = {
    QueryLanguage: "JSONata",
    StartAt: "A",
    States: { A: { Type: "Wait", Seconds: 60, Next: "B" }, B: { Type: "Pass", Output: { o: 1 }, End: true } },
  };
  const failing = {
    QueryLanguage: "JSONata",
    StartAt: "A",
    States: { A: { Type: "Fail", Error: "Bad", Cause: "why" } },
  };
  const childArn = "arn:aws:states:us-east-1:000000000000:stateMachine:child";
  const start = (suffix: string) =>
    machine(`arn:aws:states:::states:startExecution${suffix}`, {
      StateMachineArn: childArn,
      Input: { i: 1 },
      Name: "named",
    });

  it("goes on as soon as the execution has started", async () => {
    const world = embedded();
    await world.create(child, "child");
    const { output, described } = await world.run(start(""));
    expect(output).toEqual({
      ExecutionArn: "arn:aws:states:us-east-1:000000000000:execution:child:named",
      StartDate: "2026-01-05T00:00:00.000Z",
    });
    expect(described.stopDate).toEqual(described.startDate);
  });

  it.each([
    { suffix: ".sync", input: '{"i":1}', output: '{"o":1}' },
    { suffix: ".sync:2", input: { i: 1 }, output: { o: 1 } },
  ])("$suffix waits for the end; :2 hands data on as JSON", async ({ suffix, input, output }) => {
    const world = embedded();
    await world.create(child, "child");
    const ran = await world.run(start(suffix));
    expect(ran.output).toMatchObject({ Status: "SUCCEEDED", Name: "named", Input: input, Output: output });
    expect(ran.history.map(({ type }) => type)).toContain("TaskSubmitted");
  });

  it("fails with States.TaskFailed and the child's description when the child fails", async () => {
    const world = embedded();
    await world.create(failing, "child");
    const { described } = await world.run(start(".sync:2"));
    expect(described.error).toBe("States.TaskFailed");
    expect(JSON.parse(described.cause)).toMatchObject({ Status: "FAILED", Error: "Bad", Cause: "why" });
  });
});

describe("glue:startJobRun", () => {
  const start = { JobName: "prepare", Arguments: { "--days": "7" } };
  /** A run that has ended when it is asked about for the third time. */
  const job = (JobRunState: string): Answer => {
    let asked = 0;
    return ({ operation }) => {
      if (operation === "StartJobRun") return { JobRunId: "jr_1" };
      asked++;
      return { JobRun: { Id: "jr_1", JobRunState: asked < 3 ? "RUNNING" : JobRunState, CompletedOn: new Date(7) } };
    };
  };

  it("answers with the run's id at once", async () => {
    const world = embedded({ answer: job("SUCCEEDED") });
    const { output } = await world.run(machine("arn:aws:states:::glue:startJobRun", start));
    expect(world.made).toMatchObject([{ service: "glue", operation: "StartJobRun", input: start }]);
    expect(output).toEqual({ JobName: "prepare", JobRunId: "jr_1" });
  });

  it("with .sync asks every ten seconds until the run has ended", async () => {
    const world = embedded({ answer: job("SUCCEEDED") });
    const { output, described } = await world.run(machine("arn:aws:states:::glue:startJobRun.sync", start));
    expect(output).toEqual({ Id: "jr_1", JobRunState: "SUCCEEDED", CompletedOn: 7 });
    expect(world.made.filter(({ operation }) => operation === "GetJobRun")).toHaveLength(3);
    expect(Number(described.stopDate) - Number(described.startDate)).toBe(30_000);
  });

  it("with .sync fails with the run that failed", async () => {
    const world = embedded({ answer: job("TIMEOUT") });
    const { described } = await world.run(machine("arn:aws:states:::glue:startJobRun.sync", start));
    expect(described).toMatchObject({ error: "States.TaskFailed", cause: expect.stringContaining('"TIMEOUT"') });
  });

  it("names the service's refusal", async () => {
    const answer: Answer = () => {
      throw new AwsError("ConcurrentRunsExceededException", "Concurrent runs exceeded for prepare");
    };
    const { described } = await embedded({ answer }).run(machine("arn:aws:states:::glue:startJobRun.sync", start));
    expect(described.error).toBe("Glue.ConcurrentRunsExceededException");
  });
});
