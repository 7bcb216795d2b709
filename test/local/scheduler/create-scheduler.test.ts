/** Scheduler as a caller meets it, driven by the jumping clock: what runs when, as whom, with what, and what a crash does. */
import { describe, expect, it } from "@jest/globals";
import { memoryStore } from "../../../local/cloud/journal/memory-store.ts";
import { AwsError } from "../../../local/cloud/ports/aws-error.ts";
import { SdkIntegrationError } from "../../../local/cloud/ports/sdk-integration-error.ts";
import { createScheduler, type SchedulerDeps } from "../../../local/scheduler/create-scheduler.ts";
import { nextRuleTime } from "../../../local/scheduler/next-rule-time.ts";
import { fakeCalls } from "../../support/fake-calls.ts";
import { openDoor, rootContext, testDeps } from "../../support/service-deps.ts";

const machine = "arn:aws:states:us-east-1:000000000000:stateMachine:retrain";
const roleArn = "arn:aws:iam::000000000000:role/Starter";
const target = { Arn: machine, RoleArn: roleArn, Input: '{"trigger":"schedule"}' };
const off = { Mode: "OFF" };
const hour = 3_600_000;
const day = 24 * hour;
/** Monday. */
const monday = Date.UTC(2026, 0, 5);

async function start(options: Partial<SchedulerDeps> & { start?: number; notYet?: boolean } = {}) {
  const deps = testDeps({ start: options.start ?? monday, ...(options.store ? { store: options.store } : {}) });
  const calls = fakeCalls();
  const sdkCalls: unknown[][] = [];
  const sdk = { call: (...all: unknown[]) => Promise.resolve(void sdkCalls.push(all)) };
  const { notYet, start: _, ...more } = options;
  const scheduler = createScheduler({ ...deps, calls, sdk, authorizer: openDoor, ...more });
  if (!notYet) await scheduler.service.resume?.();
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests name the operation whose output they read
  const run = async (operation: string, input: object = {}): Promise<any> =>
    await scheduler.service.operations[operation]?.(input, rootContext);
  const create = (more: object = {}) =>
    run("CreateSchedule", {
      Name: "weekly",
      ScheduleExpression: "rate(7 days)",
      FlexibleTimeWindow: off,
      Target: target,
      ...more,
    });
  /** Lets time go on until so many calls were made, then stops the schedules. */
  const until = async (count: number) => {
    const at: number[] = [];
    calls.answer = async () => {
      at.push(deps.clock.now());
      if (at.length === count) await scheduler.service.close?.();
    };
    await deps.clock.idle();
    return at;
  };
  return { ...deps, ...scheduler, calls, sdkCalls, run, create, until };
}

describe("a schedule", () => {
  it("runs at its times, in its zone, as its role", async () => {
    const { create, until, calls } = await start();
    await create({ ScheduleExpression: "cron(0 3 ? * SUN *)", ScheduleExpressionTimezone: "Europe/Berlin" });

    const at = await until(2);

    expect(at.map((one) => new Date(one).toISOString())).toEqual([
      "2026-01-11T02:00:00.000Z",
      "2026-01-18T02:00:00.000Z",
    ]);
    expect(calls.made[0]).toEqual({
      service: "states",
      operation: "StartExecution",
      caller: { kind: "role", roleArn, session: "weekly" },
      input: {
        stateMachineArn: machine,
        input: '{"trigger":"schedule"}',
        name: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
      },
    });
    expect(calls.made[1]?.input.name).not.toBe(calls.made[0]?.input.name);
  });

  it("with a rate runs at once, then after each period", async () => {
    const { create, until } = await start();
    await create({ ScheduleExpression: "rate(6 hours)" });

    expect(await until(3)).toEqual([monday, monday + 6 * hour, monday + 12 * hour]);
  });

  it("with a rate and a start date begins there", async () => {
    const { create, until } = await start();
    await create({ ScheduleExpression: "rate(6 hours)", StartDate: new Date(monday + day) });

    expect(await until(2)).toEqual([monday + day, monday + day + 6 * hour]);
  });

  it("ends with its end date", async () => {
    const { create, calls, clock } = await start();
    await create({ ScheduleExpression: "rate(6 hours)", EndDate: new Date(monday + 13 * hour) });

    await clock.idle();

    expect(calls.made).toHaveLength(3);
  });

  it("for one time runs once, and is deleted when it says so", async () => {
    const { create, calls, clock, run } = await start();
    await create({ Name: "once", ScheduleExpression: "at(2026-01-06T10:00:00)", ActionAfterCompletion: "DELETE" });
    await create({ Name: "kept", ScheduleExpression: "at(2026-01-06T11:00:00)" });

    await clock.idle();

    expect(calls.made).toHaveLength(2);
    expect((await run("ListSchedules")).Schedules).toMatchObject([{ Name: "kept" }]);
  });

  it("with a flexible window runs inside it, by chance", async () => {
    const { create, until } = await start({ random: () => 0.25 });
    await create({
      ScheduleExpression: "cron(0 3 * * ? *)",
      FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 60 },
    });

    expect(await until(2)).toEqual([monday + 3.25 * hour, monday + day + 3.25 * hour]);
  });

  it("that is disabled does not run, and one that is deleted no more", async () => {
    const { create, calls, clock, run } = await start();
    const hold = clock.hold();
    await create({ Name: "off", State: "DISABLED" });
    await create({ Name: "gone", ScheduleExpression: "cron(0 3 * * ? *)" });
    await run("DeleteSchedule", { Name: "gone" });
    hold();

    await clock.idle();

    expect(calls.made).toEqual([]);
  });

  it("keeps its rhythm when something else of it is updated, and takes a new one with a new expression", async () => {
    const { create, run, clock, until } = await start();
    const hold = clock.hold();
    await create({ ScheduleExpression: "cron(0 3 * * ? *)" });
    await run("UpdateSchedule", {
      Name: "weekly",
      ScheduleExpression: "cron(0 3 * * ? *)",
      FlexibleTimeWindow: off,
      Target: { ...target, Input: "{}" },
    });
    expect((await run("GetSchedule", { Name: "weekly" })).Target.Input).toBe("{}");
    await run("UpdateSchedule", {
      Name: "weekly",
      ScheduleExpression: "cron(0 4 * * ? *)",
      FlexibleTimeWindow: off,
      Target: target,
    });
    hold();

    expect(await until(1)).toEqual([monday + 4 * hour]);
  });
});

describe("a target", () => {
  it.each([
    {
      arn: "arn:aws:lambda:us-east-1:000000000000:function:note",
      call: ["lambda", "Invoke", { InvocationType: "Event", Payload: Buffer.from("{}") }],
    },
    { arn: "arn:aws:sns:us-east-1:000000000000:runs", call: ["sns", "Publish", { Message: "{}" }] },
    {
      arn: "arn:aws:events:us-east-1:000000000000:event-bus/default",
      more: { EventBridgeParameters: { Source: "shop", DetailType: "Tick" } },
      call: [
        "events",
        "PutEvents",
        {
          Entries: [
            {
              EventBusName: "arn:aws:events:us-east-1:000000000000:event-bus/default",
              Source: "shop",
              DetailType: "Tick",
              Detail: "{}",
            },
          ],
        },
      ],
    },
  ])("may be $arn", async ({ arn, more, call: [service, operation, input] }) => {
    const { create, until, calls } = await start();
    await create({ Target: { Arn: arn, RoleArn: roleArn, ...more } });

    await until(1);

    expect(calls.made[0]).toMatchObject({ service, operation, caller: { roleArn }, input: input as object });
  });

  it("may be any SDK call; an execution gets a name of the run's", async () => {
    const { create, clock, sdkCalls } = await start();
    const at = { ScheduleExpression: "at(2026-01-06T00:00:00)" };
    const Input = JSON.stringify({ StateMachineArn: machine, Input: "{}" });
    await create({
      ...at,
      Name: "a",
      Target: { Arn: "arn:aws:scheduler:::aws-sdk:sfn:startExecution", RoleArn: roleArn, Input },
    });
    await create({
      ...at,
      Name: "b",
      Target: { Arn: "arn:aws:scheduler:::aws-sdk:personalize:listSolutions", RoleArn: roleArn },
    });

    await clock.idle();

    expect(sdkCalls).toEqual([
      [
        "sfn",
        "startExecution",
        { Name: expect.stringMatching(/^[0-9a-f-]{36}$/), StateMachineArn: machine, Input: "{}" },
        expect.objectContaining({ roleArn, session: "a" }),
      ],
      ["personalize", "listSolutions", {}, expect.objectContaining({ session: "b" })],
    ]);
  });

  it("is told about the run where its input asks for it", async () => {
    const { create, until, calls } = await start();
    await create({
      ScheduleExpression: "cron(0 3 * * ? *)",
      Target: {
        ...target,
        Input:
          '{"arn":"<aws.scheduler.schedule-arn>","at":"<aws.scheduler.scheduled-time>","id":"<aws.scheduler.execution-id>","n":<aws.scheduler.attempt-number>,"x":"<aws.scheduler.other>"}',
      },
    });

    await until(1);

    expect(JSON.parse(String(calls.made[0]?.input.input))).toEqual({
      arn: "arn:aws:scheduler:us-east-1:000000000000:schedule/default/weekly",
      at: "2026-01-05T03:00:00Z",
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      n: 1,
      x: "<aws.scheduler.other>",
    });
  });

  it("is asked for in the name of the schedule's group", async () => {
    const asked: unknown[][] = [];
    const { create } = await start({ authorizer: { ...openDoor, assertAssumable: (...all) => void asked.push(all) } });
    await create({ State: "DISABLED" });

    expect(asked).toEqual([
      [roleArn, "scheduler.amazonaws.com", "arn:aws:scheduler:us-east-1:000000000000:schedule-group/default"],
    ]);
  });
});

describe("a failure", () => {
  const once = { ScheduleExpression: "at(2026-01-05T01:00:00)" };

  it("is tried again with growing pauses, under the same name", async () => {
    const { create, calls, clock } = await start();
    const at: number[] = [];
    calls.answer = () => {
      at.push(clock.now() - monday - hour);
      if (at.length < 3) throw new AwsError("ThrottlingException", "slow down");
    };
    await create(once);

    await clock.idle();

    expect(at).toEqual([0, 750, 2250]);
    expect(new Set(calls.made.map(({ input }) => input.name)).size).toBe(1);
  });

  it.each([
    {
      why: "when the retries are used up",
      policy: { MaximumRetryAttempts: 1 },
      error: new AwsError("InternalFailure", "x", { status: 500 }),
      attempts: 2,
    },
    { why: "when no retries are wanted", policy: { MaximumRetryAttempts: 0 }, error: new Error("x"), attempts: 1 },
    {
      why: "when another attempt cannot help",
      policy: {},
      error: new AwsError("StateMachineDoesNotExist", "x"),
      attempts: 1,
    },
  ])("is given up $why", async ({ policy, error, attempts }) => {
    const { create, calls, clock, lines } = await start();
    calls.answer = () => {
      throw error;
    };
    await create({ ...once, Target: { ...target, RetryPolicy: policy } });

    await clock.idle();

    expect(calls.made).toHaveLength(attempts);
    expect(lines.at(-1)).toContain("gave up weekly");
  });

  it.each([
    { error: "Sfn.StateMachineDoesNotExistException", attempts: 1 },
    { error: "Sfn.ExecutionAlreadyExistsException", attempts: 1 },
    { error: "Sfn.SfnException", attempts: 2 },
  ])("of an SDK call is told by its name: $error", async ({ error, attempts }) => {
    let made = 0;
    const call = () => Promise.reject(++made < 2 ? new SdkIntegrationError(error, "x") : new AwsError("NotFound", "x"));
    const { create, clock } = await start({ sdk: { call } });
    const Arn = "arn:aws:scheduler:::aws-sdk:sfn:startExecution";
    await create({ ...once, Target: { Arn, RoleArn: roleArn, Input: "{}" } });

    await clock.idle();

    expect(made).toBe(attempts);
  });

  it("that is an execution of that name means an earlier attempt got through", async () => {
    const { create, calls, clock, lines } = await start();
    calls.answer = () => {
      throw new AwsError("ExecutionAlreadyExists", "Execution Already Exists");
    };
    await create(once);

    await clock.idle();

    expect(calls.made).toHaveLength(1);
    expect(lines).toEqual([]);
  });
});

describe("a process that was down", () => {
  const nightly = { ScheduleExpression: "cron(0 3 * * ? *)" };
  async function down(more: object, hoursLater: number) {
    const store = memoryStore();
    const before = await start({ store });
    const hold = before.clock.hold();
    await before.create({ ...nightly, ...more });
    await before.service.close?.();
    hold();
    const after = await start({ store, start: monday + hoursLater * hour });
    return { after, at: (await after.until(1)).map((one) => (one - monday) / hour) };
  }

  it("makes up for a missed run at once", async () => {
    const { after, at } = await down({}, 10);

    expect(at).toEqual([10]);
    expect(String(after.calls.made[0]?.input.name)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("makes up once for many, the last of them", async () => {
    const { after } = await down({ Target: { ...target, Input: '"<aws.scheduler.scheduled-time>"' } }, 24 * 9 + 10);

    expect(after.calls.made.map(({ input }) => input.input)).toEqual(['"2026-01-14T03:00:00Z"']);
  });

  it("then goes on in the old rhythm", async () => {
    const store = memoryStore();
    const before = await start({ store });
    const hold = before.clock.hold();
    await before.create(nightly);
    await before.service.close?.();
    hold();
    const after = await start({ store, start: monday + 10 * hour });

    expect((await after.until(2)).map((one) => (one - monday) / hour)).toEqual([10, 27]);
  });

  it("does not make up for one that is older than its policy allows", async () => {
    const { at } = await down({ Target: { ...target, RetryPolicy: { MaximumEventAgeInSeconds: 3600 } } }, 10);

    expect(at).toEqual([27]);
  });

  it("goes on with an invocation that was under way, under the same name, and with no other", async () => {
    const store = memoryStore();
    const before = await start({ store });
    before.calls.answer = () => new Promise(() => {});
    await before.create({ ScheduleExpression: "at(2026-01-05T00:00:01)" });
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(before.calls.made).toHaveLength(1);

    const after = await start({ store, start: monday + hour });
    await after.clock.idle();

    expect(after.calls.made).toHaveLength(1);
    expect(after.calls.made[0]?.input.name).toBe(before.calls.made[0]?.input.name);
  });

  it("calls nobody before it resumes", async () => {
    const { create, calls, clock } = await start({ notYet: true });
    await create({ ScheduleExpression: "rate(1 hour)" });

    await clock.idle();

    expect(calls.made).toEqual([]);
  });
});

describe("operations", () => {
  it("give back what was created", async () => {
    const { create, run } = await start();
    const StartDate = new Date(monday + day);
    const FlexibleTimeWindow = { Mode: "FLEXIBLE", MaximumWindowInMinutes: 15 };

    expect(await create({ State: "DISABLED", Description: "d", StartDate, FlexibleTimeWindow })).toEqual({
      ScheduleArn: "arn:aws:scheduler:us-east-1:000000000000:schedule/default/weekly",
    });
    expect(await run("GetSchedule", { Name: "weekly" })).toMatchObject({
      Name: "weekly",
      GroupName: "default",
      ScheduleExpression: "rate(7 days)",
      ScheduleExpressionTimezone: "UTC",
      StartDate,
      EndDate: undefined,
      FlexibleTimeWindow,
      State: "DISABLED",
      Description: "d",
      ActionAfterCompletion: "NONE",
      Target: { ...target, RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } },
      CreationDate: new Date(monday),
    });
  });

  it("list by group, prefix and state", async () => {
    const { create, run } = await start();
    await run("CreateScheduleGroup", { Name: "night" });
    for (const [Name, GroupName, State] of [
      ["a1", "default", "DISABLED"],
      ["a2", "night", "ENABLED"],
      ["b1", "night", "DISABLED"],
    ]) {
      await create({ Name, GroupName, State, ScheduleExpression: "at(2030-01-01T00:00:00)" });
    }
    const names = async (input: object) =>
      (await run("ListSchedules", input)).Schedules.map(({ Name }: { Name: string }) => Name);

    expect(await names({})).toEqual(["a1", "a2", "b1"]);
    expect(await names({ GroupName: "night" })).toEqual(["a2", "b1"]);
    expect(await names({ NamePrefix: "a", State: "ENABLED" })).toEqual(["a2"]);
    expect(await names({ MaxResults: 2 })).toEqual(["a1", "a2"]);
    await run("DeleteScheduleGroup", { Name: "night" });
    expect(await names({})).toEqual(["a1"]);
  });

  it("tag groups", async () => {
    const { run } = await start();
    const { ScheduleGroupArn: ResourceArn } = await run("CreateScheduleGroup", {
      Name: "g",
      Tags: [{ Key: "a", Value: "1" }],
    });
    await run("TagResource", { ResourceArn, Tags: [{ Key: "b", Value: "2" }] });
    await run("UntagResource", { ResourceArn, TagKeys: ["a"] });

    expect(await run("ListTagsForResource", { ResourceArn })).toEqual({ Tags: [{ Key: "b", Value: "2" }] });
  });

  it.each([
    {
      why: "a name that is taken",
      input: { Name: "taken" },
      name: "ConflictException",
      says: "Schedule taken already exists.",
    },
    {
      why: "an unknown group",
      input: { GroupName: "g" },
      name: "ResourceNotFoundException",
      says: "Schedule group g does not exist.",
    },
    {
      why: "a bad expression",
      input: { ScheduleExpression: "cron(0 0 * * * *)" },
      name: "ValidationException",
      says: "Invalid Schedule Expression cron(0 0 * * * *)",
    },
    {
      why: "a bad zone",
      input: { ScheduleExpressionTimezone: "Mars" },
      name: "ValidationException",
      says: "Mars is not an IANA time zone",
    },
    {
      why: "a window without width",
      input: { FlexibleTimeWindow: { Mode: "FLEXIBLE" } },
      name: "ValidationException",
      says: "MaximumWindowInMinutes is required",
    },
    {
      why: "a width without window",
      input: { FlexibleTimeWindow: { Mode: "OFF", MaximumWindowInMinutes: 5 } },
      name: "ValidationException",
      says: "must be left out",
    },
    {
      why: "an end before the start",
      input: { StartDate: new Date(2), EndDate: new Date(1) },
      name: "ValidationException",
      says: "StartDate must be before EndDate",
    },
    {
      why: "a target of another kind",
      input: { Target: { ...target, Arn: "arn:aws:sqs:us-east-1:000000000000:q" } },
      name: "ValidationException",
      says: "Provided Arn is not supported",
    },
    {
      why: "a bus without an event",
      input: { Target: { ...target, Arn: "arn:aws:events:us-east-1:000000000000:event-bus/default" } },
      name: "ValidationException",
      says: "EventBridgeParameters is required",
    },
    {
      why: "an SDK call without an object",
      input: { Target: { ...target, Arn: "arn:aws:scheduler:::aws-sdk:sfn:startExecution", Input: "[]" } },
      name: "ValidationException",
      says: "Input must be a JSON object",
    },
  ])("refuse $why", async ({ input, name, says }) => {
    const { create } = await start({ notYet: true });
    await create({ Name: "taken" });

    await expect(create({ Name: "new", ...input })).rejects.toMatchObject({
      name,
      message: expect.stringContaining(says),
    });
  });

  it("refuse a role that Scheduler may not assume", async () => {
    const authorizer = {
      ...openDoor,
      assertAssumable: () => {
        throw new AwsError("AccessDenied", "no trust");
      },
    };
    const { create } = await start({ authorizer });

    await expect(create()).rejects.toThrow(
      "The execution role you provide must allow AWS EventBridge Scheduler to assume the role. no trust",
    );
  });

  it("need permission to pass the role", async () => {
    const { service } = await start({ notYet: true });

    expect(service.access("CreateSchedule", { Name: "weekly", Target: target }, rootContext)).toEqual([
      {
        action: "scheduler:CreateSchedule",
        resource: "arn:aws:scheduler:us-east-1:000000000000:schedule/default/weekly",
      },
      { action: "iam:PassRole", resource: roleArn, conditions: { "iam:PassedToService": "scheduler.amazonaws.com" } },
    ]);
  });
});

describe("from a template", () => {
  it("comes a schedule; the same again neither changes it nor its rhythm", async () => {
    const { provisioners, until, run } = await start({ notYet: true });
    const provisioner = provisioners.find((one) => one.type === "AWS::Scheduler::Schedule");
    const properties = { ScheduleExpression: "rate(1 days)", FlexibleTimeWindow: { Mode: "OFF" }, Target: target };
    const apply = () =>
      provisioner?.apply({ stackName: "Shop", logicalId: "Weekly", physicalId: undefined, properties });

    const first = await apply();
    const described = await run("GetSchedule", { Name: first?.ref });
    expect(await apply()).toEqual(first);

    expect(first?.ref).toMatch(/^Shop-Weekly-[0-9A-F]{12}$/);
    expect(await run("GetSchedule", { Name: first?.ref })).toEqual(described);
    await provisioner?.remove(first?.ref ?? "");
    expect((await run("ListSchedules")).Schedules).toEqual([]);
    expect(await until(1)).toEqual([]);
  });

  it("comes a group", async () => {
    const { provisioners, run } = await start();
    const provisioner = provisioners.find((one) => one.type === "AWS::Scheduler::ScheduleGroup");

    const { ref = "", attributes } =
      (await provisioner?.apply({
        stackName: "S",
        logicalId: "G",
        physicalId: undefined,
        properties: { Name: "night" },
      })) ?? {};
    expect(attributes?.Arn).toBe("arn:aws:scheduler:us-east-1:000000000000:schedule-group/night");
    expect(await run("GetScheduleGroup", { Name: ref })).toMatchObject({ State: "ACTIVE" });
    await provisioner?.remove(ref);
    await expect(run("GetScheduleGroup", { Name: ref })).rejects.toThrow("does not exist");
  });
});

describe("for rules of EventBridge", () => {
  it("a rate counts from the epoch, a cron in UTC", () => {
    expect(nextRuleTime("rate(1 hour)", monday + 1)).toBe(monday + hour);
    expect(nextRuleTime("cron(30 4 * * ? *)", monday)).toBe(monday + 4.5 * hour);
  });
});
