/** How many of each thing there are in Personalize: what must not grow when a run is done twice. */
import {
  ListCampaignsCommand,
  ListDatasetGroupsCommand,
  ListDatasetImportJobsCommand,
  ListDatasetsCommand,
  ListSchemasCommand,
  ListSolutionsCommand,
  ListSolutionVersionsCommand,
} from "@aws-sdk/client-personalize";
import type { Stack } from "./stack.ts";

export interface Inventory {
  readonly datasetGroups: number;
  readonly schemas: number;
  readonly datasets: number;
  readonly importJobs: number;
  readonly solutions: number;
  readonly solutionVersions: number;
  readonly campaigns: number;
}

/** What one uninterrupted first run of the group `club` leaves. */
export const afterFirstRun: Inventory = {
  datasetGroups: 1,
  schemas: 2,
  datasets: 2,
  importJobs: 2,
  solutions: 2,
  solutionVersions: 2,
  campaigns: 1,
};

export async function inventory({ personalize }: Pick<Stack, "personalize">): Promise<Inventory> {
  const [groups, schemas, datasets, jobs, solutions, versions, campaigns] = await Promise.all([
    personalize.send(new ListDatasetGroupsCommand({})),
    personalize.send(new ListSchemasCommand({})),
    personalize.send(new ListDatasetsCommand({})),
    personalize.send(new ListDatasetImportJobsCommand({})),
    personalize.send(new ListSolutionsCommand({})),
    personalize.send(new ListSolutionVersionsCommand({})),
    personalize.send(new ListCampaignsCommand({})),
  ]);
  return {
    datasetGroups: groups.datasetGroups?.length ?? 0,
    schemas: schemas.schemas?.length ?? 0,
    datasets: datasets.datasets?.length ?? 0,
    importJobs: jobs.datasetImportJobs?.length ?? 0,
    solutions: solutions.solutions?.length ?? 0,
    solutionVersions: versions.solutionVersions?.length ?? 0,
    campaigns: campaigns.campaigns?.length ?? 0,
  };
}
