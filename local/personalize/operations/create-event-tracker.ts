/** Makes the group's one event tracker, whose tracking id PutEvents names. */
import type { CreateEventTrackerRequest, CreateEventTrackerResponse } from "@aws-sdk/client-personalize";
import { arnOf } from "../arns.ts";
import { bear, born, findActive, those, type ControlPlane } from "../control-plane.ts";
import { ResourceAlreadyExistsException } from "../errors.ts";
import type { Checked } from "../model.ts";

export const createEventTracker =
  (plane: ControlPlane) =>
  async (input: Checked<CreateEventTrackerRequest>): Promise<CreateEventTrackerResponse> => {
    const { name, datasetGroupArn, tags } = input;
    findActive(plane, "datasetGroup", datasetGroupArn);
    const [taken] = those(plane, "eventTracker", (row) => row.datasetGroupArn === datasetGroupArn || row.name === name);
    if (taken) throw new ResourceAlreadyExistsException(taken.eventTrackerArn);
    const eventTrackerArn = arnOf(plane, "eventTracker", plane.ids.hex(8));
    const trackingId = plane.ids.uuid();
    const { account: accountId } = plane;
    const status = "CREATE PENDING";
    const row = { name, eventTrackerArn, accountId, trackingId, datasetGroupArn, status, ...born(plane) };
    await bear(plane, "eventTracker", row, tags);
    return { eventTrackerArn, trackingId };
  };
