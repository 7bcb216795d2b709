/**
 * All that lies in a dataset group, through every page of every list, as the domain wants it. A list whose parent has
 * gone in the meantime is empty.
 */
import {
  DescribeDatasetGroupCommand,
  ListBatchInferenceJobsCommand,
  ListBatchSegmentJobsCommand,
  ListCampaignsCommand,
  ListDataDeletionJobsCommand,
  ListDatasetExportJobsCommand,
  ListDatasetImportJobsCommand,
  ListDatasetsCommand,
  ListEventTrackersCommand,
  ListFiltersCommand,
  ListMetricAttributionsCommand,
  ListRecommendersCommand,
  ListSchemasCommand,
  ListSolutionsCommand,
  ListSolutionVersionsCommand,
  type PersonalizeClient,
} from "@aws-sdk/client-personalize";
import type { Found, Kind, Work } from "../../pipeline/cleanup/found.ts";
import { isOurSchema } from "../../pipeline/cleanup/ownership.ts";

export type LookAtTheGroup = (group: { readonly datasetGroupArn: string; readonly prefix: string }) => Promise<Found[]>;

/** The members that summaries of all kinds share. */
interface Summary {
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly failureReason?: string | undefined;
  readonly creationDateTime?: Date | undefined;
}

/** One page's items, whatever the list calls them. */
interface Page<T> {
  readonly nextToken?: string | undefined;
  readonly items: readonly T[] | undefined;
}

const isGone = (error: unknown): boolean => error instanceof Error && error.name === "ResourceNotFoundException";

/** ListDataDeletionJobs has no paginator in the SDK, and ListFilters another result key: all lists go through here. */
async function all<T>(page: (nextToken: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let token: string | undefined;
  try {
    do {
      const answer = await page(token);
      items.push(...(answer.items ?? []));
      token = answer.nextToken;
    } while (token !== undefined);
  } catch (error) {
    if (!isGone(error)) throw error;
    return [];
  }
  return items;
}

const tail = (arn: string): string => arn.slice(arn.indexOf("/") + 1);

function found(kind: Kind, arn: string | undefined, summary: Summary, more: Partial<Found> = {}): Found {
  const { name, status = "ACTIVE", failureReason = null, creationDateTime } = summary;
  return {
    ...{ kind, name: name ?? tail(arn ?? ""), arn: arn ?? "", status, failureReason },
    ...{ work: [], solutionArn: null, usedAt: creationDateTime?.getTime() ?? 0 },
    ...more,
  };
}

const underWay = ["CREATE PENDING", "CREATE IN_PROGRESS", "CREATE STOPPING", "PENDING", "IN PROGRESS", "IN_PROGRESS"];

/** Jobs cannot be deleted, only waited for. */
function workOf<T>(jobs: readonly T[], noun: string, of: (job: T) => Summary): Work[] {
  return jobs
    .map(of)
    .filter(({ status = "" }) => underWay.includes(status))
    .map(({ name = "", status = "" }) => ({ what: `${noun} ${name}`, status, stoppable: null }));
}

export function makeLookAtTheGroup(client: PersonalizeClient): LookAtTheGroup {
  return async ({ datasetGroupArn, prefix }) => {
    const schemas = await ourSchemas(client, prefix);
    const group = await datasetGroup(client, datasetGroupArn);
    if (group === null) return schemas;
    const lists = [satellites, solutionsAndCampaigns, datasets];
    const parts = await Promise.all(lists.map((list) => list(client, datasetGroupArn)));
    return [...parts.flat(), ...schemas, group];
  };
}

async function datasetGroup(client: PersonalizeClient, datasetGroupArn: string): Promise<Found | null> {
  try {
    const { datasetGroup: group } = await client.send(new DescribeDatasetGroupCommand({ datasetGroupArn }));
    return group === undefined ? null : found("dataset group", datasetGroupArn, group);
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** A schema belongs to no group, so it is known by its name alone. */
async function ourSchemas(client: PersonalizeClient, prefix: string): Promise<Found[]> {
  const schemas = await all(async (nextToken) => {
    const page = await client.send(new ListSchemasCommand({ nextToken }));
    return { ...page, items: page.schemas };
  });
  return schemas
    .filter(({ name = "" }) => isOurSchema(name, prefix))
    .map((schema) => found("schema", schema.schemaArn, schema));
}

/** What stands beside the solutions. */
async function satellites(client: PersonalizeClient, datasetGroupArn: string): Promise<Found[]> {
  const [recommenders, trackers, filters, attributions] = await Promise.all([
    all(async (nextToken) => {
      const page = await client.send(new ListRecommendersCommand({ datasetGroupArn, nextToken }));
      return { ...page, items: page.recommenders };
    }),
    all(async (nextToken) => {
      const page = await client.send(new ListEventTrackersCommand({ datasetGroupArn, nextToken }));
      return { ...page, items: page.eventTrackers };
    }),
    all(async (nextToken) => {
      const page = await client.send(new ListFiltersCommand({ datasetGroupArn, nextToken }));
      return { ...page, items: page.Filters };
    }),
    all(async (nextToken) => {
      const page = await client.send(new ListMetricAttributionsCommand({ datasetGroupArn, nextToken }));
      return { ...page, items: page.metricAttributions };
    }),
  ]);
  return [
    ...recommenders.map((recommender) => found("recommender", recommender.recommenderArn, recommender)),
    ...trackers.map((tracker) => found("event tracker", tracker.eventTrackerArn, tracker)),
    ...filters.map((filter) => found("filter", filter.filterArn, filter)),
    ...attributions.map((one) => found("metric attribution", one.metricAttributionArn, one)),
  ];
}

async function solutionsAndCampaigns(client: PersonalizeClient, datasetGroupArn: string): Promise<Found[]> {
  const solutions = await all(async (nextToken) => {
    const page = await client.send(new ListSolutionsCommand({ datasetGroupArn, nextToken }));
    return { ...page, items: page.solutions };
  });
  const jobs = solutions.length === 0 ? [] : await batchJobs(client);
  const parts = await Promise.all(
    solutions.map(async ({ solutionArn = "", ...solution }) => {
      const [campaigns, versions] = await Promise.all([
        campaignsOf(client, solutionArn),
        versionsOf(client, solutionArn),
      ]);
      const born = versions.map(({ creationDateTime }) => creationDateTime?.getTime() ?? 0);
      const mine = jobs.filter(({ solutionVersionArn = "" }) => solutionVersionArn.startsWith(`${solutionArn}/`));
      const work = [...trainings(versions), ...workOf(mine, "batch job", (job) => ({ ...job, name: job.jobName }))];
      const usedAt = Math.max(...born, solution.creationDateTime?.getTime() ?? 0);
      return [...campaigns, found("solution", solutionArn, solution, { work, usedAt })];
    }),
  );
  return parts.flat();
}

async function campaignsOf(client: PersonalizeClient, solutionArn: string): Promise<Found[]> {
  const campaigns = await all(async (nextToken) => {
    const page = await client.send(new ListCampaignsCommand({ solutionArn, nextToken }));
    return { ...page, items: page.campaigns };
  });
  return campaigns.map((campaign) => found("campaign", campaign.campaignArn, campaign, { solutionArn }));
}

const versionsOf = (client: PersonalizeClient, solutionArn: string) =>
  all(async (nextToken) => {
    const page = await client.send(new ListSolutionVersionsCommand({ solutionArn, nextToken }));
    return { ...page, items: page.solutionVersions };
  });

const trainings = (versions: Awaited<ReturnType<typeof versionsOf>>): Work[] =>
  versions
    .filter(({ status = "" }) => underWay.includes(status))
    .map(({ solutionVersionArn: stoppable = "", status = "" }) => ({
      what: `training ${tail(stoppable)}`,
      ...{ status, stoppable },
    }));

/** Of the whole account: asking for each version would be more calls, for years of versions. */
async function batchJobs(client: PersonalizeClient) {
  const [inference, segment] = await Promise.all([
    all(async (nextToken) => {
      const page = await client.send(new ListBatchInferenceJobsCommand({ nextToken }));
      return { ...page, items: page.batchInferenceJobs };
    }),
    all(async (nextToken) => {
      const page = await client.send(new ListBatchSegmentJobsCommand({ nextToken }));
      return { ...page, items: page.batchSegmentJobs };
    }),
  ]);
  return [...inference, ...segment];
}

async function datasets(client: PersonalizeClient, datasetGroupArn: string): Promise<Found[]> {
  const [sets, deletions] = await Promise.all([
    all(async (nextToken) => {
      const page = await client.send(new ListDatasetsCommand({ datasetGroupArn, nextToken }));
      return { ...page, items: page.datasets };
    }),
    all(async (nextToken) => {
      const page = await client.send(new ListDataDeletionJobsCommand({ datasetGroupArn, nextToken }));
      return { ...page, items: page.dataDeletionJobs };
    }),
  ]);
  const deleting = workOf(deletions, "data deletion job", (job) => ({ ...job, name: job.jobName }));
  return Promise.all(
    sets.map(async ({ datasetArn = "", ...dataset }) => {
      const jobs = await jobsOf(client, datasetArn);
      return found("dataset", datasetArn, dataset, { work: [...jobs, ...deleting] });
    }),
  );
}

async function jobsOf(client: PersonalizeClient, datasetArn: string): Promise<Work[]> {
  const [imports, exports] = await Promise.all([
    all(async (nextToken) => {
      const page = await client.send(new ListDatasetImportJobsCommand({ datasetArn, nextToken }));
      return { ...page, items: page.datasetImportJobs };
    }),
    all(async (nextToken) => {
      const page = await client.send(new ListDatasetExportJobsCommand({ datasetArn, nextToken }));
      return { ...page, items: page.datasetExportJobs };
    }),
  ]);
  return [
    ...workOf(imports, "import job", (job) => ({ ...job, name: job.jobName })),
    ...workOf(exports, "export job", (job) => ({ ...job, name: job.jobName })),
  ];
}
