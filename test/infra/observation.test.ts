import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { longestGapDays } from "../../infra/constructs/cadence.ts";
import { synthesize } from "../../infra/synthesize.ts";
import type { Alarms } from "../../pipeline/config/alarms.ts";
import type { OutrankConfig } from "../../pipeline/config/outrank-config.ts";
import { emptyHandlers, ofType, type Resources, resourcesIn, withGroups } from "../support/synthesized.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "outrank-observation-"));
  emptyHandlers(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function resourcesOf(config: OutrankConfig): Resources {
  const outdir = mkdtempSync(join(folder, "cdk.out-"));
  return resourcesIn(synthesize({ config, handlers: join(folder, "handlers"), outdir }));
}

describe("the alarms of a group", () => {
  it("are these, with these numbers, and speak to the notices topic", () => {
    const resources = resourcesOf(withGroups({ name: "shop", scheduled: true }));
    const alarms = ofType(resources, "AWS::CloudWatch::Alarm").map(({ Properties: alarm }) => alarm);
    const [topic] = Object.entries(resources).find(([, { Type }]) => Type === "AWS::SNS::Topic") ?? [];

    expect(
      alarms
        .map(
          (alarm) =>
            `${alarm.AlarmName}: ${alarm.Statistic} of ${alarm.Namespace} ${alarm.MetricName} > ${alarm.Threshold}, ` +
            `${alarm.EvaluationPeriods} x ${alarm.Period} s, silence is ${alarm.TreatMissingData}`,
        )
        .sort(),
    ).toMatchSnapshot();
    expect(alarms.map((alarm) => alarm.AlarmActions)).toEqual(alarms.map(() => [{ Ref: topic }]));
  });

  it("are let in by the topic's policy, for this account", () => {
    const [policy] = ofType(resourcesOf(withGroups({ name: "shop", scheduled: true })), "AWS::SNS::TopicPolicy");
    const statements: { Principal: unknown; Action: string; Effect: string; Condition: object }[] =
      policy?.Properties.PolicyDocument.Statement;

    expect(statements).toContainEqual(
      expect.objectContaining({
        ...{ Effect: "Allow", Action: "sns:Publish", Principal: { Service: "cloudwatch.amazonaws.com" } },
        Condition: expect.objectContaining({ StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } }),
      }),
    );
  });

  it("take silence for a fault only where a run is due every week", () => {
    const resources = resourcesOf(
      withGroups({ name: "weekly", scheduled: true }, { name: "uploads", scheduled: false }),
    );
    const silence = ofType(resources, "AWS::CloudWatch::Alarm")
      .filter(({ Properties }) => Properties.AlarmName.endsWith("-no-success"))
      .map(({ Properties }) => [Properties.AlarmName, Properties.TreatMissingData]);

    expect(Object.fromEntries(silence)).toEqual({
      "outrank-weekly-no-success": "breaching",
      "outrank-uploads-no-success": "ignore",
    });
  });
});

describe("the alarms' days", () => {
  const alarmOf = (alarms: Partial<Alarms>, id: string) => {
    const config = withGroups({ name: "shop", scheduled: true });
    const groups = config.datasetGroups.map((group) => ({ ...group, alarms: { ...group.alarms, ...alarms } }));
    const found = ofType(resourcesOf({ ...config, datasetGroups: groups }), "AWS::CloudWatch::Alarm");
    return found.map(({ Properties }) => Properties).find(({ AlarmName }) => AlarmName === `outrank-shop-${id}`);
  };

  it.each([
    { why: "as long as CloudWatch looks back", noSuccessDays: 7, numbers: [0, 7, 86_400, "breaching"] },
    { why: "longer than CloudWatch looks back", noSuccessDays: 10, numbers: [240, 1, 3_600, "ignore"] },
    { why: "shorter than the schedule's week", noSuccessDays: 3, numbers: [72, 1, 3_600, "ignore"] },
  ])("become an alarm that can see them: $noSuccessDays, $why", ({ noSuccessDays, numbers }) => {
    const alarm = alarmOf({ noSuccessDays }, "no-success");

    expect([alarm?.Threshold, alarm?.EvaluationPeriods, alarm?.Period, alarm?.TreatMissingData]).toEqual(numbers);
  });

  it("make no alarm when they are null, and the one about item updates can be switched off", () => {
    expect(alarmOf({ noSuccessDays: null }, "no-success")).toBeUndefined();
    expect(alarmOf({ noPromotionDays: null }, "no-promotion")).toBeUndefined();
    expect(alarmOf({ itemUpdatesStopped: false }, "item-updates-for-you")).toBeUndefined();
    expect(alarmOf({}, "item-updates-for-you")).toBeDefined();
  });
});

describe("a schedule", () => {
  it.each([
    { expression: "cron(0 3 ? * MON *)", days: 7, why: "every Monday" },
    { expression: "cron(0 3 * * ? *)", days: 1, why: "every day" },
    { expression: "cron(0 3 ? * * *)", days: 1, why: "every day of the week" },
    { expression: "cron(0 3 ? * MON-FRI *)", days: 7, why: "working days: a week is certain" },
    { expression: "cron(0 3 ? * 2#1 *)", days: null, why: "the first Monday of a month" },
    { expression: "cron(0 3 ? * 6L *)", days: null, why: "the last Friday of a month" },
    { expression: "cron(0 3 1 * ? *)", days: null, why: "once a month" },
    { expression: "cron(0 3 ? 1-6 MON *)", days: null, why: "half of the year" },
    { expression: "cron(0 3 ? * MON 2027)", days: null, why: "one year only" },
    { expression: "rate(7 days)", days: 7, why: "a week exactly" },
    { expression: "rate(8 days)", days: 8, why: "a day more" },
    { expression: "rate(1 hour)", days: 1, why: "singular" },
    { expression: "rate(169 hours)", days: 8, why: "an hour more than a week" },
  ])("$expression leaves gaps of at most $days days ($why)", ({ expression, days }) => {
    expect(longestGapDays({ expression })).toBe(days);
  });

  it("that is not there promises nothing", () => {
    expect(longestGapDays(undefined)).toBeNull();
  });
});

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly title?: string; readonly markdown?: string; readonly alarms?: readonly string[] };
}

/** The body with every reference put in as its own name. */
function widgetsOf(resources: Resources): Widget[] {
  const [dashboard, ...others] = ofType(resources, "AWS::CloudWatch::Dashboard");
  expect(others).toEqual([]);
  const [, parts] = dashboard?.Properties.DashboardBody["Fn::Join"] as [string, (string | object)[]];
  const text = parts.map((part) => (typeof part === "string" ? part : String(Object.values(part).flat().join("."))));
  return JSON.parse(text.join("")).widgets;
}

describe("the dashboard", () => {
  it("has a band of its own for each group, below the state of all alarms", () => {
    const resources = resourcesOf(withGroups({ name: "one", scheduled: true }, { name: "two", scheduled: false }));
    const widgets = widgetsOf(resources);
    const titles = widgets.map(({ properties }) => properties.markdown ?? properties.title);

    expect(titles.slice(0, 2)).toEqual(["Alarms", "## one"]);
    expect(titles.filter((title) => title === "## two")).toHaveLength(1);
    expect(widgets[0]?.properties.alarms).toHaveLength(ofType(resources, "AWS::CloudWatch::Alarm").length);
  });

  it("fills the width and lays nothing over another", () => {
    const widgets = widgetsOf(
      resourcesOf(withGroups({ name: "one", scheduled: true }, { name: "two", scheduled: true })),
    );
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, cell) => `${x + (cell % width)},${y + Math.floor(cell / width)}`),
    );
    const depth = Math.max(...widgets.map(({ y, height }) => y + height));

    expect(new Set(cells).size).toBe(cells.length);
    expect(cells).toHaveLength(24 * depth);
  });
});
