/** PutActionInteractions: what users did with the actions they were shown, under the tracking id of the dataset itself. */
import type { PutActionInteractionsRequest } from "@aws-sdk/client-personalize-events";
import type { ControlPlane } from "../control-plane.ts";
import { InvalidInputException } from "../errors.ts";
import { actionInteractionsBehind, schemaOf } from "../events/datasets.ts";
import { assertEventSize, impressionOf } from "../events/sent-event.ts";
import { eventPropertiesOf } from "../events/properties.ts";
import type { StreamedEvent } from "../job-runner.ts";
import type { Checked } from "../model.ts";
import type { ParsedSchema } from "../schema/avro-schema.ts";

type SentInteraction = Checked<PutActionInteractionsRequest>["actionInteractions"][number];

const mostInteractions = 10;
/** The only event types that actions have. */
const eventTypes = ["TAKEN", "NOT_TAKEN", "VIEWED"];

export const putActionInteractions =
  (plane: ControlPlane) =>
  async ({ trackingId, actionInteractions }: Checked<PutActionInteractionsRequest>): Promise<void> => {
    const count = actionInteractions.length;
    if (count > mostInteractions) {
      throw new InvalidInputException(
        `actionInteractions has ${count} entries; at most ${mostInteractions} are allowed.`,
      );
    }
    const dataset = actionInteractionsBehind(plane, trackingId);
    plane.throttle.assertWithin("events", dataset.datasetGroupArn);
    const schema = plane.schemas(schemaOf(plane, dataset));
    const events = actionInteractions.map((interaction) => streamed(plane, interaction, schema));
    await plane.jobs.recordEvents(dataset.datasetArn, dataset.datasetGroupArn, events);
  };

/** The action stands where an event has its item: both are what the user met. */
function streamed(plane: ControlPlane, interaction: SentInteraction, schema: ParsedSchema): StreamedEvent {
  const { actionId, sessionId, timestamp, eventType, userId, eventId, recommendationId } = interaction;
  assertEventSize(interaction);
  const impression = impressionOf(plane, interaction);
  const type = eventType.toUpperCase().replace(" ", "_");
  if (!eventTypes.includes(type)) {
    throw new InvalidInputException(`eventType is ${eventType}; actions have ${eventTypes.join(", ")}.`);
  }
  return {
    ...(userId === undefined ? {} : { userId }),
    sessionId,
    eventId: eventId ?? plane.ids.uuid(),
    eventType: type,
    timestamp: Math.floor(timestamp.getTime() / 1000),
    itemId: actionId,
    ...(impression === undefined ? {} : { impression }),
    ...(recommendationId === undefined ? {} : { recommendationId }),
    properties: eventPropertiesOf(interaction.properties, schema),
  };
}
