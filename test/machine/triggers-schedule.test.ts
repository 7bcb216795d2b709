/** The other two ways in: the weekly schedule on its own clock, and a person. Both enter through the uploads' first state. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv } from "../support/communities.ts";
import { changeMetrics, createFaultPort, type FaultPort, notices } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

const data = { "club/interactions/interactions.csv": interactionsCsv({ users: 100 }) };

describe("the weekly schedule", () => {
  let stack: Stack;
  afterEach(() => stack.close());

  /** Lets the schedule fire so often, then takes it away: a recurring schedule keeps the jumping clock going for ever. */
  function stopAfter(port: FaultPort, times: number, fired: string[]): void {
    port.on("StartExecution", async (input, next) => {
      const { trigger } = JSON.parse(String(input["input"])) as { trigger?: string };
      if (trigger === "schedule" && fired.push(new Date(stack.clock.now()).toISOString()) === times) {
        const caller = { kind: "account" } as const;
        const { Schedules = [] } = (await stack.cloud.calls.call("scheduler", "ListSchedules", {}, caller)) as {
          Schedules?: { Name: string }[];
        };
        for (const { Name } of Schedules) await stack.cloud.calls.call("scheduler", "DeleteSchedule", { Name }, caller);
      }
      return next();
    });
  }

  it("fires at three in the morning in Berlin, winter and summer, and trains nothing when there is no news (failure row 31)", async () => {
    const [port, fired] = [createFaultPort(), [] as string[]];
    const schedule = { expression: "cron(0 3 ? * MON *)", timezone: "Europe/Berlin" };
    const start = Date.UTC(2026, 2, 22, 12); // a Sunday; the clocks change on the next one
    stack = await startStack({ config: communitiesConfig({ group: { schedule } }), fault: port.fault, start });
    stopAfter(port, 2, fired);

    await stack.drop(data);
    await stack.rest();

    expect(fired).toEqual(["2026-03-23T02:00:00.000Z", "2026-03-30T01:00:00.000Z"]);
    expect(await stack.records("club")).toMatchObject([
      { trigger: { type: "upload" }, outcome: "PROMOTE" },
      { trigger: { type: "schedule" }, outcome: "UNCHANGED", reasonCodes: ["INPUT_UNCHANGED"], failure: null },
      { trigger: { type: "schedule" }, outcome: "UNCHANGED", reasonCodes: ["INPUT_UNCHANGED"], failure: null },
    ]);
    expect(port.inputs("CreateDatasetImportJob")).toHaveLength(1);
    expect(port.inputs("CreateSolutionVersion")).toHaveLength(2);
  });

  it("retrains without news where the configuration says so", async () => {
    const [port, fired] = [createFaultPort(), [] as string[]];
    const schedule = { expression: "cron(0 3 ? * MON *)", whenUnchanged: "retrain" };
    stack = await startStack({ config: communitiesConfig({ group: { schedule } }), fault: port.fault });
    stopAfter(port, 1, fired);

    await stack.drop(data);
    await stack.rest();

    const [, scheduled] = await stack.records("club");
    expect(scheduled).toMatchObject({ trigger: { type: "schedule" }, failure: null });
    expect(["PROMOTE", "KEEP"]).toContain(scheduled?.outcome);
    expect(port.inputs("CreateDatasetImportJob")).toHaveLength(1); // the data are held already
    expect(port.inputs("CreateSolutionVersion")).toHaveLength(4);
  });
});

describe("a start by hand", () => {
  let stack: Stack;
  let port: FaultPort;
  beforeAll(async () => {
    port = createFaultPort();
    const config = communitiesConfig({ solution: { recipe: "aws-popularity-count", rollback: noSmokeTest } });
    stack = await startStack({ config, fault: port.fault });
    await stack.drop(data);
    await stack.rest();
  });
  afterAll(() => stack.close());

  const noSmokeTest = { smokeTest: { enabled: false } };

  async function ran(input: unknown) {
    const arn = await stack.begin("club", input);
    await stack.rest();
    const execution = (await stack.executions("club")).find((candidate) => candidate.arn === arn);
    const record = (await stack.records("club")).find((candidate) => candidate.executionArn === arn);
    return { execution, record };
  }

  const campaignChanges = () => port.inputs("CreateCampaign", "UpdateCampaign").length;

  it("with {} trains although nothing is new", async () => {
    const trained = port.inputs("CreateSolutionVersion").length;

    const { record } = await ran({});

    expect(record).toMatchObject({ trigger: { type: "manual" }, outcome: "KEEP", reasonCodes: expect.anything() });
    expect(port.inputs("CreateSolutionVersion")).toHaveLength(trained + 2);
  });

  it("as a dry run judges, says what would have happened, and changes nothing, though the candidate wins", async () => {
    const before = campaignChanges();
    const restore = changeMetrics(port, (name, metrics) => ({
      ...metrics,
      normalized_discounted_cumulative_gain_at_25: name === "baseline" ? 0.05 : 0.9,
    }));

    const { record } = await ran({ dryRun: true, actor: "ada" });
    restore();

    expect(record).toMatchObject({ outcome: "KEEP", trigger: { type: "manual", actor: "ada" }, failure: null });
    const decision = record?.contests[0]?.decision;
    expect(decision).toMatchObject({ dryRun: true, nextStep: "keep", verdict: { outcome: "PROMOTE" } });
    expect(notices(port).at(-1)?.Message).toContain("Dry run: nothing was changed.");
    expect(campaignChanges()).toBe(before);
  });

  it("with force goes live although it only ties the baseline, and is recorded as forced, by whom and why", async () => {
    const force = { reason: "the launch cannot wait", actor: "grace" };

    const { record } = await ran({ force });

    const contest = record?.contests[0];
    expect(record?.outcome).toBe("PROMOTE");
    expect(contest?.reasonCodes).toEqual(expect.arrayContaining(["FORCED", "BASELINE_NOT_BEATEN"]));
    expect(contest?.decision).toMatchObject({ override: force });
    expect(contest?.decision?.verdict.rules.some((rule) => !rule.passed)).toBe(true);
  });

  it.each([
    { input: { dryrun: true }, says: "dryrun", why: "a typo is not a real run" },
    { input: { dryRun: "yes" }, says: "dryRun", why: "wrong type" },
    { input: { force: true }, says: "force", why: "force without a reason" },
    { input: { force: { reason: "", actor: "x" } }, says: "force.reason", why: "an empty reason" },
    { input: [], says: "manual start", why: "not an object" },
    { input: "go", says: "manual start", why: "a text" },
    { input: { trigger: "someday" }, says: "trigger", why: "no such trigger" },
  ])("with $input is refused with the remedy: $why", async ({ input, says }) => {
    const trained = port.inputs("CreateSolutionVersion").length;

    const { execution, record } = await ran(input);

    expect(execution).toMatchObject({ status: "FAILED", error: "InputRefused" });
    expect(execution?.cause).toContain('{"dryRun": true}');
    expect(execution?.cause).toContain(says);
    expect(record).toMatchObject({ outcome: "FAILED", failure: { error: "InputRefused", reason: execution?.cause } });
    expect(port.inputs("CreateSolutionVersion")).toHaveLength(trained);
  });
});
