/** Alarms against numbers worked out by hand, and over time: when they change their mind, and whom they tell. */
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createJumpingClock, type JumpingClock } from "../../../local/cloud/clock/jumping-clock.ts";
import { judgeAlarm, type Settings, valuesOf } from "../../../local/cloudwatch/alarms/evaluate-alarm.ts";
import { createCloudWatch } from "../../../local/cloudwatch/create-cloudwatch.ts";
import { startCloud } from "../../support/running-cloud.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const base: Settings = {
  ...{ AlarmName: "late", Namespace: "Shop", MetricName: "Hours", Statistic: "Maximum", Period: 300 },
  ...{ EvaluationPeriods: 3, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" },
};

describe("an alarm's state", () => {
  it.each([
    { why: "all periods breach", values: [2, 3, 4], treat: "missing", state: "ALARM" },
    { why: "one period is well", values: [2, 1, 4], treat: "missing", state: "OK" },
    { why: "equal is not greater", values: [1, 1, 1], treat: "missing", state: "OK" },
    { why: "silence is a fault", values: [null, null, null], treat: "breaching", state: "ALARM" },
    { why: "silence is a fault, but not all is silent", values: [null, 0, null], treat: "breaching", state: "OK" },
    { why: "silence is well", values: [2, null, 2], treat: "notBreaching", state: "OK" },
    { why: "silence tells nothing", values: [null, null, null], treat: "missing", state: "INSUFFICIENT_DATA" },
    { why: "silence keeps the state", values: [null, null, null], treat: "ignore", state: "ALARM" },
    { why: "of silence and news the news decide", values: [null, 2, null], treat: "ignore", state: "ALARM" },
    { why: "of silence and good news the news decide", values: [null, 0, null], treat: "ignore", state: "OK" },
    { why: "two of three are enough", values: [2, 0, 2], treat: "missing", needed: 2, state: "ALARM" },
  ])("is $state: $why", ({ values, treat, needed, state }) => {
    const settings = { ...base, TreatMissingData: treat, ...(needed ? { DatapointsToAlarm: needed } : {}) };

    expect(judgeAlarm(settings, values, "ALARM").state).toBe(state);
  });

  it("goes by whole periods, and by the running one as soon as it has data", () => {
    const at = (offset: number, value: number) => ({
      ...{ at: offset, unit: "None", count: 1, sum: value, min: value, max: value },
    });
    const minutes = [at(0, 5), at(6 * minute, 7), at(7 * minute, 8)];

    expect(valuesOf(base, minutes, 9 * minute)).toEqual([null, 5, 8]);
    expect(valuesOf(base, minutes, 11 * minute)).toEqual([null, 5, 8]);
    expect(valuesOf(base, minutes, 16 * minute)).toEqual([5, 8, null]);
  });
});

describe("an alarm over time", () => {
  let clock: JumpingClock;
  let cloud: Awaited<ReturnType<typeof startCloud>>;
  let client: CloudWatchClient;
  let told: { input: { Subject: string; Message: string; TopicArn: string }; caller: unknown }[];
  const topic = "arn:aws:sns:us-east-1:000000000000:notices";

  beforeEach(async () => {
    told = [];
    clock = createJumpingClock();
    cloud = await startCloud((deps) => {
      const calls = {
        call: async (_service: string, _operation: string, input: never, caller: unknown) => {
          told.push({ input, caller });
        },
      };
      return [createCloudWatch({ ...deps, clock, calls }).service];
    });
    client = new CloudWatchClient(cloud.client());
  });
  afterEach(() => cloud.close());

  const watch = (more: Partial<Settings> = {}) =>
    client.send(new PutMetricAlarmCommand({ ...base, EvaluationPeriods: 1, AlarmActions: [topic], ...more }));
  const report = (Value: number) =>
    client.send(new PutMetricDataCommand({ Namespace: "Shop", MetricData: [{ MetricName: "Hours", Value }] }));
  const state = async () => (await client.send(new DescribeAlarmsCommand({}))).MetricAlarms?.[0]?.StateValue;

  it("has no opinion before there is news, changes its mind within a minute, and tells its topic once", async () => {
    await watch({ TreatMissingData: "ignore" });
    await clock.sleep(day);
    const before = await state();
    await report(2);
    await clock.sleep(minute);
    await report(3);
    await clock.sleep(day);

    expect([before, await state()]).toEqual(["INSUFFICIENT_DATA", "ALARM"]);
    expect(told).toHaveLength(1);
    expect(told[0]?.caller).toEqual({
      ...{ kind: "service", principal: "cloudwatch.amazonaws.com" },
      sourceArn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:late",
    });
    expect(told[0]?.input).toMatchObject({ TopicArn: topic, Subject: 'ALARM: "late" in us-east-1' });
    expect(JSON.parse(told[0]?.input.Message ?? "")).toMatchObject({
      ...{ AlarmName: "late", OldStateValue: "INSUFFICIENT_DATA", NewStateValue: "ALARM" },
      Trigger: { MetricName: "Hours", Threshold: 1 },
    });
  });

  it("goes off when the last good news are too old, and not a period earlier", async () => {
    await watch({ Period: 86_400, EvaluationPeriods: 3, TreatMissingData: "breaching" });
    await clock.sleep(minute);
    await report(0);
    const seen: (string | undefined)[] = [];
    for (let days = 1; days <= 4; days++) {
      await clock.sleep(day);
      seen.push(await state());
    }

    // The clock starts at midnight: the news lie in the first day, and three whole days without any are over after four.
    expect(seen).toEqual(["OK", "OK", "OK", "ALARM"]);
  });

  it("tells nobody while its actions are off, and also when it is put again as it was", async () => {
    await watch();
    await client.send(new DisableAlarmActionsCommand({ AlarmNames: ["late", "not there"] }));
    await watch();
    await report(2);
    await clock.sleep(minute);
    const silent = [await state(), told.length];
    await client.send(new EnableAlarmActionsCommand({ AlarmNames: ["late"] }));
    await report(0);
    await clock.sleep(day);
    await report(2);
    await clock.sleep(minute);

    expect(silent).toEqual(["ALARM", 0]);
    expect(told).toHaveLength(1);
  });

  it("is found by its metric and all its dimensions, in any order", async () => {
    const [one, two] = [
      { Name: "A", Value: "1" },
      { Name: "B", Value: "2" },
    ];
    await watch({ AlarmName: "both", Dimensions: [one, two] });
    await watch({ AlarmName: "bare" });
    const names = async (more: object) => {
      const asked = new DescribeAlarmsForMetricCommand({ Namespace: "Shop", MetricName: "Hours", ...more });
      return (await client.send(asked)).MetricAlarms?.map(({ AlarmName }) => AlarmName);
    };

    expect(await names({ Dimensions: [two, one] })).toEqual(["both"]);
    expect(await names({ Dimensions: [one] })).toEqual([]);
    expect(await names({})).toEqual(["bare"]);
    expect(await names({ Period: 60 })).toEqual([]);
  });

  it("keeps the tags it was made with, and those that come and go", async () => {
    const ResourceARN = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:late";
    const made = new PutMetricAlarmCommand({ ...base, Tags: [{ Key: "by", Value: "test" }] });
    await client.send(made);
    await client.send(new PutMetricAlarmCommand({ ...base, Threshold: 5, Tags: [{ Key: "by", Value: "other" }] }));
    await client.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: "for", Value: "shop" }] }));
    const both = (await client.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags;
    await client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["by"] }));

    expect(both).toEqual([
      { Key: "by", Value: "test" },
      { Key: "for", Value: "shop" },
    ]);
    expect((await client.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual(both?.slice(1));
    const missing = client.send(new ListTagsForResourceCommand({ ResourceARN: `${ResourceARN}-not` }));
    await expect(missing).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("does not make the clock of a test jump", async () => {
    const begun = clock.now();
    await watch({ Period: 86_400, EvaluationPeriods: 7, TreatMissingData: "breaching" });
    await report(0);
    await clock.idle();

    expect(clock.now()).toBe(begun);
  });
});
