import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atLeastWeekly } from "../../infra/constructs/cadence.ts";
import { synthesize } from "../../infra/synthesize.ts";
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

describe("a schedule", () => {
  it.each([
    { expression: "cron(0 3 ? * MON *)", weekly: true, why: "every Monday" },
    { expression: "cron(0 3 * * ? *)", weekly: true, why: "every day" },
    { expression: "cron(0 3 ? * MON-FRI *)", weekly: true, why: "working days" },
    { expression: "cron(0 3 ? * 2#1 *)", weekly: false, why: "the first Monday of a month" },
    { expression: "cron(0 3 ? * 6L *)", weekly: false, why: "the last Friday of a month" },
    { expression: "cron(0 3 1 * ? *)", weekly: false, why: "once a month" },
    { expression: "cron(0 3 ? 1-6 MON *)", weekly: false, why: "half of the year" },
    { expression: "cron(0 3 ? * MON 2027)", weekly: false, why: "one year only" },
    { expression: "rate(7 days)", weekly: true, why: "a week exactly" },
    { expression: "rate(8 days)", weekly: false, why: "a day more" },
    { expression: "rate(1 hour)", weekly: true, why: "singular" },
    { expression: "rate(169 hours)", weekly: false, why: "an hour more than a week" },
  ])("$expression is weekly or oftener: $weekly ($why)", ({ expression, weekly }) => {
    expect(atLeastWeekly({ expression })).toBe(weekly);
  });

  it("that is not there is not weekly", () => {
    expect(atLeastWeekly(undefined)).toBe(false);
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
