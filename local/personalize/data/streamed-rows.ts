/**
 * Rows that came by PutEvents, PutItems and PutUsers: kept apart from the bulk rows (invariant J3), in one append-only
 * log per dataset, and indexed in memory.
 */
import { join } from "node:path";
import type { StreamedEvent, StreamedRow } from "../job-runner.ts";
import { folderName } from "./stored-table.ts";

/** `<dataDir>/streamed/<dataset>.log`. */
export function streamedLogPath(dataDir: string, datasetArn: string): string {
  return join(dataDir, "streamed", `${folderName(datasetArn)}.log`);
}

/** Is told, before anything is awaited, which events had not come before (same eventId). */
export type WhenNew = (events: readonly StreamedEvent[]) => void;

export type RecordEvents = (
  datasetArn: string,
  datasetGroupArn: string,
  events: readonly StreamedEvent[],
  whenNew?: WhenNew,
) => Promise<void>;

export interface StreamedEvents {
  /** False for an event that was here before (same eventId). */
  add(event: StreamedEvent): boolean;
  /**
   * The events of a user, or of a session nobody has signed in to, oldest first (ties as they came). The same list each time, to
   * which events are added.
   */
  of(userOrSession: string): readonly StreamedEvent[];
  users(): IterableIterator<string>;
  /** Takes away all events of these users and sessions, anonymous ones of sessions that they signed in to as well. */
  forget(isListed: (userOrSession: string) => boolean): StreamedEvent[];
  /** Everybody's, in no particular order, anonymous sessions' included. */
  all(): Iterable<StreamedEvent>;
  readonly size: number;
}

const none: readonly StreamedEvent[] = [];

function insertByTime(events: StreamedEvent[], event: StreamedEvent): void {
  let at = events.length;
  while (at > 0 && (events[at - 1] as StreamedEvent).timestamp > event.timestamp) at--;
  events.splice(at, 0, event);
}

/**
 * An anonymous event belongs to its session until an event names both session and user; from then on the session's
 * events, earlier and later, are that user's. Sessions never signed in to are not trained on.
 */
export function createStreamedEvents(): StreamedEvents {
  const seen = new Set<string>();
  const byUser = new Map<string, StreamedEvent[]>();
  const bySession = new Map<string, StreamedEvent[]>();
  const sessionOwner = new Map<string, string>();
  const frugal = shareTexts();

  function listIn(map: Map<string, StreamedEvent[]>, key: string): StreamedEvent[] {
    let found = map.get(key);
    if (!found) map.set(key, (found = []));
    return found;
  }

  function join(sessionId: string, userId: string): void {
    if (sessionOwner.get(sessionId) === userId) return;
    sessionOwner.set(sessionId, userId);
    for (const event of bySession.get(sessionId) ?? []) insertByTime(listIn(byUser, userId), event);
    bySession.delete(sessionId);
  }

  return {
    add(sent) {
      if (seen.has(sent.eventId)) return false;
      seen.add(sent.eventId);
      const event = frugal(sent);
      if (event.userId !== undefined) join(event.sessionId, event.userId);
      const owner = event.userId ?? sessionOwner.get(event.sessionId);
      insertByTime(owner === undefined ? listIn(bySession, event.sessionId) : listIn(byUser, owner), event);
      return true;
    },
    of: (id) => byUser.get(id) ?? bySession.get(id) ?? byUser.get(sessionOwner.get(id) ?? id) ?? none,
    users: () => byUser.keys(),
    forget(isListed) {
      const gone: StreamedEvent[] = [];
      for (const map of [byUser, bySession]) {
        for (const [id, events] of map) if (isListed(id) && map.delete(id)) gone.push(...events);
      }
      for (const [session, owner] of sessionOwner) if (isListed(owner)) sessionOwner.delete(session);
      for (const { eventId } of gone) seen.delete(eventId);
      return gone;
    },
    *all() {
      for (const events of byUser.values()) yield* events;
      for (const events of bySession.values()) yield* events;
    },
    get size() {
      return seen.size;
    },
  };
}

/** The same event with ids and types that are held once, however many events name them: events stay in memory. */
function shareTexts(): (event: StreamedEvent) => StreamedEvent {
  const texts = new Map<string, string>();
  const shared = (text: string) => texts.get(text) ?? (texts.set(text, text), text);
  const none = {};
  return (event) => ({
    ...event,
    eventType: shared(event.eventType),
    ...(event.userId !== undefined && { userId: shared(event.userId) }),
    ...(event.itemId !== undefined && { itemId: shared(event.itemId) }),
    ...(event.properties && Object.keys(event.properties).length === 0 && { properties: none }),
  });
}

/** All events of a log, indexed. */
export function indexEvents(events: Iterable<StreamedEvent>): StreamedEvents {
  const index = createStreamedEvents();
  for (const event of events) index.add(event);
  return index;
}

/** The newest row of each id; a later row replaces an earlier one whole. */
export function newestRows(rows: Iterable<StreamedRow>): Map<string, StreamedRow["properties"]> {
  const newest = new Map<string, StreamedRow["properties"]>();
  for (const { id, properties } of rows) newest.set(id, properties);
  return newest;
}
