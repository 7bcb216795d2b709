/**
 * `POST /groups/{group}/events`: what users do, archived in the form of an import and then streamed to the group's event
 * tracker. Archived first: what was answered with 200 can be imported again.
 */
import * as z from "zod";
import type { AvroSchema } from "../../pipeline/config/avro-schema.ts";
import { archiveOf, SentEvent, sentSeconds } from "../../pipeline/events/archive-rows.ts";
import { archivedEventsKey } from "../../pipeline/naming/bucket-layout.ts";
import { answering, HttpProblem, json, parsedBody } from "../lib/http.ts";

const Body = z.strictObject({
  userId: z.string().min(1).optional(),
  sessionId: z.string().min(1),
  eventList: z.array(SentEvent).min(1).max(10),
});
export type EventsBody = z.infer<typeof Body>;

export interface SendEventsDeps {
  readonly group: string;
  readonly schema: AvroSchema;
  /** Null while the group has none. */
  readonly trackingId: () => Promise<string | null>;
  readonly archive: (key: string, csv: string) => Promise<void>;
  readonly put: (trackingId: string, body: EventsBody, sentAt: readonly Date[]) => Promise<void>;
  readonly now: () => number;
  readonly uuid: () => string;
}

export const makeHandler = (deps: SendEventsDeps) =>
  answering(async (event) => {
    const body = parsedBody(event, Body);
    const trackingId = await deps.trackingId();
    if (trackingId === null) {
      const remedy = 'set "eventTracker": true for it in outrank.json, deploy, and let a run make it';
      throw new HttpProblem(409, "NoEventTracker", `Group ${deps.group} has no event tracker: ${remedy}`);
    }
    const csv = archiveOf(body.eventList, body.userId, deps.schema);
    if (csv !== null) await deps.archive(archivedEventsKey(deps.group, new Date(deps.now()), deps.uuid()), csv);
    const sentAt = body.eventList.map((one) => new Date(sentSeconds(one) * 1000));
    await deps.put(trackingId, body, sentAt);
    return json(200, { sent: body.eventList.length, archived: csv === null ? 0 : csv.split("\n").length - 2 });
  });
