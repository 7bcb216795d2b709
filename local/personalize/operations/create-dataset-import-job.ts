/** Starts an import from S3. Names of import jobs are taken for good: jobs cannot be deleted. */
import type { CreateDatasetImportJobRequest, CreateDatasetImportJobResponse } from "@aws-sdk/client-personalize";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { bear, born, findActive, freeArn, isUnderWay, those, type ControlPlane } from "../control-plane.ts";
import { InvalidInputException, tooManyJobs } from "../errors.ts";
import { parseS3Location } from "../lifecycles/import-work.ts";
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

function assertOwnRole({ account }: ControlPlane, roleArn: string | undefined): asserts roleArn is string {
  if (roleArn === undefined) {
    throw new InvalidInputException("roleArn is required: the role with which Personalize reads the bucket.");
  }
  if (roleArn.split(":")[4] !== account) {
    throw new AwsError("AccessDeniedException", "Cross-account pass role is not allowed.");
  }
}
