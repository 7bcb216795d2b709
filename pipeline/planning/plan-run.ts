/** Configuration + trigger + place -> run. Pure; the same execution always gets the same plan. */
import { datasetTypes } from "../config/avro-schema.ts";
import type { DatasetGroup, Solution } from "../config/dataset-group.ts";
import { uploadPrefix } from "../naming/bucket-layout.ts";
import { type Tags, tagList } from "../config/tags.ts";
import * as names from "../naming/names.ts";
import type { Contest, Run, RunDataset, Training } from "./run.ts";
import { isUpload, type RunOptions, type Trigger } from "./trigger.ts";

export interface PlanRequest {
  readonly project: string;
  readonly group: DatasetGroup;
  readonly place: names.Place;
  readonly bucket: string;
  readonly importRoleArn: string;
  /** The customer's key, where one is configured. */
  readonly kmsKeyArn: string | null;
  /** The project's; the group has its own. */
  readonly tags: Tags;
  readonly execution: { readonly arn: string; readonly name: string; readonly startedAt: string };
  readonly stateMachineArn: string;
  readonly trigger: Trigger;
  readonly options: RunOptions;
}

interface Naming {
  readonly prefix: string;
  readonly place: names.Place;
  readonly runId: string;
  readonly digest: names.Digest;
}

function runDatasets({ group }: PlanRequest, { prefix, place, digest }: Naming): RunDataset[] {
  return datasetTypes.flatMap((type) => {
    const schema = group.datasets[type]?.schema;
    if (!schema) return [];
    const schemaName = names.schemaName(prefix, type, JSON.stringify(schema), digest);
    return {
      type,
      datasetArn: names.personalizeArn(place, "dataset", `${prefix}/${type.toUpperCase()}`),
      datasetName: `${prefix}-${type}`,
      schema,
      schemaName,
      schemaArn: names.personalizeArn(place, "schema", schemaName),
      prefix: uploadPrefix(group.name, type),
    };
  });
}

type TrainingWish = Pick<Training, "key" | "role" | "recipe" | "settings">;

function training(wish: TrainingWish, { prefix, place, runId, digest }: Naming): Training {
  const immutable = JSON.stringify([wish.recipe, wish.settings]);
  const solutionName = names.solutionName(prefix, wish.key, immutable, digest);
  return {
    ...wish,
    solutionName,
    solutionArn: names.personalizeArn(place, "solution", solutionName),
    versionName: names.versionName(runId, solutionName, digest),
  };
}

/** What counts as an interaction must be the same for both, or they would be scored on different truths. */
function sharedSettings({ eventType, config }: Solution): Training["settings"] {
  const { eventValueThreshold } = config;
  return {
    ...(eventType === undefined ? {} : { eventType }),
    ...(eventValueThreshold === undefined ? {} : { solutionConfig: { eventValueThreshold } }),
  };
}

function candidateOf(solution: Solution, naming: Naming): Training {
  const { eventType, config } = solution;
  const settings = {
    ...(eventType === undefined ? {} : { eventType }),
    ...(Object.keys(config).length === 0 ? {} : { solutionConfig: config }),
  };
  return training({ key: solution.name, role: "candidate", recipe: solution.recipe, settings }, naming);
}

const baselineOf = (solution: Solution, naming: Naming): Training =>
  training(
    {
      key: "baseline",
      role: "baseline",
      recipe: solution.decision.baseline.recipe,
      settings: sharedSettings(solution),
    },
    naming,
  );

/** Step Functions' integration wants the API's members in PascalCase; keys of maps stay as they are. */
const pascalMembers = (value: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key.charAt(0).toUpperCase() + key.slice(1), member]),
  );

function contest(solution: Solution, { prefix, place }: Naming, candidate: Training, baseline: Training): Contest {
  const threshold = solution.config.eventValueThreshold;
  const name = `${prefix}-${solution.campaign.name ?? solution.name}`;
  return {
    solution: solution.name,
    candidateKey: candidate.solutionName,
    baselineKey: baseline.solutionName,
    solutionArn: candidate.solutionArn,
    policy: solution.decision,
    eventFilter: {
      eventType: solution.eventType ?? null,
      valueThreshold: threshold === undefined ? null : Number(threshold),
    },
    campaign: {
      name,
      arn: names.personalizeArn(place, "campaign", name),
      minProvisionedTPS: solution.campaign.minProvisionedTPS,
      config: pascalMembers(solution.campaign.config),
    },
    smokeTest: solution.rollback.smokeTest,
    approvalSeconds: Math.ceil(solution.decision.approval.timeoutHours * 3600),
  };
}

const minute = 60_000;
const hour = 60 * minute;

function patienceOf({ deadlines }: DatasetGroup): Run["patience"] {
  return {
    settle: deadlines.settleMinutes * minute,
    resources: deadlines.resourcesMinutes * minute,
    import: deadlines.importHours * hour,
    training: deadlines.trainingHours * hour,
    campaign: deadlines.campaignHours * hour,
  };
}

/** The sum of all waits (a roll-back is a second campaign wait), an hour for the calls between them, and approvals. */
function leaseSecondsOf(group: DatasetGroup): number {
  const { settle, resources, import: importing, training, campaign } = patienceOf(group);
  const approval = Math.max(...group.solutions.map(({ decision }) => decision.approval.timeoutHours)) * hour;
  return Math.ceil((settle + resources + importing + training + 2 * campaign + approval + hour) / 1000);
}

export function planRun(request: PlanRequest, digest: names.Digest): Run {
  const { project, group, place, execution, trigger } = request;
  const prefix = names.groupPrefix(project, group.name);
  const runId = names.runIdOf(execution.arn, execution.startedAt, digest);
  const naming = { prefix, place, runId, digest };
  const pairs = group.solutions.map((solution) => {
    const [candidate, baseline] = [candidateOf(solution, naming), baselineOf(solution, naming)];
    return { candidate, baseline, contest: contest(solution, naming, candidate, baseline) };
  });
  const trainings = new Map(pairs.flatMap((pair) => [pair.candidate, pair.baseline]).map((t) => [t.solutionName, t]));
  return {
    id: runId,
    executionArn: execution.arn,
    executionName: execution.name,
    stateMachineArn: request.stateMachineArn,
    startedAt: execution.startedAt,
    trigger,
    options: request.options,
    isRelevant: trigger.objectKey === null || isUpload(group.name, trigger.objectKey),
    project,
    group: group.name,
    prefix,
    bucket: request.bucket,
    datasetGroupName: prefix,
    datasetGroupArn: names.personalizeArn(place, "dataset-group", prefix),
    importRoleArn: request.importRoleArn,
    encryption: request.kmsKeyArn === null ? null : { kmsKeyArn: request.kmsKeyArn, roleArn: request.importRoleArn },
    tags: tagList(request.tags, group.tags),
    datasets: runDatasets(request, naming),
    trainings: [...trainings.values()],
    contests: pairs.map((pair) => pair.contest),
    dataChecks: group.dataChecks,
    quietPeriodSeconds: group.quietPeriodSeconds,
    whenUnchanged: group.schedule?.whenUnchanged ?? "skip",
    patience: patienceOf(group),
    pollSeconds: group.pollSeconds,
    leaseSeconds: leaseSecondsOf(group),
  };
}
