/** Starts an export of a dataset's rows to S3: what was imported, what was sent, or both. Names are taken for good. */
import type { CreateDatasetExportJobRequest, CreateDatasetExportJobResponse } from "@aws-sdk/client-personalize";
import { bear, born, findActive, freeArn, isUnderWay, those, type ControlPlane } from "../control-plane.ts";
import { InvalidInputException, tooManyJobs } from "../errors.ts";
import { assertOwnRole, parseS3Location } from "../lifecycles/role-bucket.ts";
import type { Checked } from "../model.ts";

export const createDatasetExportJob =
  (plane: ControlPlane) =>
  async (input: Checked<CreateDatasetExportJobRequest>): Promise<CreateDatasetExportJobResponse> => {
    const { jobName, datasetArn, ingestionMode = "PUT", roleArn, jobOutput, tags } = input;
    if (!parseS3Location(jobOutput.s3DataDestination.path)) throw new InvalidInputException("Invalid S3 output path");
    assertOwnRole(plane, roleArn);
    findActive(plane, "dataset", datasetArn);
    const datasetExportJobArn = freeArn(plane, "datasetExportJob", jobName);
    const quota = plane.settings.quotas.concurrentExports;
    if (those(plane, "datasetExportJob", ({ status }) => isUnderWay(status)).length >= quota) throw tooManyJobs(quota);
    const asked = { jobName, datasetArn, ingestionMode, roleArn, jobOutput };
    const row = { ...asked, datasetExportJobArn, status: "CREATE PENDING", ...born(plane) };
    await bear(plane, "datasetExportJob", row, tags);
    return { datasetExportJobArn };
  };
