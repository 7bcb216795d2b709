/**
 * Log groups, streams and their events. Events are written in chunks, as they arrive, one row a chunk; a stream keeps its
 * newest megabytes and what its group's retention allows, older chunks are dropped.
 */
import type { ServiceDeps } from "../cloud/ports/service.ts";
import type { Table } from "../cloud/ports/store.ts";
import { AwsError } from "../cloud/ports/aws-error.ts";

export interface LogGroup {
  readonly name: string;
  /** Epoch milliseconds, like all times here: the API has numbers too. */
  readonly createdAt: number;
  readonly retentionDays: number | undefined;
  /** What the group is locked with; absent: AWS's own key. */
  readonly kmsKeyId?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface LogStream {
  readonly group: string;
  readonly name: string;
  readonly createdAt: number;
}

export interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

export interface StoredEvent extends LogEvent {
  readonly stream: string;
  readonly ingestedAt: number;
  /** Sorts by time, then by arrival; never changes. */
  readonly position: string;
}

interface Chunk {
  readonly group: string;
  readonly stream: string;
  /** Number of the stream's first event in this chunk, since the stream began. */
  readonly first: number;
  readonly ingestedAt: number;
  readonly events: readonly LogEvent[];
}

export interface LogStore {
  readonly deps: ServiceDeps;
  readonly groups: Table<LogGroup>;
  groupOf(name: string | undefined): LogGroup;
  streamOf(group: string, name: string | undefined): LogStream;
  /** Streams of a group by name. */
  streamsOf(group: string): LogStream[];
  createGroup(name: string, tags?: Readonly<Record<string, string>>): void;
  createStream(group: string, name: string): void;
  deleteGroup(name: string): void;
  deleteStream(group: string, name: string): void;
  append(group: string, stream: string, events: readonly LogEvent[]): void;
  /** A stream's events by position. */
  eventsOf(stream: LogStream): StoredEvent[];
  storedBytesOf(stream: LogStream): number;
}

/** What a stream may hold in this process's memory. A training's log is some kilobytes. */
const longestStreamBytes = 4 * 2 ** 20;
const dayMilliseconds = 86_400_000;
/** CloudWatch counts this much for each event beside its message. */
const eventOverheadBytes = 26;

export function openLogStore(deps: ServiceDeps): LogStore {
  const { store, clock } = deps;
  const groups = store.table<LogGroup>("logs/groups");
  const streams = store.table<LogStream>("logs/streams");
  const chunks = store.table<Chunk>("logs/chunks");
  const byStream = new Map<string, Chunk[]>();
  for (const chunk of chunks.values()) chunksOf(streamKey(chunk.group, chunk.stream)).push(chunk);

  function chunksOf(key: string): Chunk[] {
    let found = byStream.get(key);
    if (!found) byStream.set(key, (found = []));
    return found;
  }

  function drop(key: string, chunk: Chunk): void {
    chunks.delete(`${key}\n${chunk.first}`);
  }

  function append(group: string, stream: string, events: readonly LogEvent[]): void {
    if (events.length === 0) return;
    const key = streamKey(group, stream);
    const known = chunksOf(key);
    const last = known.at(-1);
    const chunk = { group, stream, first: last ? last.first + last.events.length : 0, ingestedAt: clock.now(), events };
    known.push(chunk);
    chunks.put(`${key}\n${chunk.first}`, chunk);
    trim(key, known, groups.get(group)?.retentionDays);
  }

  /** Oldest chunks first; the one just written always stays. */
  function trim(key: string, known: Chunk[], retentionDays: number | undefined): void {
    const oldest = retentionDays === undefined ? -Infinity : clock.now() - retentionDays * dayMilliseconds;
    let sizeBytes = known.reduce((sum, chunk) => sum + chunkBytes(chunk), 0);
    while (known.length > 1) {
      const [first] = known;
      if (!first || (sizeBytes <= longestStreamBytes && first.ingestedAt >= oldest)) return;
      sizeBytes -= chunkBytes(first);
      drop(key, first);
      known.shift();
    }
  }

  function deleteStream(group: string, name: string): void {
    const key = streamKey(group, name);
    for (const chunk of chunksOf(key)) drop(key, chunk);
    byStream.delete(key);
    streams.delete(key);
  }

  const streamsOf = (group: string) =>
    [...streams.values()].filter((stream) => stream.group === group).sort((a, b) => (a.name < b.name ? -1 : 1));

  return {
    deps,
    groups,
    groupOf: (name = "") => groups.get(name) ?? notFound("group"),
    streamOf: (group, name = "") => streams.get(streamKey(group, name)) ?? notFound("stream"),
    streamsOf,
    createGroup(name, tags = {}) {
      if (groups.has(name)) throw alreadyThere("group");
      groups.put(name, { name, createdAt: clock.now(), retentionDays: undefined, tags });
    },
    createStream(group, name) {
      const key = streamKey(group, name);
      if (streams.has(key)) throw alreadyThere("stream");
      streams.put(key, { group, name, createdAt: clock.now() });
    },
    deleteGroup(name) {
      for (const stream of streamsOf(name)) deleteStream(name, stream.name);
      groups.delete(name);
    },
    deleteStream,
    append,
    eventsOf: ({ group, name }) => positioned(chunksOf(streamKey(group, name))),
    storedBytesOf: ({ group, name }) => chunksOf(streamKey(group, name)).reduce((sum, c) => sum + chunkBytes(c), 0),
  };
}

/** Names cannot hold a line feed. */
function streamKey(group: string, stream: string): string {
  return `${group}\n${stream}`;
}

function chunkBytes({ events }: Chunk): number {
  return events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + eventOverheadBytes, 0);
}

function positioned(chunks: readonly Chunk[]): StoredEvent[] {
  const events = chunks.flatMap(({ stream, first, ingestedAt, events }) =>
    events.map((event, index) => ({
      ...event,
      stream,
      ingestedAt,
      position: positionOf(event.timestamp, first + index),
    })),
  );
  return events.sort((a, b) => (a.position < b.position ? -1 : 1));
}

function positionOf(timestamp: number, number: number): string {
  return `${String(timestamp).padStart(16, "0")}${String(number).padStart(12, "0")}`;
}

function notFound(what: "group" | "stream"): never {
  throw new AwsError("ResourceNotFoundException", `The specified log ${what} does not exist.`);
}

function alreadyThere(what: "group" | "stream"): AwsError {
  return new AwsError("ResourceAlreadyExistsException", `The specified log ${what} already exists`);
}
