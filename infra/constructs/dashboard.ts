/**
 * One dashboard for the whole stack: the state of every alarm, then a band for each group. A group's band is a table of
 * rows, a row a list of graphs; where they stand follows from their order.
 */
import { Aws, Stack } from "aws-cdk-lib";
import { CfnDashboard } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { Solution } from "../../pipeline/config/dataset-group.ts";
import { contestMetric, functionMetric, groupMetric, machineMetric, type Metric } from "./metrics.ts";
import type { Observed } from "./observed.ts";

/** A line of a graph: a metric and what the legend calls it. */
type Line = readonly [metric: Metric, label: string];

interface Graph {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly stat: "Average" | "Sum" | "Maximum";
  /** Runs are days apart: their graphs have a point a day. */
  readonly periodSeconds: number;
  /** Horizontal lines: what a value is measured against. */
  readonly marks?: readonly { readonly label: string; readonly value: number }[];
}

type Row = readonly Graph[];

interface Widget {
  readonly type: "text" | "alarm" | "metric";
  readonly height: number;
  readonly properties: object;
}

const fullWidth = 24;
const day = 86_400;
const hour = 3_600;

export interface DashboardProps {
  readonly groups: readonly (Observed & { readonly alarms: readonly string[] })[];
}

export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { groups }: DashboardProps) {
    super(scope, id);
    const alarms = groups.flatMap((observed) => observed.alarms);
    const lines: Widget[][] = [
      [{ type: "alarm", height: 3, properties: { title: "Alarms", alarms } }],
      ...groups.flatMap((observed) => [
        [{ type: "text" as const, height: 1, properties: { markdown: `## ${observed.group.name}` } }],
        ...bandOf(observed).map((row) => row.map(widgetOf)),
      ]),
    ];
    new CfnDashboard(this, "Dashboard", {
      // Dashboards know no region, so their names have to.
      dashboardName: `${Stack.of(this).stackName}-${Aws.REGION}`,
      dashboardBody: Stack.of(this).toJsonString({ start: "-P3M", periodOverride: "inherit", widgets: placed(lines) }),
    });
  }
}

function bandOf(observed: Observed): readonly Row[] {
  return [
    ...observed.group.solutions.map((solution) => contestRow(observed, solution)),
    runRow(observed),
    machineRow(observed),
  ];
}

/** Does the candidate beat the baseline, by how much, and what came of it? */
function contestRow({ group }: Observed, { name, decision }: Solution): Row {
  const of = (metric: Parameters<typeof contestMetric>[2]) => contestMetric(group.name, name, metric);
  const daily = { stat: "Average", periodSeconds: day } as const;
  return [
    {
      ...{ title: `${name}: ${decision.primaryMetric}`, ...daily },
      lines: [
        [of("CandidatePrimary"), "candidate"],
        [of("BaselinePrimary"), "baseline"],
        [of("LivePrimary"), "live, on its own data"],
      ],
    },
    {
      ...{ title: `${name}: lift over the baseline`, ...daily, lines: [[of("RelativeLift"), "lift"]] },
      marks: [{ label: "needed", value: decision.baseline.minRelativeLift }],
    },
    {
      ...{ title: `${name}: promotions, and item updates that stopped`, stat: "Sum", periodSeconds: day },
      lines: [
        [of("Promoted"), "promoted"],
        [of("ItemUpdatesStopped"), "item updates stopped"],
      ],
    },
  ];
}

/** How did the runs end, how long did they take, how old is what is served? */
function runRow({ group }: Observed): Row {
  const of = (metric: Parameters<typeof groupMetric>[1]) => groupMetric(group.name, metric);
  return [
    { title: "Failed runs", stat: "Sum", periodSeconds: day, lines: [[of("RunFailed"), "failed"]] },
    {
      title: "Seconds a run takes",
      stat: "Maximum",
      periodSeconds: day,
      lines: [[of("RunDurationSeconds"), "longest"]],
    },
    {
      ...{ title: "Hours since, as each run found it", stat: "Maximum", periodSeconds: day },
      lines: [
        [of("HoursSinceSuccess"), "the last success"],
        [of("HoursSincePromotion"), "the last promotion"],
      ],
      marks: [
        ...daysMark("no success", group.alarms.noSuccessDays),
        ...daysMark("no promotion", group.alarms.noPromotionDays),
      ],
    },
  ];
}

const daysMark = (label: string, days: number | null) => (days === null ? [] : [{ label, value: days * 24 }]);

/** What the machine and its functions are doing; more executions than runs are uploads that another run covers. */
function machineRow({ stateMachineArn, functions }: Observed): Row {
  const ends = ["Started", "Succeeded", "Failed", "TimedOut", "Aborted", "Throttled"];
  const each = (metric: string): Line[] =>
    Object.entries(functions).map(([name, functionName]) => [functionMetric(functionName, metric), name]);
  return [
    {
      ...{ title: "Executions", stat: "Sum", periodSeconds: hour },
      lines: ends.map((end) => [
        machineMetric(stateMachineArn, end === "Throttled" ? "ExecutionThrottled" : `Executions${end}`),
        end,
      ]),
    },
    { title: "Errors of functions", stat: "Sum", periodSeconds: hour, lines: each("Errors") },
    { title: "Milliseconds of functions", stat: "Maximum", periodSeconds: hour, lines: each("Duration") },
  ];
}

function widgetOf({ title, lines, stat, periodSeconds, marks }: Graph): Widget {
  const metrics = lines.map(([{ namespace, name, dimensions }, label]) => [
    ...[namespace, name, ...Object.entries(dimensions).flat()],
    { label },
  ]);
  return {
    type: "metric",
    height: 6,
    properties: {
      ...{ title, region: Aws.REGION, view: "timeSeries", stat, period: periodSeconds, metrics },
      ...(marks === undefined ? {} : { annotations: { horizontal: marks } }),
    },
  };
}

/** Rows below each other, the widgets of a row side by side over the full width. */
function placed(rows: readonly (readonly Widget[])[]): object[] {
  let y = 0;
  return rows.flatMap((row) => {
    const width = fullWidth / row.length;
    const widgets = row.map((widget, index) => ({ ...widget, x: index * width, y, width }));
    y += Math.max(...row.map(({ height }) => height));
    return widgets;
  });
}
