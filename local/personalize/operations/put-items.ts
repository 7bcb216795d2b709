/** PutItems: new or changed items one by one; a row with the same id is replaced. */
import type { PutItemsRequest } from "@aws-sdk/client-personalize-events";
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import { datasetOfType, schemaOf } from "../events/datasets.ts";
import { propertiesOf } from "../events/properties.ts";
import type { Checked } from "../model.ts";

const mostItems = 10;

export const putItems =
  (plane: ControlPlane) =>
  async ({ datasetArn, items }: Checked<PutItemsRequest>): Promise<void> => {
    if (items.length > mostItems) {
      throw new InvalidInputException(`items has ${items.length} entries; at most ${mostItems} are allowed.`);
    }
    const dataset = datasetOfType(plane, datasetArn, "ITEMS");
    plane.throttle.assertWithin("records", datasetArn);
    const schema = plane.schemas(schemaOf(plane, dataset));
    const rows = items.map(({ itemId, properties }) => ({
      id: itemId,
      properties: propertiesOf(properties, schema, "ITEM_ID"),
    }));
    await plane.jobs.recordItems(datasetArn, dataset.datasetGroupArn, rows);
  };
