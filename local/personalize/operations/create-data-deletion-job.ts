/**
 * CreateDataDeletionJob: checked as the service checks it, then refused. Rows of single users cannot be taken out of the stored
 * columns yet, and a job that only claimed to delete would be worse than none.
 */
import type { CreateDataDeletionJobRequest, CreateDataDeletionJobResponse } from "@aws-sdk/client-personalize";
import { findActive, freeArn, type ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import { assertOwnRole, parseS3Location } from "../lifecycles/role-bucket.ts";
import type { Checked } from "../model.ts";

export const createDataDeletionJob =
  (plane: ControlPlane) =>
  ({
    jobName,
    datasetGroupArn,
    dataSource,
    roleArn,
  }: Checked<CreateDataDeletionJobRequest>): CreateDataDeletionJobResponse => {
    if (!parseS3Location(dataSource.dataLocation ?? "")) throw new InvalidInputException("Invalid S3 input path");
    assertOwnRole(plane, roleArn);
    findActive(plane, "datasetGroup", datasetGroupArn);
    freeArn(plane, "dataDeletionJob", jobName);
    throw new InvalidInputException(
      "Data deletion jobs are not supported by the embedded Personalize: import the data without these users with importMode FULL, or delete the dataset; see docs/support.md.",
    );
  };
