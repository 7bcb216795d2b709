/** Starts the deletion of the users listed in a file from all datasets of a group. Names are taken for good. */
import type { CreateDataDeletionJobRequest, CreateDataDeletionJobResponse } from "@aws-sdk/client-personalize";
import { bear, born, findActive, freeArn, those, type ControlPlane } from "../control-plane.ts";
import { InvalidInputException, tooManyJobs } from "../errors.ts";
import { assertOwnRole, parseS3Location } from "../lifecycles/role-bucket.ts";
import type { Checked, Rows } from "../model.ts";

export const createDataDeletionJob =
  (plane: ControlPlane) =>
  async (input: Checked<CreateDataDeletionJobRequest>): Promise<CreateDataDeletionJobResponse> => {
    const { jobName, datasetGroupArn, dataSource, roleArn, tags } = input;
    if (!parseS3Location(dataSource.dataLocation ?? "")) throw new InvalidInputException("Invalid S3 input path");
    assertOwnRole(plane, roleArn);
    findActive(plane, "datasetGroup", datasetGroupArn);
    const dataDeletionJobArn = freeArn(plane, "dataDeletionJob", jobName);
    const isPending = (row: Rows["dataDeletionJob"]) =>
      row.datasetGroupArn === datasetGroupArn && row.status === "PENDING";
    const quota = plane.settings.quotas.pendingDeletions;
    if (those(plane, "dataDeletionJob", isPending).length >= quota) throw tooManyJobs(quota);
    const row = {
      jobName,
      dataDeletionJobArn,
      datasetGroupArn,
      dataSource,
      roleArn,
      status: "PENDING",
      ...born(plane),
    };
    await bear(plane, "dataDeletionJob", row, tags);
    return { dataDeletionJobArn };
  };
