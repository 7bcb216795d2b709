/** EventBridge as a caller meets it: rules, accepted events, deliveries that survive failures and restarts. */
import { describe, expect, it } from "@jest/globals";
import { memoryStore } from "../../../local/cloud/journal/memory-store.ts";
import { AwsError } from "../../../local/cloud/ports/aws-error.ts";
import { createEventBridge, type EventBridgeDeps } from "../../../local/eventbridge/create-eventbridge.ts";
import { retryDelay } from "../../../local/eventbridge/delivery/delivery-queue.ts";
import { fakeCalls } from "../../support/fake-calls.ts";
import { openDoor, rootContext, testDeps } from "../../support/service-deps.ts";

const machine = "arn:aws:states:us-east-1:000000000000:stateMachine:retrain";
const roleArn = "arn:aws:iam::000000000000:role/Starter";
const toMachine = { Id: "Machine", Arn: machine, RoleArn: roleArn };
const uploads = JSON.stringify({ source: ["aws.s3"], detail: { object: { key: [{ prefix: "movies/" }] } } });

function start(options: Partial<EventBridgeDeps> = {}) {
  const deps = testDeps(options.store ? { store: options.store } : {});
  const calls = fakeCalls();
  const bridge = createEventBridge({ ...deps, calls, authorizer: openDoor, ...options });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests name the operation whose output they read
  const run = async (operation: string, input: object = {}): Promise<any> =>
    await bridge.service.operations[operation]?.(input, rootContext);
  const upload = (key: string) =>
    bridge.sink.emit({ source: "aws.s3", detailType: "Object Created", resources: [], detail: { object: { key } } });
  return { ...deps, ...bridge, calls, run, upload };
}

async function withRule(options: Partial<EventBridgeDeps> = {}, target: object = toMachine) {
  const bridge = start(options);
  await bridge.run("PutRule", { Name: "uploads", EventPattern: uploads });
  await bridge.run("PutTargets", { Rule: "uploads", Targets: [target] });
  return bridge;
}

describe("an event that a rule matches", () => {
  it("starts the state machine as the rule's role, under a name of the event's", async () => {
    const { calls, clock, upload } = await withRule();

    await upload("movies/interactions/a.csv");
    await upload("books/interactions/a.csv");
    await clock.idle();

    expect(calls.made).toHaveLength(1);
    const [call] = calls.made;
    expect(call).toMatchObject({
      service: "states",
      operation: "StartExecution",
      caller: { kind: "role", roleArn, session: "events-uploads" },
      input: { stateMachineArn: machine, name: expect.stringMatching(/^[0-9a-f-]{36}_[0-9a-f-]{36}$/) },
    });
    const event = JSON.parse(String(call?.input.input)) as { id: string; detail: object };
    expect(event.detail).toEqual({ object: { key: "movies/interactions/a.csv" } });
    expect(String(call?.input.name).startsWith(`${event.id}_`)).toBe(true);
  });

  it.each([
    {
      arn: "arn:aws:lambda:us-east-1:000000000000:function:note",
      sends: [["lambda", "Invoke", { InvocationType: "Event", Payload: Buffer.from('"hi"') }]],
    },
    { arn: "arn:aws:sns:us-east-1:000000000000:runs", sends: [["sns", "Publish", { Message: '"hi"' }]] },
    {
      arn: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/all:*",
      sends: [
        ["logs", "CreateLogStream", { logGroupName: "/aws/events/all" }],
        ["logs", "PutLogEvents", { logEvents: [{ timestamp: expect.any(Number), message: '"hi"' }] }],
      ],
    },
  ])("reaches $arn as the service itself, for the rule", async ({ arn, sends }) => {
    const { calls, clock, upload } = await withRule({}, { Id: "T", Arn: arn, Input: '"hi"' });

    await upload("movies/a");
    await clock.idle();

    expect(calls.made.map(({ service, operation }) => [service, operation])).toEqual(sends.map(([a, b]) => [a, b]));
    sends.forEach(([, , input], index) => expect(calls.made[index]?.input).toMatchObject(input as object));
    expect(calls.made[0]?.caller).toEqual({
      kind: "service",
      principal: "events.amazonaws.com",
      sourceArn: "arn:aws:events:us-east-1:000000000000:rule/uploads",
    });
  });

  it("passes to another bus", async () => {
    const bus = "arn:aws:events:us-east-1:000000000000:event-bus/audit";
    const { calls, clock, upload } = await withRule({}, { Id: "B", Arn: bus, RoleArn: roleArn });

    await upload("movies/a");
    await clock.idle();

    expect(calls.made[0]).toMatchObject({ service: "events", operation: "PutEvents" });
    expect(calls.made[0]?.input).toMatchObject({
      Entries: [{ EventBusName: bus, Source: "aws.s3", DetailType: "Object Created" }],
    });
  });

  it("reaches nobody through a disabled rule", async () => {
    const { calls, clock, upload, run } = await withRule();
    await run("DisableRule", { Name: "uploads" });

    await upload("movies/a");
    await clock.idle();
    expect(calls.made).toEqual([]);

    await run("EnableRule", { Name: "uploads" });
    await upload("movies/b");
    await clock.idle();
    expect(calls.made).toHaveLength(1);
  });
});

describe("a delivery", () => {
  it("is tried again after a failure, with growing pauses, and then done", async () => {
    const { calls, clock, upload } = await withRule();
    const at: number[] = [];
    const begun = clock.now();
    calls.answer = () => {
      at.push(clock.now() - begun);
      if (at.length < 4) throw new AwsError("ThrottlingException", "slow down");
    };

    await upload("movies/a");
    await clock.idle();

    // Random 0.5 makes a pause three quarters of its ceiling: 750, 1500, 3000 ms.
    expect(at).toEqual([0, 750, 2250, 5250]);
  });

  it("is given up when its attempts are used up", async () => {
    const { calls, clock, upload, lines } = await withRule(
      {},
      { ...toMachine, RetryPolicy: { MaximumRetryAttempts: 2 } },
    );
    calls.answer = () => {
      throw new Error("crash");
    };

    await upload("movies/a");
    await clock.idle();

    expect(calls.made).toHaveLength(3);
    expect(lines.at(-1)).toContain("gave up");
    expect(lines.at(-1)).toContain("2 retries are used up");
  });

  it("is given up when the event is too old", async () => {
    const { calls, clock, upload, lines } = await withRule(
      {},
      { ...toMachine, RetryPolicy: { MaximumEventAgeInSeconds: 60 } },
    );
    calls.answer = () => {
      throw new AwsError("InternalFailure", "down", { status: 500 });
    };
    const begun = clock.now();

    await upload("movies/a");
    await clock.idle();

    expect(clock.now() - begun).toBeLessThanOrEqual(60_000);
    expect(lines.at(-1)).toContain("the event is too old");
  });

  it("is not repeated to a target that is gone or forbidden", async () => {
    const { calls, clock, upload, lines } = await withRule();
    calls.answer = () => {
      throw new AwsError("StateMachineDoesNotExist", "State Machine Does Not Exist");
    };

    await upload("movies/a");
    await clock.idle();

    expect(calls.made).toHaveLength(1);
    expect(lines.at(-1)).toContain("retrying cannot help");
  });

  it("is given up when the role does not trust EventBridge", async () => {
    const authorizer = {
      ...openDoor,
      assertAssumable: () => {
        throw new AwsError("AccessDenied", "no", { status: 403 });
      },
    };
    const { calls, clock, upload, lines } = await withRule({ authorizer });

    await upload("movies/a");
    await clock.idle();

    expect(calls.made).toEqual([]);
    expect(lines.at(-1)).toContain("gave up");
  });

  it("counts an execution that exists already as done", async () => {
    const { calls, clock, upload, lines } = await withRule();
    calls.answer = () => {
      throw new AwsError("ExecutionAlreadyExists", "Execution Already Exists");
    };

    await upload("movies/a");
    await clock.idle();

    expect(calls.made).toHaveLength(1);
    expect(lines).toEqual([]);
  });

  it("is done again after a restart in the middle of it, under the same name", async () => {
    const store = memoryStore();
    const before = await withRule({ store });
    before.calls.answer = () => new Promise(() => {}); // killed while the target was at work
    await before.upload("movies/a");
    const after = start({ store });

    await after.service.resume?.();
    await after.clock.idle();

    expect(after.calls.made).toHaveLength(1);
    expect(after.calls.made[0]?.input.name).toBe(before.calls.made[0]?.input.name);
    const third = start({ store });
    await third.service.resume?.();
    await third.clock.idle();
    expect(third.calls.made).toEqual([]);
  });

  it.each([
    { attempts: 1, low: 500, high: 1000 },
    { attempts: 4, low: 4000, high: 8000 },
    { attempts: 100, low: 300_000, high: 600_000 },
  ])("pauses between $low and $high ms after attempt $attempts", ({ attempts, low, high }) => {
    expect(retryDelay(attempts, () => 0)).toBe(low);
    expect(retryDelay(attempts, () => 1)).toBe(high);
  });
});

describe("PutEvents", () => {
  const entry = { Source: "shop", DetailType: "Sale", Detail: "{}" };
  it("answers entry by entry", async () => {
    const { run } = start();

    const { FailedEntryCount, Entries } = await run("PutEvents", {
      Entries: [
        entry,
        { ...entry, Detail: "{" },
        { ...entry, Detail: "[1]" },
        { ...entry, Source: "aws.s3" },
        { ...entry, DetailType: "" },
      ],
    });

    expect(FailedEntryCount).toBe(4);
    expect(Entries).toEqual([
      { EventId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." },
      { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." },
      { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." },
      {
        ErrorCode: "InvalidArgument",
        ErrorMessage: "Parameter DetailType is not valid. Reason: DetailType is a required argument.",
      },
    ]);
  });

  it("refuses a request of more than 256 KiB", async () => {
    await expect(
      start().run("PutEvents", { Entries: [{ ...entry, Detail: `{"a":"${"x".repeat(262_144)}"}` }] }),
    ).rejects.toThrow("Total size of the entries in the request is over the limit.");
  });

  it("goes to the rules of its bus alone, with its own time", async () => {
    const { run, calls, clock } = start();
    await run("CreateEventBus", { Name: "audit" });
    for (const EventBusName of ["audit", "default"]) {
      await run("PutRule", { Name: `on-${EventBusName}`, EventBusName, EventPattern: '{"source":["shop"]}' });
      await run("PutTargets", { Rule: `on-${EventBusName}`, EventBusName, Targets: [toMachine] });
    }

    await run("PutEvents", {
      Entries: [{ ...entry, EventBusName: "audit", Time: new Date("2020-02-02T02:02:02.222Z") }],
    });
    await clock.idle();

    expect(calls.made).toHaveLength(1);
    expect(calls.made[0]?.caller).toMatchObject({ session: "events-on-audit" });
    expect(JSON.parse(String(calls.made[0]?.input.input))).toMatchObject({
      time: "2020-02-02T02:02:02Z",
      "detail-type": "Sale",
    });
  });
});

describe("rules", () => {
  it("are put, described, listed by page, and deleted once they have no targets", async () => {
    const { run } = await withRule();
    await run("PutRule", { Name: "other", EventPattern: '{"source":["x"]}', State: "DISABLED", Description: "d" });

    expect(await run("DescribeRule", { Name: "other" })).toMatchObject({
      Arn: "arn:aws:events:us-east-1:000000000000:rule/other",
      EventBusName: "default",
      EventPattern: '{"source":["x"]}',
      State: "DISABLED",
      Description: "d",
      CreatedBy: "000000000000",
    });
    const first = await run("ListRules", { Limit: 1 });
    const second = await run("ListRules", { Limit: 1, NextToken: first.NextToken });
    expect([...first.Rules, ...second.Rules].map((rule: { Name: string }) => rule.Name)).toEqual(["other", "uploads"]);
    expect(second.NextToken).toBeUndefined();
    expect(await run("ListRuleNamesByTarget", { TargetArn: machine })).toEqual({ RuleNames: ["uploads"] });

    await expect(run("DeleteRule", { Name: "uploads" })).rejects.toThrow("Rule can't be deleted since it has targets.");
    expect(await run("RemoveTargets", { Rule: "uploads", Ids: ["Machine", "Nobody"] })).toMatchObject({
      FailedEntryCount: 1,
    });
    await run("DeleteRule", { Name: "uploads" });
    await run("DeleteRule", { Name: "uploads" });
    await expect(run("DescribeRule", { Name: "uploads" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Rule uploads does not exist on EventBus default.",
    });
  });

  it("keep their targets and tags when they are put again", async () => {
    const { run } = await withRule();
    await run("TagResource", {
      ResourceARN: "arn:aws:events:us-east-1:000000000000:rule/uploads",
      Tags: [{ Key: "a", Value: "b" }],
    });

    await run("PutRule", { Name: "uploads", EventPattern: '{"source":["y"]}' });

    expect((await run("ListTargetsByRule", { Rule: "uploads" })).Targets).toEqual([toMachine]);
    expect(
      await run("ListTagsForResource", { ResourceARN: "arn:aws:events:us-east-1:000000000000:rule/uploads" }),
    ).toEqual({
      Tags: [{ Key: "a", Value: "b" }],
    });
  });

  it.each([
    {
      why: "no pattern",
      operation: "PutRule",
      input: { Name: "x" },
      says: "EventPattern or ScheduleExpression must be specified",
    },
    {
      why: "bad pattern",
      operation: "PutRule",
      input: { Name: "x", EventPattern: '{"a":1}' },
      says: "Event pattern is not valid",
    },
    {
      why: "a schedule where nobody reads it",
      operation: "PutRule",
      input: { Name: "x", ScheduleExpression: "rate(1 day)" },
      says: "EventBridge Scheduler",
    },
    {
      why: "no such bus",
      operation: "PutRule",
      input: { Name: "x", EventPattern: "{}", EventBusName: "b" },
      says: "Event bus b does not exist",
    },
    {
      why: "a target of another kind",
      operation: "PutTargets",
      input: { Rule: "uploads", Targets: [{ Id: "q", Arn: "arn:aws:sqs:us-east-1:000000000000:q" }] },
      says: "targets may be a state machine",
    },
    {
      why: "no role",
      operation: "PutTargets",
      input: { Rule: "uploads", Targets: [{ Id: "m", Arn: machine }] },
      says: "RoleArn is required",
    },
    {
      why: "two inputs",
      operation: "PutTargets",
      input: { Rule: "uploads", Targets: [{ ...toMachine, Input: "1", InputPath: "$" }] },
      says: "Only one of",
    },
    {
      why: "input is no JSON",
      operation: "PutTargets",
      input: { Rule: "uploads", Targets: [{ ...toMachine, Input: "{" }] },
      says: "JSON syntax error",
    },
    {
      why: "a bad path",
      operation: "PutTargets",
      input: { Rule: "uploads", Targets: [{ ...toMachine, InputPath: "detail" }] },
      says: "Invalid InputPath",
    },
    {
      why: "six targets",
      operation: "PutTargets",
      input: { Rule: "uploads", Targets: [1, 2, 3, 4, 5, 6].map((n) => ({ ...toMachine, Id: `${n}` })) },
      says: "exceeds the maximum",
    },
  ])("are refused: $why", async ({ operation, input, says }) => {
    const { run } = await withRule();

    await expect(run(operation, input)).rejects.toThrow(says);
    expect((await run("ListTargetsByRule", { Rule: "uploads" })).Targets).toEqual([toMachine]);
  });

  it("with a schedule fire at their times, once each", async () => {
    const minute = 60_000;
    const nextScheduled = (_: string, after: number) => (Math.floor(after / minute) + 1) * minute;
    const { run, calls, clock } = start({ nextScheduled });
    const hold = clock.hold();
    await run("PutRule", { Name: "often", ScheduleExpression: "rate(1 minute)" });
    await run("PutTargets", { Rule: "often", Targets: [toMachine] });
    calls.answer = async () => {
      if (calls.made.length === 3) await run("DisableRule", { Name: "often" });
    };

    hold();
    await clock.idle();

    const events = calls.made.map(({ input }) => JSON.parse(String(input.input)) as Record<string, unknown>);
    expect(events.map((event) => event.time)).toEqual([
      "2026-01-05T00:01:00Z",
      "2026-01-05T00:02:00Z",
      "2026-01-05T00:03:00Z",
    ]);
    expect(events[0]).toMatchObject({ source: "aws.events", "detail-type": "Scheduled Event", detail: {} });
  });

  it("can be tried out", async () => {
    const event = { id: "1", account: "1", source: "shop", time: "", region: "", resources: [], "detail-type": "x" };
    const { run } = start();

    expect(
      await run("TestEventPattern", { EventPattern: '{"source":["shop"]}', Event: JSON.stringify(event) }),
    ).toEqual({ Result: true });
    await expect(run("TestEventPattern", { EventPattern: '{"source":["a"]}', Event: "{}" })).rejects.toThrow(
      "id is missing",
    );
  });
});

describe("from a template", () => {
  const provision = (bridge: ReturnType<typeof start>, type: string, properties: object, logicalId = "Uploads") =>
    bridge.provisioners
      .find((one) => one.type === type)
      ?.apply({ stackName: "Shop", logicalId, physicalId: undefined, properties: { ...properties } });
  const properties = { EventPattern: JSON.parse(uploads) as object, State: "ENABLED", Targets: [toMachine] };

  it("comes a rule that works, and the same once more changes nothing", async () => {
    const bridge = start();
    const first = await provision(bridge, "AWS::Events::Rule", properties);
    expect(first?.ref).toMatch(/^Shop-Uploads-[0-9A-F]{12}$/);

    expect(await provision(bridge, "AWS::Events::Rule", properties)).toEqual(first);
    await bridge.upload("movies/a");
    await bridge.clock.idle();

    expect(bridge.calls.made).toHaveLength(1);
  });

  it("goes a target, and the rule", async () => {
    const bridge = start();
    const first = await provision(bridge, "AWS::Events::Rule", properties);
    await provision(bridge, "AWS::Events::Rule", { ...properties, Targets: [{ ...toMachine, Id: "New" }] });
    expect((await bridge.run("ListTargetsByRule", { Rule: first?.ref })).Targets).toMatchObject([{ Id: "New" }]);

    await bridge.provisioners.find((one) => one.type === "AWS::Events::Rule")?.remove(first?.ref ?? "");
    expect((await bridge.run("ListRules")).Rules).toEqual([]);
  });

  it("comes a bus with rules of its own", async () => {
    const bridge = start();
    const bus = await provision(bridge, "AWS::Events::EventBus", { Name: "audit" }, "Bus");
    const rule = await provision(bridge, "AWS::Events::Rule", { ...properties, Name: "r", EventBusName: bus?.ref });

    expect(bus?.attributes.Arn).toBe("arn:aws:events:us-east-1:000000000000:event-bus/audit");
    expect(rule).toEqual({ ref: "audit|r", attributes: { Arn: "arn:aws:events:us-east-1:000000000000:rule/audit/r" } });
    await bridge.provisioners.find((one) => one.type === "AWS::Events::Rule")?.remove("audit|r");
    expect((await bridge.run("ListRules", { EventBusName: "audit" })).Rules).toEqual([]);
  });
});

describe("permissions", () => {
  it("name the rule, the bus and the roles passed on", () => {
    const { service } = start();
    const ask = (operation: string, input: object) => service.access(operation, input, rootContext);

    expect(ask("PutTargets", { Rule: "r", Targets: [toMachine] })).toEqual([
      { action: "events:PutTargets", resource: "arn:aws:events:us-east-1:000000000000:rule/r" },
      { action: "iam:PassRole", resource: roleArn, conditions: { "iam:PassedToService": "events.amazonaws.com" } },
    ]);
    expect(ask("PutEvents", { Entries: [{ Source: "shop", DetailType: "Sale" }] })).toEqual([
      {
        action: "events:PutEvents",
        resource: "arn:aws:events:us-east-1:000000000000:event-bus/default",
        conditions: { "events:source": "shop", "events:detail-type": "Sale" },
      },
    ]);
  });
});
