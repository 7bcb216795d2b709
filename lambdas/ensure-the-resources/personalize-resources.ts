/** Personalize's resources as the reconciler sees them: absent is null, "exists already" is a success. */
import {
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateSchemaCommand,
  CreateSolutionCommand,
  DescribeCampaignCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeSchemaCommand,
  DescribeSolutionCommand,
  type PersonalizeClient,
  UpdateSolutionCommand,
} from "@aws-sdk/client-personalize";
import type { GroupEncryption } from "../../pipeline/config/encryption.ts";
import type { TagList } from "../../pipeline/config/tags.ts";
import { recipeArn } from "../../pipeline/naming/names.ts";
import type { RunDataset, Training } from "../../pipeline/planning/run.ts";

export interface Seen {
  readonly status: string;
  readonly failureReason?: string | undefined;
}

export interface PersonalizeResources {
  datasetGroup(arn: string): Promise<(Seen & { readonly kmsKeyArn: string | null }) | null>;
  createDatasetGroup(name: string, encryption: GroupEncryption | null, tags: TagList): Promise<void>;
  hasSchema(arn: string): Promise<boolean>;
  createSchema(name: string, schema: string): Promise<void>;
  dataset(arn: string): Promise<(Seen & { readonly schemaArn: string }) | null>;
  createDataset(dataset: RunDataset, datasetGroupArn: string, tags: TagList): Promise<void>;
  solution(arn: string): Promise<(Seen & { readonly trainsByItself: boolean; readonly isUpdating: boolean }) | null>;
  createSolution(training: Training, datasetGroupArn: string, tags: TagList): Promise<void>;
  stopAutoTraining(solutionArn: string): Promise<void>;
  campaign(arn: string): Promise<{ readonly followsLatest: boolean } | null>;
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

async function orNull<T>(described: Promise<T>): Promise<T | null> {
  try {
    return await described;
  } catch (error) {
    if (isNamed(error, "ResourceNotFoundException")) return null;
    throw error;
  }
}

/** Another call of ours was faster, or an answer was lost: either way it is there. */
async function orExists(created: Promise<unknown>): Promise<void> {
  try {
    await created;
  } catch (error) {
    if (!isNamed(error, "ResourceAlreadyExistsException")) throw error;
  }
}

/** Absent where there are none: who names no tags needs no permission to tag. */
const labels = (tags: TagList): { tags?: TagList } => (tags.length === 0 ? {} : { tags });

const partitionOf = (arn: string) => ({ partition: arn.split(":")[1] ?? "aws", region: "", account: "" });

export function makePersonalizeResources(client: PersonalizeClient): PersonalizeResources {
  return {
    async datasetGroup(datasetGroupArn) {
      const found = await orNull(client.send(new DescribeDatasetGroupCommand({ datasetGroupArn })));
      if (found === null) return null;
      const { status = "", failureReason, kmsKeyArn = null } = found.datasetGroup ?? {};
      return { status, failureReason, kmsKeyArn };
    },
    createDatasetGroup: (name, encryption, tags) =>
      orExists(client.send(new CreateDatasetGroupCommand({ name, ...encryption, ...labels(tags) }))),
    async hasSchema(schemaArn) {
      return (await orNull(client.send(new DescribeSchemaCommand({ schemaArn })))) !== null;
    },
    createSchema: (name, schema) => orExists(client.send(new CreateSchemaCommand({ name, schema }))),
    async dataset(datasetArn) {
      const found = await orNull(client.send(new DescribeDatasetCommand({ datasetArn })));
      return found && { status: found.dataset?.status ?? "", schemaArn: found.dataset?.schemaArn ?? "" };
    },
    createDataset: ({ datasetName, schemaArn, type }, datasetGroupArn, tags) =>
      orExists(
        client.send(
          new CreateDatasetCommand({
            name: datasetName,
            schemaArn,
            datasetGroupArn,
            datasetType: type,
            ...labels(tags),
          }),
        ),
      ),
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
  };
}
