/** The resources that most cases need: one of each kind, ACTIVE, made when first asked for and kept until the end. */
import type { World } from "./world.ts";

export interface Fixtures {
  /** A dataset group without a domain. */
  group(): Promise<string>;
  schema(type: "Interactions" | "Items" | "Users" | "Actions" | "ActionInteractions"): Promise<string>;
  /** The group's datasets; the interactions hold 1,200 rows of 60 users. */
  interactions(): Promise<string>;
  items(): Promise<string>;
  users(): Promise<string>;
  actions(): Promise<string>;
  actionInteractions(): Promise<{ readonly datasetArn: string; readonly trackingId: string }>;
  importJob(): Promise<string>;
  exportJob(): Promise<string>;
  deletionJob(): Promise<string>;
  batchJob(): Promise<string>;
  tracker(): Promise<{ readonly eventTrackerArn: string; readonly trackingId: string }>;
  /** A solution of aws-popularity-count with a trained version and a campaign. */
  solution(): Promise<string>;
  version(): Promise<string>;
  campaign(): Promise<string>;
  filter(): Promise<string>;
  attribution(): Promise<string>;
  /** An ECOMMERCE group with interactions and a recommender of popular items. */
  domainGroup(): Promise<string>;
  recommender(): Promise<string>;
  /** A trained version of that recipe. */
  versionOf(recipe: string, config?: object): Promise<string>;
}

const field = (name: string, type: unknown, more: object = {}) => ({ name, type, ...more });
const record = (name: string, fields: readonly object[]) =>
  JSON.stringify({ type: "record", name, namespace: "com.amazonaws.personalize.schema", fields, version: "1.0" });

const interactionFields = [
  field("USER_ID", "string"),
  field("ITEM_ID", "string"),
  field("TIMESTAMP", "long"),
  field("EVENT_TYPE", "string"),
];

/** A schema's text for each dataset type. */
export const schemas = {
  Interactions: record("Interactions", interactionFields),
  Items: record("Items", [field("ITEM_ID", "string"), field("CATEGORY", ["null", "string"], { categorical: true })]),
  Users: record("Users", [field("USER_ID", "string"), field("PLAN", ["null", "string"], { categorical: true })]),
  Actions: record("Actions", [field("ACTION_ID", "string"), field("TYPE", ["null", "string"], { categorical: true })]),
  ActionInteractions: record("ActionInteractions", [
    field("USER_ID", "string"),
    field("ACTION_ID", "string"),
    field("TIMESTAMP", "long"),
    field("EVENT_TYPE", "string"),
  ]),
} as const;

/** 60 users with 20 events each on 40 items, those with small numbers more often. */
export function rowsOf(eventType: string): string {
  const rows = ["USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE"];
  for (let user = 0; user < 60; user++) {
    for (let event = 0; event < 20; event++) {
      const item = (event * (1 + (user % 3))) % 40;
      rows.push(`u${user},i${item},${1_760_000_000 + user * 1000 + event * 60},${eventType}`);
    }
  }
  return `${rows.join("\n")}\n`;
}

type Made<T> = () => Promise<T>;

export function createFixtures(world: Omit<World, "have">, stays: <T>(make: Made<T>) => Promise<T>): Fixtures {
  const made = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, make: Made<T>): Promise<T> => {
    if (!made.has(key)) made.set(key, stays(make));
    return made.get(key) as Promise<T>; // put by the same key, whose maker answers T
  };
  const { settle, name } = world;

  const schemaOf = (type: keyof typeof schemas, domain?: string) =>
    once(`schema ${type} ${domain}`, async () => {
      const { schemaArn } = await settle("CreateSchema", { name: name(), schema: schemas[type], domain });
      return schemaArn as string;
    });
  const groupOf = (domain?: string) =>
    once(`group ${domain}`, async () => {
      return (await settle("CreateDatasetGroup", { name: name(), domain })).datasetGroupArn as string;
    });
  const datasetOf = (type: keyof typeof schemas, domain?: string) =>
    once(`dataset ${type} ${domain}`, async () => {
      const datasetType = type === "ActionInteractions" ? "Action_Interactions" : type;
      const input = { name: name(), datasetType, datasetGroupArn: await groupOf(domain) };
      return (await settle("CreateDataset", { ...input, schemaArn: await schemaOf(type, domain) }))
        .datasetArn as string;
    });
  const importOf = (eventType: string, domain?: string) =>
    once(`import ${domain}`, async () => {
      const datasetArn = await datasetOf("Interactions", domain);
      const key = `interactions-${domain ?? "none"}.csv`;
      await world.upload(key, rowsOf(eventType));
      const { bucket, roleArn } = world;
      const dataSource = { dataLocation: `s3://${bucket}/${key}` };
      const answer = await settle("CreateDatasetImportJob", { jobName: name(), datasetArn, dataSource, roleArn });
      return { datasetArn, jobArn: answer.datasetImportJobArn as string };
    });
  const output = () => ({ s3DataDestination: { path: `s3://${world.bucket}/out/` } });

  const solutionOf = (recipe: string, config?: object) =>
    once(`solution ${recipe}`, async () => {
      await importOf("view");
      const recipeArn = `arn:aws:personalize:::recipe/${recipe}`;
      const input = { name: name(), datasetGroupArn: await groupOf(), recipeArn, performAutoTraining: false };
      const answer = await settle("CreateSolution", { ...input, ...(config ? { solutionConfig: config } : {}) });
      return answer.solutionArn as string;
    });
  const versionOf = (recipe: string, config?: object) =>
    once(`version ${recipe}`, async () => {
      const solutionArn = await solutionOf(recipe, config);
      return (await settle("CreateSolutionVersion", { solutionArn })).solutionVersionArn as string;
    });
  const popular = "aws-popularity-count";

  return {
    group: () => groupOf(),
    schema: (type) => schemaOf(type),
    interactions: async () => (await importOf("view")).datasetArn,
    items: () => datasetOf("Items"),
    users: () => datasetOf("Users"),
    actions: () => datasetOf("Actions"),
    actionInteractions: async () => {
      const datasetArn = await datasetOf("ActionInteractions");
      return { datasetArn, trackingId: (await world.call("DescribeDataset", { datasetArn })).dataset.trackingId };
    },
    importJob: async () => (await importOf("view")).jobArn,
    exportJob: () =>
      once("export", async () => {
        const { datasetArn } = await importOf("view");
        const input = { jobName: name(), datasetArn, ingestionMode: "ALL", roleArn: world.roleArn };
        return (await settle("CreateDatasetExportJob", { ...input, jobOutput: output() }))
          .datasetExportJobArn as string;
      }),
    deletionJob: () =>
      once("deletion", async () => {
        await importOf("view");
        await world.upload("forget/users.csv", "USER_ID\nu59\n");
        const dataSource = { dataLocation: `s3://${world.bucket}/forget/users.csv` };
        const input = { jobName: name(), datasetGroupArn: await groupOf(), dataSource, roleArn: world.roleArn };
        return (await settle("CreateDataDeletionJob", input)).dataDeletionJobArn as string;
      }),
    batchJob: () =>
      once("batch", async () => {
        await world.upload("batch/users.json", '{"userId":"u1"}\n');
        const jobInput = { s3DataSource: { path: `s3://${world.bucket}/batch/users.json` } };
        const about = { jobName: name(), solutionVersionArn: await versionOf(popular), roleArn: world.roleArn };
        const answer = await settle("CreateBatchInferenceJob", { ...about, jobInput, jobOutput: output() });
        return answer.batchInferenceJobArn as string;
      }),
    tracker: () =>
      once("tracker", async () => {
        await datasetOf("Interactions");
        const answer = await settle("CreateEventTracker", { name: name(), datasetGroupArn: await groupOf() });
        return { eventTrackerArn: answer.eventTrackerArn, trackingId: answer.trackingId };
      }),
    solution: () => solutionOf(popular),
    version: () => versionOf(popular),
    versionOf,
    campaign: () =>
      once("campaign", async () => {
        const answer = await settle("CreateCampaign", { name: name(), solutionVersionArn: await versionOf(popular) });
        return answer.campaignArn as string;
      }),
    filter: () =>
      once("filter", async () => {
        const filterExpression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("view")';
        await datasetOf("Interactions");
        const input = { name: name(), datasetGroupArn: await groupOf(), filterExpression };
        return (await settle("CreateFilter", input)).filterArn as string;
      }),
    attribution: () =>
      once("attribution", async () => {
        await datasetOf("Interactions");
        const metrics = [{ eventType: "view", metricName: "views", expression: "SAMPLECOUNT()" }];
        const metricsOutputConfig = { roleArn: world.roleArn, ...output() };
        const input = { name: name(), datasetGroupArn: await groupOf(), metrics, metricsOutputConfig };
        return (await settle("CreateMetricAttribution", input)).metricAttributionArn as string;
      }),
    domainGroup: async () => {
      await importOf("View", "ECOMMERCE");
      return groupOf("ECOMMERCE");
    },
    recommender: () =>
      once("recommender", async () => {
        await importOf("View", "ECOMMERCE");
        const recipeArn = "arn:aws:personalize:::recipe/aws-ecomm-popular-items-by-views";
        const input = { name: name(), datasetGroupArn: await groupOf("ECOMMERCE"), recipeArn };
        return (await settle("CreateRecommender", input)).recommenderArn as string;
      }),
  };
}
