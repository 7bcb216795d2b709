/** All import jobs of a dataset, through every page, as the domain wants them. A dataset that does not exist has none. */
import { paginateListDatasetImportJobs, type PersonalizeClient } from "@aws-sdk/client-personalize";
import type { ImportJob } from "../../pipeline/planning/imports.ts";

export type ListImportJobs = (datasetArn: string) => Promise<ImportJob[]>;

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

export const makeListImportJobs =
  (client: PersonalizeClient): ListImportJobs =>
  async (datasetArn) => {
    const jobs: ImportJob[] = [];
    try {
      for await (const page of paginateListDatasetImportJobs({ client, pageSize: 100 }, { datasetArn })) {
        for (const job of page.datasetImportJobs ?? []) {
          const arn = job.datasetImportJobArn ?? "";
          jobs.push({
            arn,
            name: job.jobName ?? nameOf(arn),
            status: job.status ?? "",
            mode: job.importMode ?? "FULL",
            createdAt: job.creationDateTime?.getTime() ?? 0,
            finishedAt: job.lastUpdatedDateTime?.getTime() ?? 0,
          });
        }
      }
    } catch (error) {
      if (error instanceof Error && error.name === "ResourceNotFoundException") return [];
      throw error;
    }
    return jobs;
  };
