/**
 * One dataset group as configured: what its data look like, which solutions compete for which campaign, when it runs and
 * how long each wait may take. Defaults are written once, here; a minimal group is a name, a schema and a solution.
 */
import * as z from "zod";
import { AvroSchema, datasetTypes, schemaFaults } from "./avro-schema.ts";
import { Cleanup, Retention } from "./cleanup.ts";
import { DataChecks } from "./data-checks.ts";
import { DecisionChoice } from "./decision-policy.ts";
import { comparableRecipes, whyNoCandidate } from "./recipes.ts";
import { Schedule } from "./schedule.ts";
import { Tags } from "./tags.ts";

/** Part of names, prefixes and ARNs: lower case, digits, hyphens. */
export const Name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/, "2 to 32 of a-z, 0-9 and -, beginning with a letter");

const stringMap = z.record(z.string(), z.string());

/** Passed through to CreateSolution as the API spells it. */
const SolutionConfig = z.strictObject({
  eventValueThreshold: z.string().optional(),
  algorithmHyperParameters: stringMap.optional(),
  featureTransformationParameters: stringMap.optional(),
  trainingDataConfig: z
    .strictObject({ excludedDatasetColumns: z.record(z.string(), z.array(z.string()).min(1)) })
    .optional(),
});

const Campaign = z.strictObject({
  name: Name.optional().describe("default: the solution's name"),
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
  keepVersions: z.int().min(1).default(3).describe("not acted on: Personalize deletes no single version; see retention"),
  smokeTest: z
    .strictObject({
      enabled: z.boolean().default(true).describe("ask the campaign for known users after each change"),
      userIds: z.array(z.string().min(1)).default([]).describe("default: the busiest users of the data"),
      minItems: z.int().min(1).default(1).describe("each of them must get so many items"),
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
  performAutoTraining: z.literal(false).default(false).describe("the service's own training would race ours (rule R5)"),
  config: SolutionConfig.default({}).describe("solutionConfig as CreateSolution takes it"),
  decision: DecisionChoice.prefault({}),
  campaign: Campaign.prefault({}),
  rollback: Rollback.prefault({}),
});
export type Solution = z.infer<typeof Solution>;

const Dataset = z.strictObject({ schema: AvroSchema });

const Datasets = z
  .strictObject({ interactions: Dataset, users: Dataset.optional(), items: Dataset.optional() })
  .superRefine((datasets, context) => {
    for (const type of datasetTypes) {
      const schema = datasets[type]?.schema;
      for (const message of schema ? schemaFaults(type, schema) : []) {
        context.addIssue({ code: "custom", path: [type, "schema"], message });
      }
    }
  });

/** How long each wait may take before the run fails, whatever its poll interval (rule R8). */
const Deadlines = z.strictObject({
  settleMinutes: z
    .number()
    .positive()
    .default(30)
    .describe("until uploads are quiet, at most; then the run takes what is there"),
  resourcesMinutes: z.number().positive().default(30).describe("until dataset group and datasets are ACTIVE"),
  importHours: z.number().positive().default(6).describe("for each import job"),
  trainingHours: z.number().positive().default(24).describe("for each solution version"),
  campaignHours: z.number().positive().default(2).describe("for a campaign to take a version"),
  cleanupHours: z.number().positive().default(4).describe("for a cleanup to take everything down"),
});

const PollSeconds = z.strictObject({
  resources: z.int().positive().default(15).describe("between two looks at a dataset group or dataset"),
  import: z.int().positive().default(120).describe("at an import job"),
  training: z.int().positive().default(300).describe("at a solution version"),
  campaign: z.int().positive().default(90).describe("at a campaign"),
  cleanup: z.int().positive().default(30).describe("at what a cleanup is deleting"),
});

export const DatasetGroup = z.strictObject({
  name: Name.refine((name) => name !== "outrank", '"outrank" is where the bucket keeps the pipeline\'s own objects'),
  datasets: Datasets,
  solutions: z.array(Solution).min(1).describe("each has its own campaign and its own contest"),
  schedule: Schedule.optional().describe("absent: no scheduled runs"),
  quietPeriodSeconds: z.int().min(0).max(3600).default(120).describe("no upload for so long: the drop is complete"),
  deadlines: Deadlines.prefault({}),
  pollSeconds: PollSeconds.prefault({}),
  cleanup: Cleanup.prefault({}),
  retention: Retention.prefault({}),
  tags: Tags.default({}).describe("beside the project's, and before them where both have a key"),
  dataChecks: DataChecks.prefault({}),
});
export type DatasetGroup = z.infer<typeof DatasetGroup>;
