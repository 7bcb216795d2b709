/**
 * What surrounds the campaigns and is tended at the end of a run: filters, recommenders of a domain group, metric
 * attribution and batch jobs. Each is off unless it is named.
 */
import * as z from "zod";
import { Schedule } from "./schedule.ts";

/** Part of names and ARNs. */
const ShortName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,18}[a-z0-9]$/, "2 to 20 of a-z, 0-9 and -, beginning with a letter");
const stringMap = z.record(z.string(), z.string());

export const Filter = z.strictObject({
  name: ShortName,
  expression: z
    .string()
    .min(1)
    .max(2500)
    .describe("as CreateFilter takes it; a changed one replaces the filter, which is away for some minutes"),
});

const Recommender = z.strictObject({
  name: ShortName,
  recipe: z
    .string()
    .regex(/^aws-(ecomm|vod)-/, "a domain use case such as aws-ecomm-recommended-for-you")
    .describe("the domain's use case; it trains itself, outside the gate"),
  minRecommendationRequestsPerSecond: z.int().min(1).default(1).describe("the billing floor"),
  itemExplorationConfig: stringMap.optional(),
  enableMetadataWithRecommendations: z.boolean().optional(),
  state: z.enum(["ACTIVE", "INACTIVE"]).default("ACTIVE").describe("INACTIVE: stopped, and not billed"),
});

const AttributedMetric = z.strictObject({
  eventType: z.string().min(1),
  metricName: z.string().min(1).max(256),
  expression: z.string().min(1).describe("SUM(Interactions.COLUMN) or SAMPLECOUNT()"),
});

const MetricAttribution = z.strictObject({
  metrics: z.array(AttributedMetric).min(1).max(10),
  toBucket: z.boolean().default(false).describe("reports also as files under outrank/<group>/attribution/"),
});

const jobMembers = {
  name: ShortName.describe("its input lies under <group>/batch/<name>/, one JSON object a line"),
  numResults: z.int().min(1).max(500).default(25),
  filter: z.string().optional().describe("one of this group's filters"),
  when: z
    .enum(["promoted", "always"])
    .default("promoted")
    .describe("promoted: in runs that gave its solution a new version; always: in every run that trained"),
};
const BatchInference = z.strictObject({
  ...jobMembers,
  solution: z.string().describe("whose live version answers"),
  itemExplorationConfig: stringMap.optional(),
});
const BatchSegment = z.strictObject({
  ...jobMembers,
  recipe: z
    .enum(["aws-item-affinity", "aws-item-attribute-affinity"])
    .describe("trained beside the candidates; nothing compares it, so it is always used when it trained"),
  numResults: z.int().min(1).max(5_000_000).default(1000).describe("users in each segment"),
});

export const FollowUp = z.strictObject({
  filters: z.array(Filter).default([]).describe("created and waited for"),
  recommenders: z.array(Recommender).default([]).describe("only in a group with a domain"),
  metricAttribution: MetricAttribution.optional().describe(
    "what the recommendations brought, as the service counts it",
  ),
  batchInference: z.array(BatchInference).default([]),
  batchSegments: z.array(BatchSegment).default([]),
});
export type FollowUp = z.infer<typeof FollowUp>;

/** Each stage may have a schedule of its own; a run of one stage does nothing else. */
export const Cadence = z.strictObject({
  onUpload: z.enum(["retrain", "import"]).default("retrain").describe("what an upload starts"),
  import: Schedule.optional().describe("imports what is new"),
  train: Schedule.optional().describe("trains on what is imported, judges, promotes"),
  batch: Schedule.optional().describe("runs the batch jobs on the live versions"),
});
export type Cadence = z.infer<typeof Cadence>;
