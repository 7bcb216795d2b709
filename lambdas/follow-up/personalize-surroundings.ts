/** What surrounds the campaigns, as the reconciler sees it: absent is null, "exists already" is a success. */
import * as personalize from "@aws-sdk/client-personalize";
import type { RunBatchJob, RunFollowUp } from "../../pipeline/planning/run-follow-up.ts";
import type { Run } from "../../pipeline/planning/run.ts";
import type { SeenRecommender, SeenThing } from "../../pipeline/planning/tend.ts";
import { labels, orExists, orNull } from "../lib/personalize-answers.ts";

type Filter = RunFollowUp["filters"][number];
type Recommender = RunFollowUp["recommenders"][number];
type Attribution = NonNullable<RunFollowUp["metricAttribution"]>;

export interface Surroundings {
  filter(arn: string): Promise<(SeenThing & { readonly expression: string }) | null>;
  createFilter(filter: Filter, run: Run): Promise<void>;
  deleteFilter(arn: string): Promise<void>;
  recommender(arn: string): Promise<SeenRecommender | null>;
  createRecommender(recommender: Recommender, run: Run): Promise<void>;
  updateRecommender(recommender: Recommender): Promise<void>;
  startRecommender(arn: string): Promise<void>;
  stopRecommender(arn: string): Promise<void>;
  metricAttribution(arn: string): Promise<SeenThing | null>;
  createMetricAttribution(attribution: Attribution, run: Run): Promise<void>;
  /** Adds, removes and replaces metrics until they are those that are wanted; nothing when they are. */
  matchAttributedMetrics(attribution: Attribution): Promise<void>;
  liveVersion(campaignArn: string): Promise<string | null>;
  batchJob(job: RunBatchJob): Promise<SeenThing | null>;
  createBatchJob(job: RunBatchJob, solutionVersionArn: string, run: Run): Promise<void>;
}

type Client = personalize.PersonalizeClient;

const filters = (client: Client): Pick<Surroundings, "filter" | "createFilter" | "deleteFilter"> => ({
  async filter(filterArn) {
    const found = await orNull(client.send(new personalize.DescribeFilterCommand({ filterArn })));
    if (found === null) return null;
    const { status = "", failureReason, filterExpression: expression = "" } = found.filter ?? {};
    return { status, failureReason, expression };
  },
  async createFilter({ name, expression: filterExpression }, { datasetGroupArn, tags }) {
    const request = { name, filterExpression, datasetGroupArn, ...labels(tags) };
    await orExists(client.send(new personalize.CreateFilterCommand(request)));
  },
  async deleteFilter(filterArn) {
    await client.send(new personalize.DeleteFilterCommand({ filterArn }));
  },
});

const recommenders = (
  client: Client,
): Pick<
  Surroundings,
  "recommender" | "createRecommender" | "updateRecommender" | "startRecommender" | "stopRecommender"
> => ({
  async recommender(recommenderArn) {
    const found = await orNull(client.send(new personalize.DescribeRecommenderCommand({ recommenderArn })));
    if (found === null) return null;
    const {
      status = "",
      failureReason,
      recommenderConfig = {},
      latestRecommenderUpdate: update,
    } = found.recommender ?? {};
    return {
      ...{ status, failureReason, config: { ...recommenderConfig } },
      update: update ? { status: update.status ?? "", failureReason: update.failureReason } : null,
    };
  },
  async createRecommender({ name, recipeArn, config }, { datasetGroupArn, tags }) {
    const request = { name, recipeArn, datasetGroupArn, recommenderConfig: config, ...labels(tags) };
    await orExists(client.send(new personalize.CreateRecommenderCommand(request)));
  },
  async updateRecommender({ arn: recommenderArn, config: recommenderConfig }) {
    await client.send(new personalize.UpdateRecommenderCommand({ recommenderArn, recommenderConfig }));
  },
  async startRecommender(recommenderArn) {
    await client.send(new personalize.StartRecommenderCommand({ recommenderArn }));
  },
  async stopRecommender(recommenderArn) {
    await client.send(new personalize.StopRecommenderCommand({ recommenderArn }));
  },
});

async function attributedMetrics(client: Client, metricAttributionArn: string): Promise<Attribution["metrics"]> {
  const found: Attribution["metrics"] = [];
  for await (const page of personalize.paginateListMetricAttributionMetrics({ client }, { metricAttributionArn })) {
    for (const { eventType = "", metricName = "", expression = "" } of page.metrics ?? []) {
      found.push({ eventType, metricName, expression });
    }
  }
  return found;
}

const attribution = (
  client: Client,
): Pick<Surroundings, "metricAttribution" | "createMetricAttribution" | "matchAttributedMetrics"> => ({
  async metricAttribution(metricAttributionArn) {
    const request = new personalize.DescribeMetricAttributionCommand({ metricAttributionArn });
    const found = (await orNull(client.send(request)))?.metricAttribution;
    return found ? { status: found.status ?? "", failureReason: found.failureReason } : null;
  },
  async createMetricAttribution({ name, metrics, path }, { datasetGroupArn, importRoleArn: roleArn }) {
    const metricsOutputConfig = { roleArn, ...(path === null ? {} : { s3DataDestination: { path } }) };
    const request = { name, datasetGroupArn, metrics, metricsOutputConfig };
    await orExists(client.send(new personalize.CreateMetricAttributionCommand(request)));
  },
  async matchAttributedMetrics({ arn: metricAttributionArn, metrics }) {
    const before = await attributedMetrics(client, metricAttributionArn);
    const text = (metric: Attribution["metrics"][number]) =>
      JSON.stringify([metric.eventType, metric.metricName, metric.expression]);
    const [had, wants] = [new Set(before.map(text)), new Set(metrics.map(text))];
    const addMetrics = metrics.filter((metric) => !had.has(text(metric)));
    const removeMetrics = before.filter((metric) => !wants.has(text(metric))).map(({ metricName }) => metricName);
    if (addMetrics.length + removeMetrics.length === 0) return;
    const request = { metricAttributionArn, addMetrics, removeMetrics };
    await client.send(new personalize.UpdateMetricAttributionCommand(request));
  },
});

const jobs = (client: Client): Pick<Surroundings, "liveVersion" | "batchJob" | "createBatchJob"> => ({
  async liveVersion(campaignArn) {
    const found = await orNull(client.send(new personalize.DescribeCampaignCommand({ campaignArn })));
    return found?.campaign?.solutionVersionArn ?? null;
  },
  async batchJob({ kind, arn }) {
    if (kind === "segment") {
      const request = new personalize.DescribeBatchSegmentJobCommand({ batchSegmentJobArn: arn });
      const found = (await orNull(client.send(request)))?.batchSegmentJob;
      return found ? { status: found.status ?? "", failureReason: found.failureReason } : null;
    }
    const request = new personalize.DescribeBatchInferenceJobCommand({ batchInferenceJobArn: arn });
    const found = (await orNull(client.send(request)))?.batchInferenceJob;
    return found ? { status: found.status ?? "", failureReason: found.failureReason } : null;
  },
  async createBatchJob(job, solutionVersionArn, { importRoleArn: roleArn, tags }) {
    const request = {
      ...{ jobName: job.name, solutionVersionArn, roleArn, numResults: job.numResults, ...labels(tags) },
      jobInput: { s3DataSource: { path: job.input } },
      jobOutput: { s3DataDestination: { path: job.output } },
      ...(job.filterArn === null ? {} : { filterArn: job.filterArn }),
    };
    const { itemExplorationConfig } = job;
    const settings = itemExplorationConfig === null ? {} : { batchInferenceJobConfig: { itemExplorationConfig } };
    await orExists(
      job.kind === "segment"
        ? client.send(new personalize.CreateBatchSegmentJobCommand(request))
        : client.send(new personalize.CreateBatchInferenceJobCommand({ ...request, ...settings })),
    );
  },
});

export const makeSurroundings = (client: Client): Surroundings => ({
  ...filters(client),
  ...recommenders(client),
  ...attribution(client),
  ...jobs(client),
});
