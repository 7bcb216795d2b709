/** PutEvents: a user's clicks as they happen. They count at once in real-time recipes and filters, and in the next training. */
import type { PutEventsRequest } from "@aws-sdk/client-personalize-events";
import { sourceColumn } from "../attribution/attributions.ts";
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import { interactionsBehind, schemaOf } from "../events/datasets.ts";
import { assertEventSize, impressionOf, noteInteractions } from "../events/sent-event.ts";
import { eventPropertiesOf } from "../events/properties.ts";
import type { StreamedEvent } from "../job-runner.ts";
import type { Checked } from "../model.ts";
import type { ParsedSchema } from "../schema/avro-schema.ts";

const mostEvents = 10;

type SentEvent = Checked<PutEventsRequest>["eventList"][number];

export const putEvents =
  (plane: ControlPlane) =>
  async ({ trackingId, userId, sessionId, eventList }: Checked<PutEventsRequest>): Promise<void> => {
    if (eventList.length > mostEvents) {
      throw new InvalidInputException(`eventList has ${eventList.length} events; at most ${mostEvents} are allowed.`);
    }
    const dataset = interactionsBehind(plane, trackingId);
    const { datasetArn, datasetGroupArn } = dataset;
    plane.throttle.assertWithin("events", datasetGroupArn);
    const schema = plane.schemas(schemaOf(plane, dataset));
    const who = userId === undefined ? { sessionId } : { userId, sessionId };
    const events = eventList.map((event) => ({ ...who, ...streamed(plane, event, schema) }));
    let isCounted = false;
    const count = (added: readonly StreamedEvent[]) =>
      (isCounted = plane.attributions.noteEvents(datasetGroupArn, added));
    await plane.jobs.recordEvents(datasetArn, datasetGroupArn, events, count);
    if (isCounted) await plane.store.commit();
    noteInteractions(plane, datasetGroupArn);
  };

function streamed(
  plane: ControlPlane,
  event: SentEvent,
  schema: ParsedSchema,
): Omit<StreamedEvent, "userId" | "sessionId"> {
  assertEventSize(event);
  const { eventId, eventType, eventValue, itemId, recommendationId, sentAt, metricAttribution } = event;
  const impression = impressionOf(plane, event);
  const source = metricAttribution?.eventAttributionSource;
  return {
    eventId: eventId ?? plane.ids.uuid(),
    eventType,
    timestamp: Math.floor(sentAt.getTime() / 1000),
    ...(itemId === undefined ? {} : { itemId }),
    ...(eventValue === undefined ? {} : { eventValue }),
    ...(impression === undefined ? {} : { impression }),
    ...(recommendationId === undefined ? {} : { recommendationId }),
    properties: {
      ...eventPropertiesOf(event.properties, schema),
      ...(source === undefined ? {} : { [sourceColumn]: source }),
    },
  };
}
