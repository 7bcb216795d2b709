/** Makes the one dataset of its type in a group. Its own name is not in its ARN. */
import type { CreateDatasetRequest, CreateDatasetResponse } from "@aws-sdk/client-personalize";
import { bear, born, find, findActive, freeArn, type ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import type { Checked, Rows } from "../model.ts";
import { datasetTypeOf, parseSchema } from "../schema/avro-schema.ts";

const types = ["INTERACTIONS", "ITEMS", "USERS", "ACTIONS", "ACTION_INTERACTIONS"];

export const createDataset =
  (plane: ControlPlane) =>
  async (input: Checked<CreateDatasetRequest>): Promise<CreateDatasetResponse> => {
    const { name, datasetGroupArn, schemaArn, tags } = input;
    const datasetType = input.datasetType.toUpperCase();
    if (!types.includes(datasetType)) {
      throw new InvalidInputException(`Unknown datasetType ${input.datasetType}: use one of ${types.join(", ")}.`);
    }
    const group = findActive(plane, "datasetGroup", datasetGroupArn);
    assertSchemaFits(find(plane, "schema", schemaArn), datasetType, group);
    const datasetArn = freeArn(plane, "dataset", `${group.name}/${datasetType}`);
    const status = "CREATE PENDING";
    const trackingId = datasetType === "ACTION_INTERACTIONS" ? plane.ids.uuid() : undefined;
    const row = { name, datasetArn, datasetGroupArn, datasetType, schemaArn, trackingId, status, ...born(plane) };
    await bear(plane, "dataset", row, tags);
    return { datasetArn };
  };

function assertSchemaFits(row: Rows["schema"], datasetType: string, group: Rows["datasetGroup"]): void {
  const verdict = parseSchema(row.schema, row.domain);
  const fits = verdict.kind === "valid" ? datasetTypeOf(verdict.schema) : undefined;
  if (fits !== datasetType) {
    throw new InvalidInputException(`The schema ${row.schemaArn} is for ${fits} datasets, not for ${datasetType}.`);
  }
  if (row.domain !== group.domain) {
    throw new InvalidInputException(
      `The schema ${row.schemaArn} is for ${row.domain ?? "no domain"}, the dataset group for ${group.domain ?? "no domain"}: create the schema with the group's domain.`,
    );
  }
}
