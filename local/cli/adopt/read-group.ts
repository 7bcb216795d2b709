/**
 * Reads all of a dataset group through the Personalize API, in the shape of a parameter file of the AWS Solution: its
 * members are the API's requests, so that one converter serves both. Reads only.
 */
import {
  DescribeCampaignCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeFilterCommand,
  DescribeRecommenderCommand,
  DescribeSchemaCommand,
  DescribeSolutionCommand,
  ListTagsForResourceCommand,
  paginateListCampaigns,
  paginateListDatasetGroups,
  paginateListDatasets,
  paginateListEventTrackers,
  paginateListFilters,
  paginateListRecommenders,
  paginateListSolutions,
  type PersonalizeClient,
} from "@aws-sdk/client-personalize";
import { CommandFailure } from "../command.ts";

type Json = Readonly<Record<string, unknown>>;

export interface ReadGroup {
  readonly parameters: Json;
  /** Path in `parameters` -> what a person calls the thing, e.g. `solution films`. */
  readonly labels: ReadonlyMap<string, string>;
}

/** All of a paginated list. */
async function all<Page, Entry>(
  pages: AsyncIterable<Page>,
  entries: (page: Page) => Entry[] | undefined,
): Promise<Entry[]> {
  const found: Entry[] = [];
  for await (const page of pages) found.push(...(entries(page) ?? []));
  return found;
}

/** @param wanted an ARN, or a name. @throws CommandFailure naming the groups that there are */
async function groupArn(client: PersonalizeClient, wanted: string): Promise<string> {
  if (wanted.startsWith("arn:")) return wanted;
  const groups = await all(paginateListDatasetGroups({ client }, {}), (page) => page.datasetGroups);
  const found = groups.find(({ name }) => name === wanted)?.datasetGroupArn;
  if (found !== undefined) return found;
  const names = groups.map(({ name }) => name).join(", ") || "none";
  throw new CommandFailure(`There is no dataset group "${wanted}" in this account and region. There are: ${names}`);
}

export async function readGroup(client: PersonalizeClient, wanted: string): Promise<ReadGroup> {
  const datasetGroupArn = await groupArn(client, wanted);
  const { datasetGroup } = await client.send(new DescribeDatasetGroupCommand({ datasetGroupArn }));
  const { name, domain, roleArn, kmsKeyArn } = datasetGroup ?? {};
  const labels = new Map([["$.datasetGroup", `dataset group ${name}`]]);
  const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn: datasetGroupArn }));
  const trackers = await all(paginateListEventTrackers({ client }, { datasetGroupArn }), (page) => page.eventTrackers);
  if (trackers[0]) labels.set("$.eventTracker", `event tracker ${trackers[0].name}`);
  const parameters = {
    datasetGroup: { serviceConfig: { name, domain, roleArn, kmsKeyArn, ...(tags?.length ? { tags } : {}) } },
    datasets: await readDatasets(client, datasetGroupArn, labels),
    solutions: await readSolutions(client, datasetGroupArn, labels),
    filters: await readFilters(client, datasetGroupArn, labels),
    recommenders: await readRecommenders(client, datasetGroupArn, labels),
    ...(trackers[0] ? { eventTracker: { serviceConfig: { name: trackers[0].name } } } : {}),
  };
  return { parameters, labels };
}

type Labels = Map<string, string>;

async function readDatasets(client: PersonalizeClient, datasetGroupArn: string, labels: Labels): Promise<Json> {
  const found = await all(paginateListDatasets({ client }, { datasetGroupArn }), (page) => page.datasets);
  const read = found.map(async ({ datasetArn, datasetType = "", name }) => {
    const { dataset } = await client.send(new DescribeDatasetCommand({ datasetArn }));
    const { schema } = await client.send(new DescribeSchemaCommand({ schemaArn: dataset?.schemaArn }));
    const type = datasetType.toLowerCase();
    labels.set(`$.datasets.${type}`, `dataset ${name}`).set(`$.datasets.${type}.schema`, `schema ${schema?.name}`);
    const described = { name: schema?.name, schema: schema?.schema };
    return [type, { dataset: { serviceConfig: { name } }, schema: { serviceConfig: described } }] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

async function readSolutions(client: PersonalizeClient, datasetGroupArn: string, labels: Labels): Promise<Json[]> {
  const found = await all(paginateListSolutions({ client }, { datasetGroupArn }), (page) => page.solutions);
  return Promise.all(
    found.map(async ({ solutionArn, name }, at) => {
      labels.set(`$.solutions[${at}]`, `solution ${name}`);
      const { solution } = await client.send(new DescribeSolutionCommand({ solutionArn }));
      const { recipeArn, performHPO, performAutoML, performAutoTraining, eventType, solutionConfig } = solution ?? {};
      return {
        serviceConfig: {
          ...{ name, recipeArn, eventType, solutionConfig },
          // False says nothing that would have to be carried over.
          ...onlyTrue({ performHPO, performAutoML, performAutoTraining }),
        },
        campaigns: await readCampaigns(client, solutionArn, `$.solutions[${at}]`, labels),
      };
    }),
  );
}

const onlyTrue = (flags: Readonly<Record<string, boolean | undefined>>): Json =>
  Object.fromEntries(Object.entries(flags).filter(([, flag]) => flag === true));

async function readCampaigns(
  client: PersonalizeClient,
  solutionArn: string | undefined,
  path: string,
  labels: Labels,
): Promise<Json[]> {
  const found = await all(paginateListCampaigns({ client }, { solutionArn }), (page) => page.campaigns);
  return Promise.all(
    found.map(async ({ campaignArn, name }, at) => {
      labels.set(`${path}.campaigns[${at}]`, `campaign ${name}`);
      const { campaign } = await client.send(new DescribeCampaignCommand({ campaignArn }));
      const { minProvisionedTPS, campaignConfig } = campaign ?? {};
      const { syncWithLatestSolutionVersion: follows, ...config } = campaignConfig ?? {};
      return {
        serviceConfig: {
          ...{ name, minProvisionedTPS },
          campaignConfig: { ...config, ...onlyTrue({ syncWithLatestSolutionVersion: follows }) },
        },
      };
    }),
  );
}

async function readFilters(client: PersonalizeClient, datasetGroupArn: string, labels: Labels): Promise<Json[]> {
  const found = await all(paginateListFilters({ client }, { datasetGroupArn }), (page) => page.Filters);
  return Promise.all(
    found.map(async ({ filterArn, name }, at) => {
      labels.set(`$.filters[${at}]`, `filter ${name}`);
      const { filter } = await client.send(new DescribeFilterCommand({ filterArn }));
      return { serviceConfig: { name, filterExpression: filter?.filterExpression } };
    }),
  );
}

async function readRecommenders(client: PersonalizeClient, datasetGroupArn: string, labels: Labels): Promise<Json[]> {
  const found = await all(paginateListRecommenders({ client }, { datasetGroupArn }), (page) => page.recommenders);
  return Promise.all(
    found.map(async ({ recommenderArn, name }, at) => {
      labels.set(`$.recommenders[${at}]`, `recommender ${name}`);
      const { recommender } = await client.send(new DescribeRecommenderCommand({ recommenderArn }));
      const { recipeArn, recommenderConfig } = recommender ?? {};
      return { serviceConfig: { name, recipeArn, recommenderConfig } };
    }),
  );
}
