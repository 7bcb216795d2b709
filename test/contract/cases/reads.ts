/** What only reads: the Describe and List operations, by table, since they differ in names alone. */
import { expect } from "@jest/globals";
import { type Cases, type Contract, costly, type OperationContract, withRecipe } from "../contract.ts";
import type { Fixtures } from "../world/fixtures.ts";
import type { World } from "../world/world.ts";

interface Described {
  readonly noun: string;
  readonly segment: string;
  readonly make: (have: Fixtures) => Promise<string>;
  /** Members that every answer has. */
  readonly has: readonly string[];
  readonly costs?: true;
  readonly recipe?: string;
}

const dates = ["creationDateTime", "lastUpdatedDateTime"];
const job = ["jobName", "status", "roleArn", ...dates];

const described: readonly Described[] = [
  { noun: "DatasetGroup", segment: "dataset-group", make: (have) => have.group(), has: ["name", "status", ...dates] },
  { noun: "Schema", segment: "schema", make: (have) => have.schema("Items"), has: ["name", "schema", ...dates] },
  {
    ...{ noun: "Dataset", segment: "dataset", make: (have) => have.items() },
    has: ["name", "datasetGroupArn", "datasetType", "schemaArn", "status", ...dates],
  },
  {
    ...{ noun: "DatasetImportJob", segment: "dataset-import-job", make: (have) => have.importJob(), costs: true },
    has: [...job, "datasetArn", "dataSource", "importMode"],
  },
  {
    ...{ noun: "DatasetExportJob", segment: "dataset-export-job", make: (have) => have.exportJob(), costs: true },
    has: [...job, "datasetArn", "ingestionMode", "jobOutput"],
  },
  {
    ...{ noun: "DataDeletionJob", segment: "data-deletion-job", make: (have) => have.deletionJob(), costs: true },
    has: [...job, "datasetGroupArn", "dataSource", "numDeleted"],
  },
  {
    ...{ noun: "EventTracker", segment: "event-tracker" },
    make: async (have) => (await have.tracker()).eventTrackerArn,
    has: ["name", "accountId", "trackingId", "datasetGroupArn", "status", ...dates],
  },
  {
    ...{ noun: "Filter", segment: "filter", make: (have) => have.filter() },
    has: ["name", "datasetGroupArn", "filterExpression", "status", ...dates],
  },
  {
    ...{ noun: "Solution", segment: "solution", make: (have) => have.solution() },
    has: [
      ...["name", "performHPO", "performAutoML", "performAutoTraining", "recipeArn", "datasetGroupArn"],
      ...["solutionConfig", "status", ...dates],
    ],
  },
  {
    ...{ noun: "SolutionVersion", segment: "solution", make: (have) => have.version(), costs: true },
    has: [
      ...["name", "solutionArn", "recipeArn", "datasetGroupArn", "performHPO", "performAutoML", "solutionConfig"],
      ...["trainingHours", "trainingMode", "trainingType", "status", ...dates],
    ],
  },
  {
    ...{ noun: "Campaign", segment: "campaign", make: (have) => have.campaign(), costs: true },
    has: ["name", "solutionVersionArn", "minProvisionedTPS", "status", ...dates],
  },
  {
    ...{ noun: "Recommender", segment: "recommender", make: (have) => have.recommender(), costs: true },
    has: ["name", "datasetGroupArn", "recipeArn", "recommenderConfig", "modelMetrics", "status", ...dates],
  },
  {
    ...{ noun: "MetricAttribution", segment: "metric-attribution", make: (have) => have.attribution() },
    has: ["name", "datasetGroupArn", "metricsOutputConfig", "status", ...dates],
  },
  {
    ...{ noun: "BatchInferenceJob", segment: "batch-inference-job", make: (have) => have.batchJob(), costs: true },
    has: [...job, "solutionVersionArn", "jobInput", "jobOutput", "batchInferenceJobMode"],
  },
];

const lowered = (noun: string) => noun.charAt(0).toLowerCase() + noun.slice(1);

/** Malformed, and well-formed of nothing. */
const refusalsOf = (
  operation: string,
  member: string,
  absent: (world: World) => string,
): OperationContract["refuses"] => ({
  InvalidInputException: {
    "what is no ARN": (world) => world.call(operation, { [member]: "no-arn" }),
    nothing: (world) => world.call(operation, {}),
  },
  ResourceNotFoundException: {
    "one that is not there": (world) => world.call(operation, { [member]: absent(world) }),
  },
});

function describing({ noun, segment, make, has, costs }: Described): [string, OperationContract] {
  const [operation, member] = [`Describe${noun}`, `${lowered(noun)}Arn`];
  const tail = noun === "SolutionVersion" ? "absent/00000000" : noun === "Dataset" ? "absent/ITEMS" : "absent";
  const run = async (world: World) => {
    const arn = await make(world.have);
    const answer = await world.call(operation, { [member]: arn });
    const resource = answer[lowered(noun)];
    expect(resource[member]).toBe(arn);
    expect(Object.keys(resource)).toEqual(expect.arrayContaining([...has]));
  };
  return [
    operation,
    {
      succeeds: { "answers every member that has a value": costs ? costly(run) : run },
      refuses: refusalsOf(operation, member, (world) => world.arn(`${segment}/${tail}`)),
    },
  ];
}

/** What the service itself brings: without region and account. */
const own = (noun: string, name: string, has: readonly string[]): [string, OperationContract] => {
  const [operation, member] = [`Describe${noun}`, `${lowered(noun)}Arn`];
  const segment = noun === "FeatureTransformation" ? "feature-transformation" : lowered(noun);
  const arnOf = (tail: string) => `arn:aws:personalize:::${segment}/${tail}`;
  return [
    operation,
    {
      succeeds: {
        "answers every member that has a value": async (world) => {
          const resource = (await world.call(operation, { [member]: arnOf(name) }))[lowered(noun)];
          expect(resource).toMatchObject({ name, [member]: arnOf(name) });
          expect(Object.keys(resource)).toEqual(expect.arrayContaining([...has]));
        },
      },
      refuses: refusalsOf(operation, member, () => arnOf("absent")),
    },
  ];
};

const segmentJob: [string, OperationContract] = [
  "DescribeBatchSegmentJob",
  {
    succeeds: {
      "answers every member that has a value": withRecipe("aws-item-affinity", async (world) => {
        await world.upload("batch/one.json", '{"itemId":"i1"}\n');
        const made = await world.settle("CreateBatchSegmentJob", {
          ...{ jobName: world.name(), roleArn: world.roleArn },
          solutionVersionArn: await world.have.versionOf("aws-item-affinity"),
          jobInput: { s3DataSource: { path: `s3://${world.bucket}/batch/one.json` } },
          jobOutput: { s3DataDestination: { path: `s3://${world.bucket}/out/` } },
        });
        const { batchSegmentJob } = await world.call("DescribeBatchSegmentJob", made);
        const members = [...job, "solutionVersionArn", "jobInput", "jobOutput"];
        expect(Object.keys(batchSegmentJob)).toEqual(expect.arrayContaining(members));
      }),
    },
    refuses: refusalsOf("DescribeBatchSegmentJob", "batchSegmentJobArn", (world) =>
      world.arn("batch-segment-job/absent"),
    ),
  },
];

export const describes: Contract = Object.fromEntries([
  ...described.map(describing),
  segmentJob,
  own("Recipe", "aws-user-personalization", [
    ...["algorithmArn", "featureTransformationArn", "status", "description", "recipeType", ...dates],
  ]),
  own("Algorithm", "aws-hrnn", [
    ...[
      "defaultHyperParameters",
      "defaultHyperParameterRanges",
      "defaultResourceConfig",
      "trainingInputMode",
      ...dates,
    ],
  ]),
  own("FeatureTransformation", "JSON-percentile-filtering", ["defaultParameters", "status", ...dates]),
]);

interface Listed {
  readonly operation: string;
  /** Result key. */
  readonly key: string;
  /** Filter, where there is one. */
  readonly by?: string;
  /** Makes at least one entry, and answers what to filter by. */
  readonly make: (world: World) => Promise<string | undefined>;
  readonly costs?: true;
}

const ofGroup = (make: (have: Fixtures) => Promise<unknown>) => async (world: World) => {
  await make(world.have);
  return world.have.group();
};

const lists: readonly Listed[] = [
  { operation: "ListDatasetGroups", key: "datasetGroups", make: ofGroup((have) => have.group()) },
  { operation: "ListSchemas", key: "schemas", make: ofGroup((have) => have.schema("Items")) },
  { operation: "ListRecipes", key: "recipes", make: async () => undefined },
  { operation: "ListDatasets", key: "datasets", by: "datasetGroupArn", make: ofGroup((have) => have.items()) },
  {
    operation: "ListEventTrackers",
    key: "eventTrackers",
    by: "datasetGroupArn",
    make: ofGroup((have) => have.tracker()),
  },
  { operation: "ListFilters", key: "Filters", by: "datasetGroupArn", make: ofGroup((have) => have.filter()) },
  { operation: "ListSolutions", key: "solutions", by: "datasetGroupArn", make: ofGroup((have) => have.solution()) },
  {
    ...{ operation: "ListMetricAttributions", key: "metricAttributions", by: "datasetGroupArn" },
    make: ofGroup((have) => have.attribution()),
  },
  {
    ...{ operation: "ListDataDeletionJobs", key: "dataDeletionJobs", by: "datasetGroupArn", costs: true },
    make: ofGroup((have) => have.deletionJob()),
  },
  {
    ...{ operation: "ListRecommenders", key: "recommenders", by: "datasetGroupArn", costs: true },
    make: async (world) => {
      await world.have.recommender();
      return world.have.domainGroup();
    },
  },
  {
    ...{ operation: "ListDatasetImportJobs", key: "datasetImportJobs", by: "datasetArn", costs: true },
    make: async (world) => world.have.interactions(),
  },
  {
    ...{ operation: "ListDatasetExportJobs", key: "datasetExportJobs", by: "datasetArn", costs: true },
    make: async (world) => {
      await world.have.exportJob();
      return world.have.interactions();
    },
  },
  {
    ...{ operation: "ListSolutionVersions", key: "solutionVersions", by: "solutionArn", costs: true },
    make: async (world) => {
      await world.have.version();
      return world.have.solution();
    },
  },
  {
    ...{ operation: "ListCampaigns", key: "campaigns", by: "solutionArn", costs: true },
    make: async (world) => {
      await world.have.campaign();
      return world.have.solution();
    },
  },
  {
    ...{ operation: "ListBatchInferenceJobs", key: "batchInferenceJobs", by: "solutionVersionArn", costs: true },
    make: async (world) => {
      await world.have.batchJob();
      return world.have.version();
    },
  },
  {
    ...{ operation: "ListMetricAttributionMetrics", key: "metrics", by: "metricAttributionArn" },
    make: (world) => world.have.attribution(),
  },
];

/** Whole pages and pages of one hold the same, each entry once. */
async function walksThrough(world: World, operation: string, key: string, filter: object): Promise<number> {
  const whole = await world.call(operation, filter);
  const seen: unknown[] = [];
  let nextToken: string | undefined;
  do {
    const page = await world.call(operation, { ...filter, maxResults: 1, nextToken });
    expect(page[key].length).toBeLessThanOrEqual(1);
    seen.push(...page[key]);
    nextToken = page.nextToken as string | undefined;
  } while (nextToken !== undefined && seen.length < 100);
  if (whole.nextToken === undefined) expect(seen).toEqual(whole[key]);
  return seen.length;
}

const badPages = (operation: string): Cases => ({
  "a page of 101": (world) => world.call(operation, { maxResults: 101 }),
  "a page of none": (world) => world.call(operation, { maxResults: 0 }),
});

function listing({ operation, key, by, make, costs }: Listed): [string, OperationContract] {
  const run = async (world: World) => {
    const filter = await make(world);
    const count = await walksThrough(world, operation, key, by === undefined ? {} : { [by]: filter });
    expect(count).toBeGreaterThan(0);
  };
  const refuses: OperationContract["refuses"] = {
    InvalidNextTokenException: {
      "a token that no answer had": (world) => world.call(operation, { nextToken: "not-a-token" }),
    },
    InvalidInputException: {
      ...badPages(operation),
      ...(by === undefined
        ? {}
        : { "a filter that is no ARN": (world: World) => world.call(operation, { [by]: "x" }) }),
    },
    ...(operation === "ListSolutionVersions"
      ? {
          ResourceNotFoundException: {
            "a solution that is not there": (world: World) =>
              world.call(operation, { solutionArn: world.arn("solution/absent") }),
          },
        }
      : {}),
  };
  return [operation, { succeeds: { "pages through all of them": costs ? costly(run) : run }, refuses }];
}

const segmentJobs: [string, OperationContract] = [
  "ListBatchSegmentJobs",
  {
    succeeds: {
      "lists none where there are none": async (world) => {
        const solutionVersionArn = world.arn("solution/absent/00000000");
        expect(await world.call("ListBatchSegmentJobs", { solutionVersionArn })).toMatchObject({
          batchSegmentJobs: [],
        });
      },
    },
    refuses: {
      InvalidNextTokenException: {
        "a token that no answer had": (world) => world.call("ListBatchSegmentJobs", { nextToken: "not-a-token" }),
      },
      InvalidInputException: badPages("ListBatchSegmentJobs"),
    },
  },
];

export const listings: Contract = Object.fromEntries([...lists.map(listing), segmentJobs]);
