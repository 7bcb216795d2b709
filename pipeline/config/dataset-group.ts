/**
 * One dataset group as configured: what its data look like, which solutions compete for which campaign, when it runs and
 * how long each wait may take. Defaults are written once, here; a minimal group is a name, a schema and a solution.
 */
import * as z from "zod";
import { Advice } from "./advice.ts";
import { Alarms } from "./alarms.ts";
import { AvroSchema, datasetTypes, schemaFaults } from "./avro-schema.ts";
import { Cleanup, Retention } from "./cleanup.ts";
import { DataChecks } from "./data-checks.ts";
import { Deadlines, PollSeconds } from "./deadlines.ts";
import { Cadence, FollowUp } from "./follow-up.ts";
import { DataQuality, Preparation } from "./glue.ts";
import { groupFaults } from "./group-faults.ts";
import { DecisionChoice } from "./decision-policy.ts";
import { comparableRecipes, whyNoCandidate } from "./recipes.ts";
import { Schedule } from "./schedule.ts";
import { Notifications } from "./notifications.ts";
import { Tags } from "./tags.ts";

/** Part of names, prefixes and ARNs: lower case, digits, hyphens. */
export const Name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/, "2 to 32 of a-z, 0-9 and -, beginning with a letter");

const stringMap = z.record(z.string(), z.string());

const range = { name: z.string() };
const HpoConfig = z.strictObject({
  hpoResourceConfig: z
    .strictObject({ maxNumberOfTrainingJobs: z.string().optional(), maxParallelTrainingJobs: z.string().optional() })
    .optional(),
  algorithmHyperParameterRanges: z
    .strictObject({
      integerHyperParameterRanges: z
        .array(z.strictObject({ ...range, minValue: z.int(), maxValue: z.int() }))
        .optional(),
      continuousHyperParameterRanges: z
        .array(z.strictObject({ ...range, minValue: z.number(), maxValue: z.number() }))
        .optional(),
      categoricalHyperParameterRanges: z.array(z.strictObject({ ...range, values: z.array(z.string()) })).optional(),
    })
    .optional(),
});

/** Passed through to CreateSolution as the API spells it. */
const SolutionConfig = z.strictObject({
  eventValueThreshold: z.string().optional(),
  hpoConfig: HpoConfig.optional(),
  algorithmHyperParameters: stringMap.optional(),
  featureTransformationParameters: stringMap.optional(),
  trainingDataConfig: z
    .strictObject({ excludedDatasetColumns: z.record(z.string(), z.array(z.string()).min(1)) })
    .optional(),
});

const Campaign = z.strictObject({
  name: Name.optional().describe("default: the solution's name"),
  createIfMissing: z
    .boolean()
    .default(true)
    .describe("make a campaign again that was there and is gone; false: such a run fails"),
  minProvisionedTPS: z.int().min(1).default(1).describe("the billing floor"),
  config: z
    .strictObject({
      itemExplorationConfig: stringMap.optional(),
      enableMetadataWithRecommendations: z.boolean().optional(),
    })
    .default({})
    .describe("campaignConfig; syncWithLatestSolutionVersion is not offered because it goes around the gate"),
});

const Rollback = z.strictObject({
  keepVersions: z
    .int()
    .min(1)
    .default(3)
    .describe("not acted on: Personalize deletes no single version; see retention"),
  smokeTest: z
    .strictObject({
      enabled: z.boolean().default(true).describe("ask the campaign for known users after each change"),
      userIds: z.array(z.string().min(1)).default([]).describe("default: the busiest users of the data"),
      minItems: z.int().min(1).default(1).describe("each of them must get so many items"),
      minDiversity: z.number().min(0).max(1).optional().describe("distinct items among all that they get, as a share"),
      minNovelty: z.number().min(0).optional().describe("mean -log2 of the items' share of interactions, in bits"),
    })
    .prefault({}),
});

export const Solution = z.strictObject({
  name: Name.max(23, "at most 23 characters: project, group, a hash and this share a name of 63").refine(
    (name) => name !== "baseline",
    '"baseline" is what the yardstick is called',
  ),
  recipe: z
    .enum(comparableRecipes, { error: ({ input }) => (typeof input === "string" ? whyNoCandidate(input) : undefined) })
    .describe("what the candidate is trained with; another recipe makes another solution"),
  eventType: z.string().min(1).max(256).optional().describe("train on this EVENT_TYPE only"),
  performHPO: z.boolean().default(false).describe("search hyperparameters; config.hpoConfig bounds the search"),
  trainingMode: z
    .enum(["FULL", "UPDATE"])
    .default("FULL")
    .describe("UPDATE adds new items to the newest FULL version without retraining, and ends its automatic updates"),
  fullTrainingDays: z.number().positive().default(28).describe("with UPDATE: so old, the FULL version is trained anew"),
  performAutoTraining: z.literal(false).default(false).describe("the service's own training would race ours (rule R5)"),
  config: SolutionConfig.default({}).describe("solutionConfig as CreateSolution takes it"),
  decision: DecisionChoice.prefault({}),
  campaign: Campaign.prefault({}),
  rollback: Rollback.prefault({}),
});
export type Solution = z.infer<typeof Solution>;

const Dataset = z.strictObject({
  schema: AvroSchema,
  importMode: z
    .enum(["FULL", "INCREMENTAL"])
    .default("FULL")
    .describe("FULL: the folder is the whole history and replaces the dataset; INCREMENTAL: only new files are added"),
});

const Datasets = z
  .strictObject({
    interactions: Dataset,
    users: Dataset.optional(),
    items: Dataset.optional(),
    actions: Dataset.optional().describe("what may be proposed besides items: imported, not trained on here"),
    "action-interactions": Dataset.optional().describe("what users did with them"),
  })
  .superRefine((datasets, context) => {
    for (const type of datasetTypes) {
      const schema = datasets[type]?.schema;
      for (const message of schema ? schemaFaults(type, schema) : []) {
        context.addIssue({ code: "custom", path: [type, "schema"], message });
      }
    }
  });

export const DatasetGroup = z
  .strictObject({
    name: Name.refine((name) => name !== "outrank", '"outrank" is where the bucket keeps the pipeline\'s own objects'),
    datasets: Datasets,
    solutions: z.array(Solution).min(1).describe("each has its own campaign and its own contest"),
    domain: z
      .enum(["ECOMMERCE", "VIDEO_ON_DEMAND"])
      .optional()
      .describe("a domain group: its recommenders train themselves, beside the solutions that are gated here"),
    eventTracker: z.boolean().default(false).describe("make a tracker, through which events are streamed in"),
    schedule: Schedule.optional().describe("absent: no scheduled runs"),
    cadence: Cadence.prefault({}).describe("schedules of single stages"),
    quietPeriodSeconds: z.int().min(0).max(3600).default(120).describe("no upload for so long: the drop is complete"),
    deadlines: Deadlines.prefault({}),
    pollSeconds: PollSeconds.prefault({}),
    cleanup: Cleanup.prefault({}),
    retention: Retention.prefault({}),
    advice: Advice.prefault({}),
    alarms: Alarms.prefault({}),
    notifications: Notifications.prefault({}).describe("of this group, beside the project's"),
    tags: Tags.default({}).describe("beside the project's, and before them where both have a key"),
    dataChecks: DataChecks.prefault({}),
    dataQuality: DataQuality.prefault({}),
    preparation: Preparation.optional().describe("a Glue job that runs before the uploads are looked at"),
    followUp: FollowUp.prefault({}).describe("what is tended after the campaigns"),
  })
  .superRefine((group, context) => {
    for (const { path, message } of groupFaults(group)) context.addIssue({ code: "custom", path: [...path], message });
  });
export type DatasetGroup = z.infer<typeof DatasetGroup>;
