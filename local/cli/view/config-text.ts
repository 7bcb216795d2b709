/** A checked configuration as people read it. */
import type { DefaultInForce, ExplainedGroup, ExplainedSchedule } from "../config/explain-config.ts";
import { onClock } from "../config/due-times.ts";
import type { Warning } from "../config/warnings.ts";

const percent = (share: number) => `${Math.round(share * 1000) / 10}%`;

const scheduleLines = ({ starts, expression, timezone, whenUnchanged, next }: ExplainedSchedule): string[] => [
  `  ${expression} in ${timezone} starts ${starts}${whenUnchanged === "skip" ? ", unless nothing is new" : ""}; next`,
  ...(next.length === 0 ? ["    never"] : next.map((time) => `    ${onClock(Date.parse(time), timezone)}`)),
];

function groupLines(group: ExplainedGroup): string[] {
  const followUp = Object.entries(group.followUp).filter(([, names]) => names.length > 0);
  const uploads = group.onUpload === "retrain" ? "a whole run" : "an import";
  return [
    `${group.name}: in Personalize ${group.prefix}${group.domain === null ? "" : `, domain ${group.domain}`}`,
    ...group.datasets.map(
      ({ type, importMode, columns }) => `  data ${type}, imported ${importMode}: ${columns.join(", ")}`,
    ),
    ...group.solutions.flatMap((one) => [
      `  solution ${one.name}: ${one.recipe}, trained ${one.trainingMode}, campaign ${one.campaign} at ${one.minProvisionedTPS} TPS`,
      `    goes live when ${one.primaryMetric} is ${percent(one.minRelativeLift)} and ${one.minAbsoluteLift} above the baseline` +
        ` (profile ${one.profile})${one.approval === "manual" ? ", and somebody approves" : ""}`,
    ]),
    `  an upload starts ${uploads} once nothing more has come for ${group.quietPeriodSeconds} s`,
    ...(group.schedules.length === 0 ? ["  no schedule"] : group.schedules.flatMap(scheduleLines)),
    ...(group.eventTracker ? ["  an event tracker"] : []),
    ...followUp.map(([kind, names]) => `  ${kind}: ${names.join(", ")}`),
  ];
}

const defaultLine = ({ path, value }: DefaultInForce) => `  ${path} = ${JSON.stringify(value)}`;

export interface CheckedView {
  readonly groups: readonly ExplainedGroup[];
  readonly warnings: readonly Warning[];
  readonly defaults: readonly DefaultInForce[];
  readonly showDefaults: boolean;
}

export const checkedLines = ({ groups, warnings, defaults, showDefaults }: CheckedView): string[] => [
  ...groups.flatMap((group) => [...groupLines(group), ""]),
  ...(showDefaults
    ? ["Defaults in force:", ...defaults.map(defaultLine)]
    : [`${defaults.length} defaults are in force; --defaults lists them.`]),
  ...(warnings.length === 0 ? [] : ["", "Legal, but look at it:"]),
  ...warnings.map(({ path, message }) => `  ${path}: ${message}`),
];
