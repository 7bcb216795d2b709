/**
 * All import jobs of a dataset, through every page, as the domain wants them. A dataset that does not exist has none; one
 * that was deleted and made again has the same ARN as before, but none of the rows: jobs from before its birth do not count.
 */
import {
  DescribeDatasetCommand,
  paginateListDatasetImportJobs,
  type PersonalizeClient,
} from "@aws-sdk/client-personalize";
import type { ImportJob } from "../../pipeline/planning/imports.ts";

export type ListImportJobs = (datasetArn: string) => Promise<ImportJob[]>;

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

export const makeListImportJobs =
  (client: PersonalizeClient): ListImportJobs =>
  async (datasetArn) => {
    const jobs: ImportJob[] = [];
    try {
      const { dataset } = await client.send(new DescribeDatasetCommand({ datasetArn }));
      const born = dataset?.creationDateTime?.getTime() ?? 0;
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
      return jobs.filter((job) => job.createdAt >= born);
    } catch (error) {
      if (error instanceof Error && error.name === "ResourceNotFoundException") return [];
      throw error;
    }
  };
