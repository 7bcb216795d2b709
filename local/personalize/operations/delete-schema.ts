/** Deletes a schema that no dataset has, at once. */
import type { DeleteSchemaRequest } from "@aws-sdk/client-personalize";
import { assertNoDependents, find, those, type ControlPlane } from "../control-plane.ts";
import type { Checked } from "../model.ts";

export const deleteSchema =
  (plane: ControlPlane) =>
  async ({ schemaArn }: Checked<DeleteSchemaRequest>): Promise<void> => {
    find(plane, "schema", schemaArn);
    const users = those(
      plane,
      "dataset",
      (row) =>
        row.schemaArn === schemaArn ||
        (row.latestDatasetUpdate?.schemaArn === schemaArn &&
          plane.transitions.isUnderWay("dataset.update", row.datasetArn)),
    );
    const arns = users.map((row) => row.datasetArn);
    assertNoDependents("schema", schemaArn, arns);
    plane.tables.schema.delete(schemaArn);
    await plane.store.commit();
  };
