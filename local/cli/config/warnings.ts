/** What a configuration may say and a careful person would not, or not without knowing. Pure; nothing here is refused. */
import type { DatasetGroup, Solution } from "../../../pipeline/config/dataset-group.ts";
import { hasSubscribers, together } from "../../../pipeline/config/notifications.ts";
import type { OutrankConfig } from "../../../pipeline/config/outrank-config.ts";
import { shortestPause } from "./due-times.ts";
import { schedulesOf } from "./explain-config.ts";

export interface Warning {
  readonly path: string;
  readonly message: string;
}

interface GroupRule {
  /** Member of the group that the warning is about. */
  readonly path: string;
  readonly warns: (group: DatasetGroup, config: OutrankConfig) => boolean;
  readonly message: string;
}

const nobodyIsTold = (group: DatasetGroup, { notifications }: OutrankConfig) =>
  !hasSubscribers(together(notifications, group.notifications));
const asksForApproval = ({ solutions }: DatasetGroup) =>
  solutions.some(({ decision }) => decision.approval.mode === "manual");
const trainsOnSchedule = ({ schedule, cadence }: DatasetGroup) => schedule !== undefined || cadence.train !== undefined;

const groupRules: readonly GroupRule[] = [
  {
    path: "notifications",
    warns: (group, config) => asksForApproval(group) && nobodyIsTold(group, config),
    message: "a solution waits for approval, and nobody is told: name emails or webhooks, or subscribe to the topic",
  },
  {
    path: "notifications",
    warns: (group, config) => !asksForApproval(group) && nobodyIsTold(group, config),
    message: "nobody is told of failed runs: name emails or webhooks, or subscribe to the topic by hand",
  },
  {
    path: "cadence.onUpload",
    warns: (group) => group.cadence.onUpload === "import" && !trainsOnSchedule(group),
    message: "uploads are only imported and no schedule trains: models are trained only when somebody starts a run",
  },
  {
    path: "schedule.whenUnchanged",
    warns: ({ schedule, eventTracker }) => eventTracker && schedule?.whenUnchanged === "skip",
    message: 'streamed events change no file, so scheduled runs will skip them: set "retrain"',
  },
  {
    path: "cadence.train.whenUnchanged",
    warns: ({ cadence, eventTracker }) => eventTracker && cadence.train?.whenUnchanged === "skip",
    message: 'streamed events change no file, so scheduled runs will skip them: set "retrain"',
  },
  {
    path: "cadence.batch",
    warns: ({ cadence, followUp }) => cadence.batch !== undefined && followUp.batchInference.length === 0,
    message: "this schedule runs batch inference jobs, and the group has none",
  },
];

interface SolutionRule {
  readonly path: string;
  readonly warns: (solution: Solution) => boolean;
  readonly message: string;
}

const solutionRules: readonly SolutionRule[] = [
  {
    path: "campaign.minProvisionedTPS",
    warns: ({ campaign }) => campaign.minProvisionedTPS > 1,
    message: "more than 1 is billed day and night, used or not; campaigns scale up by themselves",
  },
  {
    path: "recipe",
    warns: ({ recipe }) => recipe === "aws-popularity-count",
    message: "this is the baseline's own recipe: it can only tie with it, and a tie is kept",
  },
  {
    path: "decision.profile",
    warns: ({ decision }) => decision.profile === "demo",
    message: '"demo" is for data too few for statistics: any lift above the baseline promotes',
  },
  {
    path: "decision.firstRun",
    warns: ({ decision }) => decision.firstRun === "always",
    message: "the first version goes live whatever its metrics say",
  },
  {
    path: "decision.incumbent.mode",
    warns: ({ decision }) => decision.incumbent.mode === "raw",
    message: "numbers measured on different data are not comparable; lift compares each with its own baseline",
  },
  {
    path: "performHPO",
    warns: ({ performHPO }) => performHPO,
    message: "a search for hyperparameters is trained, and billed, anew in every run",
  },
  {
    path: "rollback.smokeTest.enabled",
    warns: ({ rollback }) => !rollback.smokeTest.enabled,
    message: "a campaign that answers nothing will not be noticed and not be rolled back",
  },
];

const hour = 3_600_000;

/** Training takes most of an hour, and a run that finds another one at work ends at once. */
const tooOften = (group: DatasetGroup, now: number) =>
  schedulesOf(group).filter(({ schedule }) => (shortestPause(schedule, now) ?? Infinity) < hour);

function groupWarnings(config: OutrankConfig, group: DatasetGroup, now: number): Warning[] {
  return [
    ...groupRules.filter(({ warns }) => warns(group, config)).map(({ path, message }) => ({ path, message })),
    ...tooOften(group, now).map(({ path, schedule: { expression } }) => ({
      path: `${path}.expression`,
      message: `${expression} is due more often than hourly; a run takes about that long`,
    })),
    ...group.solutions.flatMap((solution, at) =>
      solutionRules
        .filter(({ warns }) => warns(solution))
        .map(({ path, message }) => ({ path: `solutions[${at}].${path}`, message })),
    ),
  ];
}

/** With paths as faults have them. */
export const configWarnings = (config: OutrankConfig, now: number): Warning[] =>
  config.datasetGroups.flatMap((group, at) =>
    groupWarnings(config, group, now).map(({ path, message }) => ({
      path: `$.datasetGroups[${at}].${path}`,
      message,
    })),
  );
