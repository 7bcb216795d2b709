/** Configuration + trigger + place -> run. Pure; the same execution always gets the same plan. */
import { datasetTypes, serviceType } from "../config/avro-schema.ts";
import type { DatasetGroup, Solution } from "../config/dataset-group.ts";
import { uploadPrefix } from "../naming/bucket-layout.ts";
import { type Tags, tagList } from "../config/tags.ts";
import * as names from "../naming/names.ts";
import type { Contest, Run, RunDataset, Training } from "./run.ts";
import { planFollowUp, segmentKey } from "./run-follow-up.ts";
import type { RunOptions } from "./run-options.ts";
import { InputRefused, isUpload, type Trigger } from "./trigger.ts";

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
      datasetArn: names.personalizeArn(place, "dataset", `${prefix}/${serviceType(type)}`),
      datasetName: `${prefix}-${type}`,
      schema,
      schemaName,
      schemaArn: names.personalizeArn(place, "schema", schemaName),
      importMode: group.datasets[type]?.importMode ?? "FULL",
      prefix: uploadPrefix(group.name, type),
    };
  });
}

type TrainingWish = Pick<Training, "key" | "role" | "recipe" | "settings" | "trainingMode" | "fullTrainingDays">;

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
  const { eventType, config, performHPO, trainingMode, fullTrainingDays } = solution;
  const settings = {
    ...(eventType === undefined ? {} : { eventType }),
    ...(performHPO ? { performHPO } : {}),
    ...(Object.keys(config).length === 0 ? {} : { solutionConfig: config }),
  };
  const { name: key, recipe } = solution;
  return training({ key, role: "candidate", recipe, settings, trainingMode, fullTrainingDays }, naming);
}

/** Always whole: an UPDATE has no use for these. */
const inFull = { trainingMode: "FULL", fullTrainingDays: 28 } as const;

const baselineOf = (solution: Solution, naming: Naming): Training =>
  training(
    {
      key: "baseline",
      role: "baseline",
      recipe: solution.decision.baseline.recipe,
      settings: sharedSettings(solution),
      ...inFull,
    },
    naming,
  );

const segmentOf = ({ name, recipe }: DatasetGroup["followUp"]["batchSegments"][number], naming: Naming): Training => ({
  ...training({ key: name, role: "segment", recipe, settings: {}, ...inFull }, naming),
  key: segmentKey(name),
});

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
      createIfMissing: solution.campaign.createIfMissing,
      minProvisionedTPS: solution.campaign.minProvisionedTPS,
      config: pascalMembers(solution.campaign.config),
    },
    smokeTest: { minDiversity: null, minNovelty: null, ...solution.rollback.smokeTest },
    approvalSeconds: Math.ceil(solution.decision.approval.timeoutHours * 3600),
  };
}

const minute = 60_000;
const hour = 60 * minute;

function patienceOf({ deadlines }: DatasetGroup): Run["patience"] {
  return {
    settle: deadlines.settleMinutes * minute,
    preparation: deadlines.preparationHours * hour,
    quality: deadlines.qualityMinutes * minute,
    followUp: deadlines.followUpHours * hour,
    resources: deadlines.resourcesMinutes * minute,
    import: deadlines.importHours * hour,
    training: deadlines.trainingHours * hour,
    campaign: deadlines.campaignHours * hour,
  };
}

/** The sum of all waits (a roll-back is a second campaign wait), an hour for the calls between them, and approvals. */
function leaseSecondsOf(group: DatasetGroup): number {
  const { campaign, ...once } = patienceOf(group);
  const waits = Object.values(once).reduce((sum, wait) => sum + wait, 2 * campaign);
  const approval = Math.max(...group.solutions.map(({ decision }) => decision.approval.timeoutHours)) * hour;
  return Math.ceil((waits + approval + hour) / 1000);
}

/** Without an answer to "which solution?", only a group with one can mean it. */
function recalled(contests: readonly Contest[], { recall }: RunOptions): Contest[] {
  if (recall === null) return [...contests];
  const wanted = contests.filter(({ solution }) => recall.solution === null || solution === recall.solution);
  if (wanted.length === 1) return wanted;
  const known = contests.map(({ solution }) => solution).join(", ");
  throw new InputRefused(
    `Say which solution is meant: "solution" is ${recall.solution ?? "not given"}, there is ${known}`,
  );
}

/** An upload asks for what the configuration says; everybody else has said it themselves. */
function optionsOf({ group, trigger, options }: PlanRequest): RunOptions {
  const onlyImports = trigger.type === "upload" && group.cadence.onUpload === "import";
  return onlyImports ? { ...options, stages: ["import"] } : options;
}

/** Who is trained and who is compared; nothing is trained to recall what is there. */
function competition({ group }: PlanRequest, naming: Naming, options: RunOptions): Pick<Run, "trainings" | "contests"> {
  const pairs = group.solutions.map((solution) => {
    const [candidate, baseline] = [candidateOf(solution, naming), baselineOf(solution, naming)];
    return { candidate, baseline, contest: contest(solution, naming, candidate, baseline) };
  });
  const trainings = [
    ...pairs.flatMap((pair) => [pair.candidate, pair.baseline]),
    ...group.followUp.batchSegments.map((batch) => segmentOf(batch, naming)),
  ];
  return {
    trainings: options.recall
      ? []
      : [...new Map(trainings.map((training) => [training.solutionName, training])).values()],
    contests: recalled(
      pairs.map((pair) => pair.contest),
      options,
    ),
  };
}

/** What Glue does, by the names that infra/ gives it. */
function glueOf({ group, bucket }: PlanRequest, { prefix, runId }: Naming): Pick<Run, "preparation" | "quality"> {
  const { preparation, dataQuality, datasets } = group;
  const types = datasetTypes.filter((type) => dataQuality.enabled && datasets[type] !== undefined);
  return {
    preparation: preparation
      ? {
          jobName: preparation.glueJob,
          arguments: { ...preparation.arguments, "--BUCKET": bucket, "--GROUP": group.name, "--RUN_ID": runId },
        }
      : null,
    quality: types.map((type) => ({ type, ...names.glueNames(prefix, type) })),
  };
}

/** Waits and looks. */
function patient(group: DatasetGroup) {
  return {
    dataChecks: group.dataChecks,
    quietPeriodSeconds: group.quietPeriodSeconds,
    whenUnchanged: group.schedule?.whenUnchanged ?? "skip",
    patience: patienceOf(group),
    pollSeconds: group.pollSeconds,
    stopLateTraining: group.deadlines.stopLateTraining,
    leaseSeconds: leaseSecondsOf(group),
  };
}

/** Locked and labelled as configured. */
function ownership({ group, importRoleArn, kmsKeyArn, tags }: PlanRequest) {
  return {
    importRoleArn,
    encryption: kmsKeyArn === null ? null : { kmsKeyArn, roleArn: importRoleArn },
    tags: tagList(tags, group.tags),
    advice: group.advice,
  };
}

/** Where and by whom: the same for every run of this execution. */
function identity({ execution, trigger, project, group, bucket, stateMachineArn }: PlanRequest, runId: string) {
  const { objectKey } = trigger;
  const isRaw = group.preparation?.rawPrefix !== undefined && objectKey?.startsWith(group.preparation.rawPrefix);
  return {
    ...{ id: runId, executionArn: execution.arn, executionName: execution.name, startedAt: execution.startedAt },
    ...{ stateMachineArn, trigger, project, bucket, group: group.name },
    isRelevant: objectKey === null || isUpload(group.name, objectKey) || isRaw === true,
  };
}

export function planRun(request: PlanRequest, digest: names.Digest): Run {
  const { project, group, place, bucket, execution } = request;
  const prefix = names.groupPrefix(project, group.name);
  const runId = names.runIdOf(execution.arn, execution.startedAt, digest);
  const naming = { prefix, place, runId, digest };
  const options = optionsOf(request);
  return {
    ...identity(request, runId),
    options,
    prefix,
    datasetGroupName: prefix,
    datasetGroupArn: names.personalizeArn(place, "dataset-group", prefix),
    domain: group.domain ?? null,
    ...ownership(request),
    datasets: runDatasets(request, naming),
    ...competition(request, naming, options),
    eventTracker: group.eventTracker ? prefix : null,
    followUp: planFollowUp(group, { ...naming, bucket }),
    ...glueOf(request, naming),
    ...patient(group),
  };
}
