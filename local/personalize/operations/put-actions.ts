/** PutActions: new or changed actions one by one; a row with the same id is replaced. */
import type { PutActionsRequest } from "@aws-sdk/client-personalize-events";
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import { datasetOfType, schemaOf } from "../events/datasets.ts";
import { propertiesOf } from "../events/properties.ts";
import type { Metadata } from "../job-runner.ts";
import type { Checked } from "../model.ts";
import { rangeFault } from "../schema/action-ranges.ts";
import type { ParsedSchema } from "../schema/avro-schema.ts";

const mostActions = 10;

export const putActions =
  (plane: ControlPlane) =>
  async ({ datasetArn, actions }: Checked<PutActionsRequest>): Promise<void> => {
    if (actions.length > mostActions) {
      throw new InvalidInputException(`actions has ${actions.length} entries; at most ${mostActions} are allowed.`);
    }
    const dataset = datasetOfType(plane, datasetArn, "ACTIONS");
    plane.throttle.assertWithin("records", datasetArn);
    const schema = plane.schemas(schemaOf(plane, dataset));
    const rows = actions.map(({ actionId: id, properties }) => ({ id, properties: rowOf(id, properties, schema) }));
    await plane.jobs.recordActions(datasetArn, dataset.datasetGroupArn, rows);
  };

function rowOf(id: string, properties: unknown, schema: ParsedSchema): Metadata {
  const row = propertiesOf(properties, schema, "ACTION_ID");
  const fault = rangeFault(row);
  if (fault !== undefined) throw new InvalidInputException(`The action ${id}: ${fault}.`);
  return row;
}
