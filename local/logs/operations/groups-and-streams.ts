/** Creating, describing and deleting log groups and streams; retention and tags of groups. */
import type {
  CreateLogGroupCommandInput,
  CreateLogStreamCommandInput,
  DeleteLogGroupCommandInput,
  DeleteLogStreamCommandInput,
  DeleteRetentionPolicyCommandInput,
  DescribeLogGroupsCommandInput,
  DescribeLogGroupsCommandOutput,
  DescribeLogStreamsCommandInput,
  DescribeLogStreamsCommandOutput,
  PutRetentionPolicyCommandInput,
} from "@aws-sdk/client-cloudwatch-logs";
import { page } from "../../cloud/ports/page.ts";
import { type Answer, groupArn, groupNameOf, streamArn } from "../names.ts";
import type { LogGroup, LogStore, LogStream } from "../log-store.ts";

export async function createLogGroup(logs: LogStore, input: CreateLogGroupCommandInput): Promise<void> {
  logs.createGroup(input.logGroupName ?? "", input.tags);
  await logs.deps.store.commit();
}

export async function createLogStream(logs: LogStore, input: CreateLogStreamCommandInput): Promise<void> {
  logs.createStream(logs.groupOf(input.logGroupName).name, input.logStreamName ?? "");
  await logs.deps.store.commit();
}

export async function deleteLogGroup(logs: LogStore, input: DeleteLogGroupCommandInput): Promise<void> {
  logs.deleteGroup(logs.groupOf(input.logGroupName).name);
  await logs.deps.store.commit();
}

export async function deleteLogStream(logs: LogStore, input: DeleteLogStreamCommandInput): Promise<void> {
  const { group, name } = logs.streamOf(logs.groupOf(input.logGroupName).name, input.logStreamName);
  logs.deleteStream(group, name);
  await logs.deps.store.commit();
}

export async function putRetentionPolicy(logs: LogStore, input: PutRetentionPolicyCommandInput): Promise<void> {
  const group = logs.groupOf(input.logGroupName);
  logs.groups.put(group.name, { ...group, retentionDays: input.retentionInDays });
  await logs.deps.store.commit();
}

export async function deleteRetentionPolicy(logs: LogStore, input: DeleteRetentionPolicyCommandInput): Promise<void> {
  const group = logs.groupOf(input.logGroupName);
  logs.groups.put(group.name, { ...group, retentionDays: undefined });
  await logs.deps.store.commit();
}

const mostDescribed = 50;

export function describeLogGroups(
  logs: LogStore,
  input: DescribeLogGroupsCommandInput,
): Answer<DescribeLogGroupsCommandOutput> {
  const { logGroupNamePrefix: prefix = "", logGroupNamePattern: pattern = "" } = input;
  const wanted = [...logs.groups.values()]
    .filter(({ name }) => name.startsWith(prefix) && name.toLowerCase().includes(pattern.toLowerCase()))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, next } = page(wanted, input.nextToken, input.limit, mostDescribed);
  return { logGroups: items.map((group) => groupToAws(logs, group)), nextToken: next };
}

export function describeLogStreams(
  logs: LogStore,
  input: DescribeLogStreamsCommandInput,
): Answer<DescribeLogStreamsCommandOutput> {
  const group = logs.groupOf(input.logGroupName ?? groupNameOf(input.logGroupIdentifier));
  const { logStreamNamePrefix: prefix = "" } = input;
  const described = logs
    .streamsOf(group.name)
    .filter(({ name }) => name.startsWith(prefix))
    .map((stream) => streamToAws(logs, stream));
  if (input.orderBy === "LastEventTime") {
    described.sort((a, b) => (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0));
  }
  if (input.descending) described.reverse();
  const { items, next } = page(described, input.nextToken, input.limit, mostDescribed);
  return { logStreams: items, nextToken: next };
}

function groupToAws(logs: LogStore, group: LogGroup) {
  const arn = groupArn(logs.deps, group.name);
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    retentionInDays: group.retentionDays,
    kmsKeyId: group.kmsKeyId,
    metricFilterCount: 0,
    arn: `${arn}:*`,
    logGroupArn: arn,
    logGroupClass: "STANDARD" as const,
    storedBytes: logs.streamsOf(group.name).reduce((sum, stream) => sum + logs.storedBytesOf(stream), 0),
  };
}

function streamToAws(logs: LogStore, stream: LogStream) {
  const events = logs.eventsOf(stream);
  const ingested = events.reduce((latest, { ingestedAt }) => Math.max(latest, ingestedAt), 0);
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAt,
    firstEventTimestamp: events[0]?.timestamp,
    lastEventTimestamp: events.at(-1)?.timestamp,
    lastIngestionTime: events.length > 0 ? ingested : undefined,
    arn: streamArn(logs.deps, stream.group, stream.name),
    storedBytes: 0, // AWS stopped counting this for streams in 2019
  };
}
