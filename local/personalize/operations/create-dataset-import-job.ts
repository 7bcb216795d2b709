/** Starts an import from S3. Names of import jobs are taken for good: jobs cannot be deleted. */
import type { CreateDatasetImportJobRequest, CreateDatasetImportJobResponse } from "@aws-sdk/client-personalize";
import { bear, born, findActive, freeArn, isUnderWay, those, type ControlPlane } from "../control-plane.ts";
import { InvalidInputException, tooManyJobs } from "../errors.ts";
import { assertOwnRole, parseS3Location } from "../lifecycles/role-bucket.ts";
import type { Checked } from "../model.ts";

export const createDatasetImportJob =
  (plane: ControlPlane) =>
  async (input: Checked<CreateDatasetImportJobRequest>): Promise<CreateDatasetImportJobResponse> => {
    const { jobName, datasetArn, dataSource, roleArn, importMode = "FULL", tags } = input;
    if (!parseS3Location(dataSource.dataLocation ?? "")) throw new InvalidInputException("Invalid S3 input path");
    assertOwnRole(plane, roleArn);
    findActive(plane, "dataset", datasetArn);
    const datasetImportJobArn = freeArn(plane, "datasetImportJob", jobName);
    const quota = plane.settings.quotas.concurrentImports;
    if (those(plane, "datasetImportJob", ({ status }) => isUnderWay(status)).length >= quota) throw tooManyJobs(quota);
    const { publishAttributionMetricsToS3 } = input;
    const asked = { jobName, datasetArn, dataSource, roleArn, importMode, publishAttributionMetricsToS3 };
    const row = { ...asked, datasetImportJobArn, status: "CREATE PENDING", ...born(plane) };
    await bear(plane, "datasetImportJob", row, tags);
    return { datasetImportJobArn };
  };
