/**
 * Events on their way to EventBridge. An event is a row put in the same stretch as the change it tells of, and goes away
 * once the sink has it: a crash in between sends it again at the next start, never loses it.
 */
import type { CallContext, EventSink } from "../cloud/ports/service.ts";
import type { Store } from "../cloud/ports/store.ts";
import type { AnyVersion, Bucket } from "./model.ts";

export type CreationReason = "PutObject" | "CompleteMultipartUpload" | "CopyObject";
export type DeletionType = "Permanently Deleted" | "Delete Marker Created";

type Happening =
  | { readonly kind: "created"; readonly reason: CreationReason }
  | { readonly kind: "deleted"; readonly deletionType: DeletionType };

type OutgoingEvent = Parameters<EventSink["emit"]>[0];

export interface Outbox {
  /** Puts the event's row, where the bucket wants events. The caller commits, then passes the answer to `deliver`. */
  record(bucket: Bucket, version: AnyVersion, sequence: string, happening: Happening, context: CallContext): string[];
  deliver(keys: readonly string[]): Promise<void>;
  /** Sends what an earlier life of the process left. */
  resume(): Promise<void>;
}

/** Where the emulator's requests come from: it listens on the loopback interface only. */
const sourceIpAddress = "127.0.0.1";

/** Is EventBridge on in the bucket's notification configuration? An empty element there is enough. */
export const sendsEvents = (bucket: Bucket): boolean => {
  const notification = bucket.configurations.notification as { EventBridgeConfiguration?: unknown } | undefined;
  return notification?.EventBridgeConfiguration !== undefined;
};

/** The event as S3 words it: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export function describeChange(
  version: AnyVersion,
  sequence: string,
  happening: Happening,
  context: CallContext,
): OutgoingEvent {
  const content = version.kind === "object" && happening.kind === "created" ? { size: version.sizeBytes } : {};
  const etag = version.kind === "object" ? { etag: version.etag } : {};
  const versionId = version.versionId === "null" ? {} : { "version-id": version.versionId };
  const detail = {
    version: "0",
    bucket: { name: version.bucket },
    object: { key: version.key, ...content, ...etag, ...versionId, sequencer: sequence },
    "request-id": context.requestId,
    requester: context.caller.kind === "service" ? context.caller.principal : context.account,
    "source-ip-address": sourceIpAddress,
    ...(happening.kind === "created"
      ? { reason: happening.reason }
      : { reason: "DeleteObject", "deletion-type": happening.deletionType }),
  };
  const detailType = happening.kind === "created" ? "Object Created" : "Object Deleted";
  return { source: "aws.s3", detailType, resources: [`arn:aws:s3:::${version.bucket}`], detail };
}

export function createOutbox(store: Store, events: EventSink, log: (line: string) => void): Outbox {
  const rows = store.table<OutgoingEvent>("s3/outbox");

  async function deliver(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const event = rows.get(key);
      if (!event) continue;
      try {
        await events.emit(event);
        rows.delete(key); // not waited for: sending an event twice is allowed, losing one is not
      } catch (error) {
        log(`s3: an event stays in the outbox until the next start: ${String(error)}`);
      }
    }
  }

  return {
    record: (bucket, version, sequence, happening, context) => {
      if (!sendsEvents(bucket)) return [];
      rows.put(sequence, describeChange(version, sequence, happening, context));
      return [sequence];
    },
    deliver,
    resume: () => deliver([...rows.entries()].map(([key]) => key)),
  };
}
