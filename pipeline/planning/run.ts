/**
 * A run: the configuration as it was when the run began, with every name and ARN worked out. Made once by the first
 * state and carried in the execution; a deployment in the middle of a run changes nothing about that run.
 */
import * as z from "zod";
import { AvroSchema, datasetTypes } from "../config/avro-schema.ts";
import { DataChecks } from "../config/data-checks.ts";
import { DecisionPolicy } from "../config/decision-policy.ts";
import { GroupEncryption } from "../config/encryption.ts";
import { TagList } from "../config/tags.ts";
import { RunOptions, Trigger } from "./trigger.ts";

const DatasetType = z.enum(datasetTypes);

export const RunDataset = z.object({
  type: DatasetType,
  datasetArn: z.string(),
  datasetName: z.string(),
  schema: AvroSchema,
  schemaName: z.string(),
  schemaArn: z.string(),
  /** `shop/interactions/` */
  prefix: z.string(),
});
export type RunDataset = z.infer<typeof RunDataset>;

/** One solution in Personalize to be trained: a candidate, or a baseline that several candidates may share. */
export const Training = z.object({
  /** What the run calls it: the configured name, or `baseline...`. */
  key: z.string(),
  role: z.enum(["candidate", "baseline"]),
  recipe: z.string(),
  solutionName: z.string(),
  solutionArn: z.string(),
  versionName: z.string(),
  /** CreateSolution's own members, beside name, group and recipe. */
  settings: z.object({
    eventType: z.string().optional(),
    solutionConfig: z.record(z.string(), z.unknown()).optional(),
  }),
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
    minProvisionedTPS: z.number(),
    /** In the spelling of Step Functions' integration: `ItemExplorationConfig`, ... */
    config: z.record(z.string(), z.unknown()),
  }),
  smokeTest: z.object({ enabled: z.boolean(), userIds: z.array(z.string()), minItems: z.number() }),
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
  importRoleArn: z.string(),
  /** With what the dataset group is locked; null: AWS's own key. Absent in a run that an older version planned. */
  encryption: GroupEncryption.nullable().default(null),
  /** On everything that the run creates. Absent in a run that an older version planned. */
  tags: TagList.default([]),
  datasets: z.array(RunDataset),
  trainings: z.array(Training),
  contests: z.array(Contest),
  dataChecks: DataChecks,
  quietPeriodSeconds: z.number(),
  /** What a scheduled run with no news does. */
  whenUnchanged: z.enum(["skip", "retrain"]),
  /** Milliseconds each kind of wait may take (R8). */
  patience: z.object({
    settle: z.number(),
    resources: z.number(),
    import: z.number(),
    training: z.number(),
    campaign: z.number(),
  }),
  pollSeconds: z.object({ resources: z.number(), import: z.number(), training: z.number(), campaign: z.number() }),
  /** The lease outlives the longest run, so that its expiry alone proves that the owner is gone. */
  leaseSeconds: z.number(),
});
export type Run = z.infer<typeof Run>;
