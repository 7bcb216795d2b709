/** PutEvents accepts each entry on its own: a bad one is reported in its place and does not hold up the others. */
import type {
  PutEventsRequest,
  PutEventsRequestEntry,
  PutEventsResponse,
  PutEventsResultEntry,
} from "@aws-sdk/client-eventbridge";
import type { DeliveryQueue, NewDelivery } from "../delivery/delivery-queue.ts";
import { envelope, type EventEnvelope } from "../event-envelope.ts";
import type { Ingest } from "../ingest.ts";
import { busNameOf, ValidationException, type EventsState } from "../state.ts";

/** Of one request, counted as AWS counts it: source, detail-type, detail, resources, and 14 bytes for a time. */
const mostBytes = 256 * 1024;

interface Checked {
  readonly result: PutEventsResultEntry;
  readonly accepted?: { readonly bus: string; readonly event: EventEnvelope };
}

export function putEvents(state: EventsState, ingest: Ingest, queue: DeliveryQueue) {
  return async ({ Entries: entries = [] }: PutEventsRequest): Promise<PutEventsResponse> => {
    if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > mostBytes) {
      throw new ValidationException("Total size of the entries in the request is over the limit.");
    }
    const checked = entries.map((entry) => check(state, entry));
    const deliveries = checked.flatMap(({ accepted }): NewDelivery[] =>
      accepted ? ingest.deliveriesFor(accepted.bus, accepted.event) : [],
    );
    await queue.accept(deliveries);
    return {
      FailedEntryCount: checked.filter(({ accepted }) => !accepted).length,
      Entries: checked.map(({ result }) => result),
    };
  };
}

const bytes = (text: string | undefined) => Buffer.byteLength(text ?? "", "utf8");

function sizeOf(entry: PutEventsRequestEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  return texts.reduce((sum, text) => sum + bytes(text), entry.Time ? 14 : 0);
}

function check(state: EventsState, entry: PutEventsRequestEntry): Checked {
  const failed = (ErrorCode: string, ErrorMessage: string): Checked => ({ result: { ErrorCode, ErrorMessage } });
  const { Source: source, DetailType: detailType, Detail: detail } = entry;
  const missing = Object.entries({ Source: source, DetailType: detailType, Detail: detail }).find(
    ([, value]) => !value,
  );
  if (missing || !source || !detailType || !detail) {
    const name = missing?.[0] ?? "Source";
    return failed("InvalidArgument", `Parameter ${name} is not valid. Reason: ${name} is a required argument.`);
  }
  if (/^aws\./.test(source)) return failed("NotAuthorizedForSourceException", "Not authorized for the source.");
  const bus = busNameOf(entry.EventBusName);
  // A bus that does not exist swallows events without a word, as in AWS.
  const parsed = parseDetail(detail);
  if (!parsed) return failed("MalformedDetail", "Detail is malformed.");
  const id = state.deps.ids.uuid();
  const at = entry.Time?.getTime() ?? state.deps.clock.now();
  const event = envelope({ id, source, detailType, resources: entry.Resources ?? [], detail: parsed, at }, state.deps);
  return { result: { EventId: id }, accepted: { bus, event } };
}

function parseDetail(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // Reported per entry, see MalformedDetail.
  }
}
