/** The second machine of a group in a test's hand, and what lies in Personalize and in the bucket before and after. */
import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import {
  ListCampaignsCommand,
  ListDatasetGroupsCommand,
  ListDatasetsCommand,
  ListEventTrackersCommand,
  ListFiltersCommand,
  ListSchemasCommand,
  ListSolutionsCommand,
} from "@aws-sdk/client-personalize";
import { cleanupMachine } from "../../pipeline/naming/names.ts";
import type { FaultPort } from "./fault-port.ts";
import type { Execution, Stack } from "./stack.ts";

/** Starts a cleanup and answers at once. */
export async function beginCleanup({ sfn, machines }: Stack, group: string, input: object = {}): Promise<string> {
  const stateMachineArn = cleanupMachine(machines[group] ?? "");
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
  return executionArn ?? "";
}

export async function cleanupEnded({ sfn }: Stack, executionArn: string): Promise<Execution> {
  const { status = "", output, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  return { arn: executionArn, status, output: output === undefined ? undefined : JSON.parse(output), error, cause };
}

/** A whole cleanup, until nothing happens any more. */
export async function cleanUp(stack: Stack, group: string, input: object = {}): Promise<Execution> {
  const arn = await beginCleanup(stack, group, input);
  await stack.rest();
  return cleanupEnded(stack, arn);
}

/** Names of all that lies in Personalize, by kind; import jobs and versions have no end of their own. */
export async function resourcesLeft({ personalize }: Pick<Stack, "personalize">) {
  const [campaigns, trackers, filters, solutions, datasets, schemas, groups] = await Promise.all([
    personalize.send(new ListCampaignsCommand({})),
    personalize.send(new ListEventTrackersCommand({})),
    personalize.send(new ListFiltersCommand({})),
    personalize.send(new ListSolutionsCommand({})),
    personalize.send(new ListDatasetsCommand({})),
    personalize.send(new ListSchemasCommand({})),
    personalize.send(new ListDatasetGroupsCommand({})),
  ]);
  const names = (items: readonly { readonly name?: string | undefined }[] = []) =>
    items.map(({ name }) => name ?? "").sort();
  return {
    campaigns: names(campaigns.campaigns),
    eventTrackers: names(trackers.eventTrackers),
    filters: names(filters.Filters),
    solutions: names(solutions.solutions),
    datasets: names(datasets.datasets),
    schemas: names(schemas.schemas),
    datasetGroups: names(groups.datasetGroups),
  };
}

export const nothingLeft: Awaited<ReturnType<typeof resourcesLeft>> = {
  ...{ campaigns: [], eventTrackers: [], filters: [], solutions: [], datasets: [], schemas: [], datasetGroups: [] },
};

/** All keys of the bucket below a prefix. */
export async function keysBelow({ s3, bucket }: Stack, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    keys.push(...(page.Contents ?? []).map(({ Key = "" }) => Key));
  }
  return keys.sort();
}

/** Operations that change something in Personalize, in the order of their calls. */
export const changesSeen = ({ calls }: FaultPort): string[] =>
  calls
    .filter(({ service, operation }) => service === "personalize" && !/^(List|Describe|Get)/.test(operation))
    .map(({ operation }) => operation);
