/** Makes a dataset group: the account's container for datasets, solutions, campaigns, filters and an event tracker. */
import type { CreateDatasetGroupRequest, CreateDatasetGroupResponse } from "@aws-sdk/client-personalize";
import { bear, born, freeArn, type ControlPlane } from "../control-plane.ts";
import { InvalidInputException, tooManyResources } from "../errors.ts";
import type { Checked } from "../model.ts";

export const createDatasetGroup =
  (plane: ControlPlane) =>
  async (input: Checked<CreateDatasetGroupRequest>): Promise<CreateDatasetGroupResponse> => {
    const { name, domain, roleArn, kmsKeyArn, tags } = input;
    if ((roleArn === undefined) !== (kmsKeyArn === undefined)) {
      throw new InvalidInputException("roleArn and kmsKeyArn belong together: give both or neither.");
    }
    const datasetGroupArn = freeArn(plane, "datasetGroup", name);
    const quota = plane.settings.quotas.datasetGroups;
    if (plane.tables.datasetGroup.size >= quota) throw tooManyResources("a dataset group", quota);
    const row = { name, datasetGroupArn, status: "CREATE PENDING", domain, roleArn, kmsKeyArn, ...born(plane) };
    await bear(plane, "datasetGroup", row, tags);
    return { datasetGroupArn, ...(domain ? { domain } : {}) };
  };
