/** What a run tends after its campaigns: the configuration's wishes with the names and ARNs that they have in Personalize. */
import * as z from "zod";
import type { DatasetGroup } from "../config/dataset-group.ts";
import { batchInputKey, batchOutputPrefix, attributionPrefix } from "../naming/bucket-layout.ts";
import { personalizeArn, type Place, recipeArn, shortRunId } from "../naming/names.ts";

const RunFilter = z.object({ name: z.string(), arn: z.string(), expression: z.string() });
const RunRecommender = z.object({
  name: z.string(),
  arn: z.string(),
  recipeArn: z.string(),
  config: z.record(z.string(), z.unknown()),
  state: z.enum(["ACTIVE", "INACTIVE"]),
});
const RunMetricAttribution = z.object({
  name: z.string(),
  arn: z.string(),
  metrics: z.array(z.object({ eventType: z.string(), metricName: z.string(), expression: z.string() })),
  path: z.string().nullable(),
});
export const RunBatchJob = z.object({
  kind: z.enum(["inference", "segment"]),
  name: z.string(),
  arn: z.string(),
  /** Of inference: the contest whose live version answers. Of segments: the training that is used. */
  source: z.string(),
  when: z.enum(["promoted", "always"]),
  input: z.string(),
  output: z.string(),
  numResults: z.number(),
  filterArn: z.string().nullable(),
  itemExplorationConfig: z.record(z.string(), z.string()).nullable(),
});
export type RunBatchJob = z.infer<typeof RunBatchJob>;

export const RunFollowUp = z.object({
  filters: z.array(RunFilter),
  recommenders: z.array(RunRecommender),
  metricAttribution: RunMetricAttribution.nullable(),
  jobs: z.array(RunBatchJob),
});
export type RunFollowUp = z.infer<typeof RunFollowUp>;

export const nothingToFollow: RunFollowUp = { filters: [], recommenders: [], metricAttribution: null, jobs: [] };

interface Naming {
  readonly prefix: string;
  readonly place: Place;
  readonly runId: string;
  readonly bucket: string;
}

/** What a segment's training is called within the run; no solution can have this name, because of the dot. */
export const segmentKey = (name: string): string => `segment.${name}`;

type Batch = DatasetGroup["followUp"]["batchInference"][number] | DatasetGroup["followUp"]["batchSegments"][number];

function batchJob(group: DatasetGroup, batch: Batch, { prefix, place, runId, bucket }: Naming): RunBatchJob {
  const isInference = "solution" in batch;
  const name = `${prefix}-${batch.name}-${shortRunId(runId)}`;
  const kind = isInference ? "batch-inference-job" : "batch-segment-job";
  return {
    kind: isInference ? "inference" : "segment",
    name,
    arn: personalizeArn(place, kind, name),
    source: isInference ? batch.solution : segmentKey(batch.name),
    when: batch.when,
    input: `s3://${bucket}/${batchInputKey(group.name, batch.name)}`,
    output: `s3://${bucket}/${batchOutputPrefix(group.name, batch.name, runId)}`,
    numResults: batch.numResults,
    filterArn: batch.filter === undefined ? null : personalizeArn(place, "filter", `${prefix}-${batch.filter}`),
    itemExplorationConfig: (isInference && batch.itemExplorationConfig) || null,
  };
}

export function planFollowUp(group: DatasetGroup, naming: Naming): RunFollowUp {
  const { prefix, place, bucket } = naming;
  const { filters, recommenders, metricAttribution, batchInference, batchSegments } = group.followUp;
  const named = (kind: string, name: string) => ({
    name: `${prefix}-${name}`,
    arn: personalizeArn(place, kind, `${prefix}-${name}`),
  });
  return {
    filters: filters.map(({ name, expression }) => ({ ...named("filter", name), expression })),
    recommenders: recommenders.map(({ name, recipe, state, ...config }) => ({
      ...named("recommender", name),
      recipeArn: recipeArn(place, recipe),
      config,
      state,
    })),
    metricAttribution:
      metricAttribution === undefined
        ? null
        : {
            ...{ name: prefix, arn: personalizeArn(place, "metric-attribution", prefix) },
            metrics: metricAttribution.metrics,
            path: metricAttribution.toBucket ? `s3://${bucket}/${attributionPrefix(group.name)}` : null,
          },
    jobs: [...batchInference, ...batchSegments].map((batch) => batchJob(group, batch, naming)),
  };
}
