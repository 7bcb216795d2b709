/**
 * Events as rows of the interactions dataset, so that what was streamed can be imported again. Columns are found as the
 * service finds them: a property `numRatings` is the column NUM_RATINGS. (Personalize developer guide, "PutEvents".)
 */
import * as z from "zod";
import type { AvroSchema } from "../config/avro-schema.ts";

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** One event as PutEvents takes it; times as epoch seconds or ISO text. */
export const SentEvent = z.strictObject({
  eventType: z.string().min(1),
  sentAt: z.union([
    z.number().max(100_000_000_000, "in seconds, not milliseconds: divide by 1000"),
    z.iso.datetime({ offset: true }),
  ]),
  eventId: z.string().optional(),
  itemId: z.string().min(1).optional(),
  eventValue: z.number().optional(),
  recommendationId: z.string().optional(),
  impression: z.array(z.string()).max(25).optional(),
  properties: z.record(z.string(), Scalar).optional(),
});
export type SentEvent = z.infer<typeof SentEvent>;

export const sentSeconds = ({ sentAt }: SentEvent): number =>
  Math.floor(typeof sentAt === "number" ? sentAt : Date.parse(sentAt) / 1000);

/** Letters and digits only: how the service compares names. */
const bare = (name: string): string => name.replace(/[^A-Za-z\d]/g, "").toLowerCase();

const quoted = (value: string): string => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** Null for an event that no import can hold: without a user or without an item. */
function rowOf(event: SentEvent, userId: string | undefined, schema: AvroSchema): string | null {
  if (userId === undefined || event.itemId === undefined) return null;
  const properties = new Map(Object.entries(event.properties ?? {}).map(([name, value]) => [bare(name), value]));
  const known: Readonly<Record<string, string | number | undefined>> = {
    USER_ID: userId,
    ITEM_ID: event.itemId,
    TIMESTAMP: sentSeconds(event),
    EVENT_TYPE: event.eventType,
    EVENT_VALUE: event.eventValue,
    RECOMMENDATION_ID: event.recommendationId,
    IMPRESSION: event.impression?.join("|"),
  };
  const values = schema.fields.map(({ name }) => known[name] ?? properties.get(bare(name)) ?? "");
  return values.map((value) => quoted(String(value))).join(",");
}

/** A CSV with the schema's header; null when none of the events can be a row. */
export function archiveOf(events: readonly SentEvent[], userId: string | undefined, schema: AvroSchema): string | null {
  const rows = events.flatMap((event) => rowOf(event, userId, schema) ?? []);
  return rows.length === 0 ? null : [schema.fields.map(({ name }) => name).join(","), ...rows, ""].join("\n");
}
