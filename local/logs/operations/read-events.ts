/** GetLogEvents, of one stream, and FilterLogEvents, across the streams of a group. */
import type {
  FilterLogEventsCommandInput,
  FilterLogEventsCommandOutput,
  GetLogEventsCommandInput,
  GetLogEventsCommandOutput,
} from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { compileFilterPattern } from "../filter-pattern.ts";
import type { LogStore, StoredEvent } from "../log-store.ts";
import { type Answer, groupNameOf } from "../names.ts";

const mostEvents = 10_000;

/** Tokens hold the position next to which to go on: forward after `f/…`, backward before `b/…`. */
export function getLogEvents(logs: LogStore, input: GetLogEventsCommandInput): Answer<GetLogEventsCommandOutput> {
  const group = logs.groupOf(input.logGroupName ?? groupNameOf(input.logGroupIdentifier));
  const stream = logs.streamOf(group.name, input.logStreamName);
  const all = logs.eventsOf(stream).filter(isWithin(input));
  const limit = input.limit ?? mostEvents;
  const token = parseToken(input.nextToken);
  const isForward = token ? token.forward : input.startFromHead === true;
  const rest = !token
    ? all
    : all.filter(({ position }) => (token.forward ? position > token.position : position < token.position));
  const events = isForward ? rest.slice(0, limit) : rest.slice(-limit);
  const unmoved = token?.position ?? "0";
  return {
    events: events.map(({ timestamp, message, ingestedAt }) => ({ timestamp, message, ingestionTime: ingestedAt })),
    nextForwardToken: `f/${events.at(-1)?.position ?? unmoved}`,
    nextBackwardToken: `b/${events[0]?.position ?? unmoved}`,
  };
}

export function filterLogEvents(
  logs: LogStore,
  input: FilterLogEventsCommandInput,
): Answer<FilterLogEventsCommandOutput> {
  const group = logs.groupOf(input.logGroupName ?? groupNameOf(input.logGroupIdentifier));
  const { logStreamNames: names, logStreamNamePrefix: prefix = "" } = input;
  const streams = logs
    .streamsOf(group.name)
    .filter(({ name }) => (names ? names.includes(name) : name.startsWith(prefix)));
  const matches = compileFilterPattern(input.filterPattern ?? "");
  const after = input.nextToken ?? "";
  const found = streams
    .flatMap((stream) => logs.eventsOf(stream))
    .filter((event) => isWithin(input)(event) && orderOf(event) > after && matches(event.message))
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const events = found.slice(0, input.limit ?? mostEvents);
  const last = events.at(-1);
  return {
    events: events.map((event) => ({
      logStreamName: event.stream,
      timestamp: event.timestamp,
      message: event.message,
      ingestionTime: event.ingestedAt,
      eventId: event.position.padStart(56, "0"),
    })),
    searchedLogStreams: [],
    nextToken: last && events.length < found.length ? orderOf(last) : undefined,
  };
}

/** By time and, for events of the same time, by stream. */
function orderOf({ position, stream }: StoredEvent): string {
  return `${position.slice(0, 16)}/${stream}/${position.slice(16)}`;
}

function isWithin({ startTime, endTime }: { startTime?: number | undefined; endTime?: number | undefined }) {
  return ({ timestamp }: StoredEvent) => timestamp >= (startTime ?? 0) && timestamp < (endTime ?? Infinity);
}

function parseToken(token: string | undefined): { forward: boolean; position: string } | undefined {
  if (token === undefined) return undefined;
  const match = /^([fb])\/(\d+)$/.exec(token);
  if (!match) throw new AwsError("InvalidParameterException", "The specified nextToken is invalid.");
  return { forward: match[1] === "f", position: match[2] ?? "0" };
}
