/** PutUsers: new or changed users one by one; a row with the same id is replaced. */
import type { PutUsersRequest } from "@aws-sdk/client-personalize-events";
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import { datasetOfType, schemaOf } from "../events/datasets.ts";
import { propertiesOf } from "../events/properties.ts";
import type { Checked } from "../model.ts";

const mostUsers = 10;

export const putUsers =
  (plane: ControlPlane) =>
  async ({ datasetArn, users }: Checked<PutUsersRequest>): Promise<void> => {
    if (users.length > mostUsers) {
      throw new InvalidInputException(`users has ${users.length} entries; at most ${mostUsers} are allowed.`);
    }
    const dataset = datasetOfType(plane, datasetArn, "USERS");
    plane.throttle.assertWithin("records", datasetArn);
    const schema = plane.schemas(schemaOf(plane, dataset));
    const rows = users.map(({ userId, properties }) => ({
      id: userId,
      properties: propertiesOf(properties, schema, "USER_ID"),
    }));
    await plane.jobs.recordUsers(datasetArn, dataset.datasetGroupArn, rows);
  };
