/** Personalize's resources as the reconciler sees them: absent is null, "exists already" is a success. */
import {
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateEventTrackerCommand,
  CreateSchemaCommand,
  CreateSolutionCommand,
  DescribeCampaignCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeSchemaCommand,
  DescribeSolutionCommand,
  paginateListEventTrackers,
  type PersonalizeClient,
  UpdateDatasetCommand,
  UpdateSolutionCommand,
} from "@aws-sdk/client-personalize";
import type { TagList } from "../../pipeline/config/tags.ts";
import { serviceType } from "../../pipeline/config/avro-schema.ts";
import { labels, orExists, orNull } from "../lib/personalize-answers.ts";
import { recipeArn } from "../../pipeline/naming/names.ts";
import type { Run, RunDataset, Training } from "../../pipeline/planning/run.ts";

export interface Seen {
  readonly status: string;
  readonly failureReason?: string | undefined;
}

export interface SeenDataset extends Seen {
  readonly schemaArn: string;
  readonly isUpdating: boolean;
  /** The last swap of its schema, when that failed; epoch milliseconds. */
  readonly failedUpdate: { readonly reason: string; readonly at: number } | null;
}

export interface PersonalizeResources {
  datasetGroup(arn: string): Promise<(Seen & { readonly kmsKeyArn: string | null }) | null>;
  createDatasetGroup(run: Pick<Run, "datasetGroupName" | "domain" | "encryption" | "tags">): Promise<void>;
  hasSchema(arn: string): Promise<boolean>;
  createSchema(name: string, schema: string, domain: Run["domain"]): Promise<void>;
  /** The Avro schema, parsed. */
  schema(arn: string): Promise<unknown>;
  dataset(arn: string): Promise<SeenDataset | null>;
  updateDataset(datasetArn: string, schemaArn: string): Promise<void>;
  eventTracker(datasetGroupArn: string): Promise<Seen | null>;
  createEventTracker(name: string, datasetGroupArn: string, tags: TagList): Promise<void>;
  createDataset(dataset: RunDataset, datasetGroupArn: string, tags: TagList): Promise<void>;
  solution(arn: string): Promise<(Seen & { readonly trainsByItself: boolean; readonly isUpdating: boolean }) | null>;
  createSolution(training: Training, datasetGroupArn: string, tags: TagList): Promise<void>;
  stopAutoTraining(solutionArn: string): Promise<void>;
  campaign(arn: string): Promise<{ readonly followsLatest: boolean } | null>;
}

const partitionOf = (arn: string) => ({ partition: arn.split(":")[1] ?? "aws", region: "", account: "" });

const groupsAndSchemas = (
  client: PersonalizeClient,
): Pick<PersonalizeResources, "datasetGroup" | "createDatasetGroup" | "hasSchema" | "createSchema" | "schema"> => ({
  async datasetGroup(datasetGroupArn) {
    const found = await orNull(client.send(new DescribeDatasetGroupCommand({ datasetGroupArn })));
    if (found === null) return null;
    const { status = "", failureReason, kmsKeyArn = null } = found.datasetGroup ?? {};
    return { status, failureReason, kmsKeyArn };
  },
  createDatasetGroup: ({ datasetGroupName: name, domain, encryption, tags }) =>
    orExists(
      client.send(
        new CreateDatasetGroupCommand({
          name,
          ...(domain === null ? {} : { domain }),
          ...encryption,
          ...labels(tags),
        }),
      ),
    ),
  async hasSchema(schemaArn) {
    return (await orNull(client.send(new DescribeSchemaCommand({ schemaArn })))) !== null;
  },
  createSchema: (name, schema, domain) =>
    orExists(client.send(new CreateSchemaCommand({ name, schema, ...(domain === null ? {} : { domain }) }))),
  async schema(schemaArn) {
    const found = await client.send(new DescribeSchemaCommand({ schemaArn }));
    return JSON.parse(found.schema?.schema ?? "null") as unknown;
  },
});

const datasetsAndTracker = (
  client: PersonalizeClient,
): Pick<
  PersonalizeResources,
  "dataset" | "createDataset" | "updateDataset" | "eventTracker" | "createEventTracker"
> => ({
  async dataset(datasetArn) {
    const found = await orNull(client.send(new DescribeDatasetCommand({ datasetArn })));
    if (found === null) return null;
    const { status = "", schemaArn = "", latestDatasetUpdate: update } = found.dataset ?? {};
    const isFailed = update?.status?.includes("FAILED") === true;
    return {
      ...{ status, schemaArn, isUpdating: /PENDING|IN_PROGRESS/.test(update?.status ?? "") },
      failedUpdate: isFailed
        ? { reason: update.failureReason ?? update.status ?? "", at: update.lastUpdatedDateTime?.getTime() ?? 0 }
        : null,
    };
  },
  async updateDataset(datasetArn, schemaArn) {
    await client.send(new UpdateDatasetCommand({ datasetArn, schemaArn }));
  },
  async eventTracker(datasetGroupArn) {
    for await (const page of paginateListEventTrackers({ client }, { datasetGroupArn })) {
      for (const { status = "" } of page.eventTrackers ?? []) return { status };
    }
    return null;
  },
  createEventTracker: (name, datasetGroupArn, tags) =>
    orExists(client.send(new CreateEventTrackerCommand({ name, datasetGroupArn, ...labels(tags) }))),
  createDataset: ({ datasetName, schemaArn, type }, datasetGroupArn, tags) =>
    orExists(
      client.send(
        new CreateDatasetCommand({
          name: datasetName,
          schemaArn,
          datasetGroupArn,
          datasetType: serviceType(type),
          ...labels(tags),
        }),
      ),
    ),
});

const solutionsAndCampaigns = (
  client: PersonalizeClient,
): Pick<PersonalizeResources, "solution" | "createSolution" | "stopAutoTraining" | "campaign"> => ({
  async solution(solutionArn) {
    const found = (await orNull(client.send(new DescribeSolutionCommand({ solutionArn }))))?.solution;
    if (found === undefined) return null;
    return {
      status: found.status ?? "",
      trainsByItself: found.performAutoTraining === true,
      isUpdating: /PENDING|IN_PROGRESS/.test(found.latestSolutionUpdate?.status ?? ""),
    };
  },
  createSolution: ({ solutionName, solutionArn, recipe, settings }, datasetGroupArn, tags) =>
    orExists(
      client.send(
        new CreateSolutionCommand({
          name: solutionName,
          datasetGroupArn,
          recipeArn: recipeArn(partitionOf(solutionArn), recipe),
          performAutoTraining: false,
          ...settings,
          ...labels(tags),
        }),
      ),
    ),
  async stopAutoTraining(solutionArn) {
    await client.send(new UpdateSolutionCommand({ solutionArn, performAutoTraining: false }));
  },
  async campaign(campaignArn) {
    const found = (await orNull(client.send(new DescribeCampaignCommand({ campaignArn }))))?.campaign;
    if (found === undefined) return null;
    const isSynced = found.campaignConfig?.syncWithLatestSolutionVersion === true;
    return { followsLatest: isSynced || (found.solutionVersionArn ?? "").endsWith("/$LATEST") };
  },
});

export const makePersonalizeResources = (client: PersonalizeClient): PersonalizeResources => ({
  ...groupsAndSchemas(client),
  ...datasetsAndTracker(client),
  ...solutionsAndCampaigns(client),
});
