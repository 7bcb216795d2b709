/** Swaps the schema of an Items or Users dataset for one that keeps every field and adds only nullable ones. */
import type { UpdateDatasetRequest, UpdateDatasetResponse } from "@aws-sdk/client-personalize";
import { find, findActive, type ControlPlane } from "../control-plane.ts";
import { InvalidInputException, ResourceInUseException } from "../errors.ts";
import type { Checked, Rows } from "../model.ts";
import { datasetTypeOf, extensionFault, parseSchema, type ParsedSchema } from "../schema/avro-schema.ts";

export const updateDataset =
  (plane: ControlPlane) =>
  async ({ datasetArn, schemaArn }: Checked<UpdateDatasetRequest>): Promise<UpdateDatasetResponse> => {
    const dataset = findActive(plane, "dataset", datasetArn);
    if (dataset.datasetType !== "ITEMS" && dataset.datasetType !== "USERS") {
      throw new InvalidInputException(`Only Items and Users datasets can change their schema, not ${datasetArn}.`);
    }
    if (plane.transitions.isUnderWay("dataset.update", datasetArn)) {
      throw new ResourceInUseException(`The dataset ${datasetArn} is being updated already. Please try again later.`);
    }
    const replacement = parsed(find(plane, "schema", schemaArn));
    const fault =
      datasetTypeOf(replacement) === dataset.datasetType
        ? extensionFault(parsed(find(plane, "schema", dataset.schemaArn)), replacement)
        : `it is for ${datasetTypeOf(replacement)} datasets`;
    if (fault)
      throw new InvalidInputException(`The schema ${schemaArn} cannot replace that of ${datasetArn}: ${fault}.`);
    const now = plane.clock.now();
    const times = { creationDateTime: now, lastUpdatedDateTime: now };
    plane.tables.dataset.put(datasetArn, {
      ...dataset,
      latestDatasetUpdate: { schemaArn, status: "CREATE PENDING", ...times },
    });
    plane.transitions.begin("dataset.update", datasetArn);
    await plane.store.commit();
    return { datasetArn };
  };

function parsed(row: Rows["schema"]): ParsedSchema {
  const verdict = parseSchema(row.schema, row.domain);
  if (verdict.kind === "invalid") throw new Error(`${row.schemaArn} was valid when it was created: ${verdict.fault}`);
  return verdict.schema;
}
