/**
 * A run: the configuration as it was when the run began, with every name and ARN worked out. Made once by the first
 * state and carried in the execution; a deployment in the middle of a run changes nothing about that run.
 */
import * as z from "zod";
import { Advice } from "../config/advice.ts";
import { AvroSchema, datasetTypes } from "../config/avro-schema.ts";
import { DataChecks } from "../config/data-checks.ts";
import { DecisionPolicy } from "../config/decision-policy.ts";
import { PollSeconds } from "../config/deadlines.ts";
import { GroupEncryption } from "../config/encryption.ts";
import { TagList } from "../config/tags.ts";
import { RunFollowUp } from "./run-follow-up.ts";
import { RunOptions } from "./run-options.ts";
import { Trigger } from "./trigger.ts";

const DatasetType = z.enum(datasetTypes);

export const RunDataset = z.object({
  type: DatasetType,
  datasetArn: z.string(),
  datasetName: z.string(),
  schema: AvroSchema,
  schemaName: z.string(),
  schemaArn: z.string(),
  importMode: z.enum(["FULL", "INCREMENTAL"]).default("FULL"),
  /** `shop/interactions/` */
  prefix: z.string(),
});
export type RunDataset = z.infer<typeof RunDataset>;

/** One solution in Personalize to be trained: a candidate, a baseline that several may share, or one for segments. */
export const Training = z.object({
  /** What the run calls it: the configured name, or `baseline...`. */
  key: z.string(),
  role: z.enum(["candidate", "baseline", "segment"]),
  recipe: z.string(),
  solutionName: z.string(),
  solutionArn: z.string(),
  versionName: z.string(),
  /** CreateSolution's own members, beside name, group and recipe. */
  settings: z.object({
    eventType: z.string().optional(),
    performHPO: z.boolean().optional(),
    solutionConfig: z.record(z.string(), z.unknown()).optional(),
  }),
  trainingMode: z.enum(["FULL", "UPDATE"]).default("FULL"),
  /** With UPDATE: how old the newest FULL version may be, in days. */
  fullTrainingDays: z.number().default(28),
});
export type Training = z.infer<typeof Training>;

export const EventFilter = z.object({ eventType: z.string().nullable(), valueThreshold: z.number().nullable() });
export type EventFilter = z.infer<typeof EventFilter>;

export const Contest = z.object({
  /** The configured solution's name. */
  solution: z.string(),
  candidateKey: z.string(),
  baselineKey: z.string(),
  solutionArn: z.string(),
  policy: DecisionPolicy,
  /** Which interactions the candidate learns from; the service's minimums count after it. */
  eventFilter: EventFilter,
  campaign: z.object({
    name: z.string(),
    arn: z.string(),
    createIfMissing: z.boolean().default(true),
    minProvisionedTPS: z.number(),
    /** In the spelling of Step Functions' integration: `ItemExplorationConfig`, ... */
    config: z.record(z.string(), z.unknown()),
  }),
  smokeTest: z.object({
    enabled: z.boolean(),
    userIds: z.array(z.string()),
    minItems: z.number(),
    minDiversity: z.number().nullable().default(null),
    minNovelty: z.number().nullable().default(null),
  }),
  approvalSeconds: z.number(),
});
export type Contest = z.infer<typeof Contest>;

export const Run = z.object({
  id: z.string(),
  executionArn: z.string(),
  executionName: z.string(),
  stateMachineArn: z.string(),
  startedAt: z.string(),
  trigger: Trigger,
  options: RunOptions,
  /** False for an event about something that is no upload; such a run ends at once. */
  isRelevant: z.boolean(),
  project: z.string(),
  group: z.string(),
  /** `outrank-shop` */
  prefix: z.string(),
  bucket: z.string(),
  datasetGroupName: z.string(),
  datasetGroupArn: z.string(),
  domain: z.enum(["ECOMMERCE", "VIDEO_ON_DEMAND"]).nullable().default(null),
  importRoleArn: z.string(),
  /** With what the dataset group is locked; null: AWS's own key. Absent in a run that an older version planned. */
  encryption: GroupEncryption.nullable().default(null),
  advice: Advice.prefault({}),
  /** On everything that the run creates. Absent in a run that an older version planned. */
  tags: TagList.default([]),
  datasets: z.array(RunDataset),
  trainings: z.array(Training),
  contests: z.array(Contest),
  dataChecks: DataChecks,
  /** Name of the event tracker that is wanted. */
  eventTracker: z.string().nullable().default(null),
  followUp: RunFollowUp,
  preparation: z
    .object({ jobName: z.string(), arguments: z.record(z.string(), z.string()) })
    .nullable()
    .default(null),
  /** What Glue Data Quality looks at; empty when it is switched off. */
  quality: z
    .array(z.object({ type: DatasetType, database: z.string(), table: z.string(), ruleset: z.string() }))
    .default([]),
  quietPeriodSeconds: z.number(),
  /** What a scheduled run with no news does. */
  whenUnchanged: z.enum(["skip", "retrain"]),
  /** Milliseconds each kind of wait may take (R8). */
  patience: z.object({
    settle: z.number(),
    preparation: z.number(),
    quality: z.number(),
    followUp: z.number(),
    resources: z.number(),
    import: z.number(),
    training: z.number(),
    campaign: z.number(),
  }),
  pollSeconds: PollSeconds,
  stopLateTraining: z.boolean(),
  /** The lease outlives the longest run, so that its expiry alone proves that the owner is gone. */
  leaseSeconds: z.number(),
});
export type Run = z.infer<typeof Run>;
