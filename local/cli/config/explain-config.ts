/** What a configuration means, in the order in which people ask: groups, data, solutions, when runs start. Pure. */
import type { DatasetGroup } from "../../../pipeline/config/dataset-group.ts";
import type { OutrankConfig } from "../../../pipeline/config/outrank-config.ts";
import type { Schedule } from "../../../pipeline/config/schedule.ts";
import { stages } from "../../../pipeline/planning/run-options.ts";
import { dueTimes } from "./due-times.ts";

export interface ExplainedSchedule {
  /** What it starts. */
  readonly starts: string;
  readonly expression: string;
  readonly timezone: string;
  readonly whenUnchanged: string;
  /** The next three times, ISO 8601. */
  readonly next: readonly string[];
}

export interface ExplainedGroup {
  readonly name: string;
  /** How the group is called in Personalize, and how the names of all that belongs to it begin. */
  readonly prefix: string;
  readonly domain: string | null;
  readonly datasets: readonly { type: string; importMode: string; columns: readonly string[] }[];
  readonly solutions: readonly {
    name: string;
    recipe: string;
    trainingMode: string;
    campaign: string;
    minProvisionedTPS: number;
    profile: string;
    minRelativeLift: number;
    minAbsoluteLift: number;
    primaryMetric: string;
    approval: string;
  }[];
  readonly onUpload: string;
  readonly quietPeriodSeconds: number;
  readonly schedules: readonly ExplainedSchedule[];
  readonly eventTracker: boolean;
  readonly followUp: Readonly<Record<string, readonly string[]>>;
}

/** Schedules of a group with the path of each, seen from the group. */
export const schedulesOf = ({ schedule, cadence }: Pick<DatasetGroup, "schedule" | "cadence">) => [
  ...(schedule ? [{ path: "schedule", starts: "a whole run", schedule }] : []),
  ...stages.flatMap((stage) => {
    const own = cadence[stage];
    return own ? [{ path: `cadence.${stage}`, starts: `stage ${stage}`, schedule: own }] : [];
  }),
];

const explainedSchedule =
  (now: number) =>
  ({ starts, schedule }: { starts: string; schedule: Schedule }): ExplainedSchedule => ({
    ...{ starts, expression: schedule.expression, timezone: schedule.timezone, whenUnchanged: schedule.whenUnchanged },
    next: dueTimes(schedule, now, 3).map((time) => new Date(time).toISOString()),
  });

const explainedSolution = ({ name, recipe, trainingMode, campaign, decision }: DatasetGroup["solutions"][number]) => ({
  ...{ name, recipe, trainingMode, campaign: campaign.name ?? name },
  ...{ minProvisionedTPS: campaign.minProvisionedTPS, profile: decision.profile },
  ...{ minRelativeLift: decision.baseline.minRelativeLift, minAbsoluteLift: decision.baseline.minAbsoluteLift },
  ...{ primaryMetric: decision.primaryMetric, approval: decision.approval.mode },
});

function explainedGroup(project: string, group: DatasetGroup, now: number): ExplainedGroup {
  const { filters, recommenders, batchInference, batchSegments, metricAttribution } = group.followUp;
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
  return {
    ...{ name: group.name, prefix: `${project}-${group.name}`, domain: group.domain ?? null },
    datasets: Object.entries(group.datasets).flatMap(([type, dataset]) =>
      dataset ? [{ type, importMode: dataset.importMode, columns: names(dataset.schema.fields) }] : [],
    ),
    solutions: group.solutions.map(explainedSolution),
    ...{ onUpload: group.cadence.onUpload, quietPeriodSeconds: group.quietPeriodSeconds },
    schedules: schedulesOf(group).map(explainedSchedule(now)),
    eventTracker: group.eventTracker,
    followUp: {
      ...{ filters: names(filters), recommenders: names(recommenders) },
      ...{ "batch inference": names(batchInference), "batch segments": names(batchSegments) },
      "metric attribution": metricAttribution?.metrics.map(({ metricName }) => metricName) ?? [],
    },
  };
}

export const explainConfig = ({ project, datasetGroups }: OutrankConfig, now: number): ExplainedGroup[] =>
  datasetGroups.map((group) => explainedGroup(project, group, now));

export interface DefaultInForce {
  readonly path: string;
  readonly value: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every value that nobody wrote: in the resolved configuration and not in the file. Inside a schema nothing counts. */
export function defaultsInForce(written: unknown, resolved: unknown, path = "$"): DefaultInForce[] {
  if (Array.isArray(resolved) && Array.isArray(written)) {
    return resolved.flatMap((value, at) => defaultsInForce(written[at], value, `${path}[${at}]`));
  }
  if (isObject(resolved) && (isObject(written) || written === undefined) && Object.keys(resolved).length > 0) {
    return Object.entries(resolved).flatMap(([key, value]) =>
      key === "schema" ? [] : defaultsInForce(written?.[key], value, `${path}.${key}`),
    );
  }
  return written === undefined && resolved !== undefined ? [{ path, value: resolved }] : [];
}
