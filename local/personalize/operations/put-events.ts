/** PutEvents: a user's clicks as they happen. They count at once in real-time recipes and filters, and in the next training. */
import type { PutEventsRequest } from "@aws-sdk/client-personalize-events";
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import { interactionsBehind, schemaOf } from "../events/datasets.ts";
import { eventPropertiesOf } from "../events/properties.ts";
import type { StreamedEvent } from "../job-runner.ts";
import type { Checked } from "../model.ts";

const mostEvents = 10;

type SentEvent = Checked<PutEventsRequest>["eventList"][number];

export const putEvents =
  (plane: ControlPlane) =>
  async ({ trackingId, userId, sessionId, eventList }: Checked<PutEventsRequest>): Promise<void> => {
    if (eventList.length > mostEvents) {
      throw new InvalidInputException(`eventList has ${eventList.length} events; at most ${mostEvents} are allowed.`);
    }
    const dataset = interactionsBehind(plane, trackingId);
    const schema = schemaOf(plane, dataset);
    const who = userId === undefined ? { sessionId } : { userId, sessionId };
    const events = eventList.map((event) => ({ ...who, ...streamed(plane, event, schema) }));
    const { datasetArn, datasetGroupArn } = dataset;
    await plane.jobs.recordEvents(datasetArn, datasetGroupArn, events);
    plane.side.newInteractions.put(datasetGroupArn, plane.clock.now());
    await plane.store.commit();
  };

function streamed(plane: ControlPlane, event: SentEvent, schema: string): Omit<StreamedEvent, "userId" | "sessionId"> {
  const { eventId, eventType, eventValue, itemId, recommendationId, impression, sentAt } = event;
  return {
    eventId: eventId ?? plane.ids.uuid(),
    eventType,
    timestamp: Math.floor(new Date(sentAt).getTime() / 1000),
    ...(itemId === undefined ? {} : { itemId }),
    ...(eventValue === undefined ? {} : { eventValue }),
    ...(impression === undefined ? {} : { impression }),
    ...(recommendationId === undefined ? {} : { recommendationId }),
    properties: eventPropertiesOf(event.properties, schema),
  };
}
