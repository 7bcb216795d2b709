/** CloudWatch Logs: groups, streams and events of this machine, and the port by which Lambda writes its own. */
import { AwsError } from "../cloud/ports/aws-error.ts";
import { type Keys, openKeys } from "../cloud/ports/keys.ts";
import { physicalName } from "../cloud/ports/physical-name.ts";
import type { AccessRequest, AwsService, Operation, Provisioner, ServiceDeps } from "../cloud/ports/service.ts";
import { type LogStore, openLogStore } from "./log-store.ts";
import { groupArn, groupNameOf, streamArn } from "./names.ts";
import {
  createLogGroup,
  createLogStream,
  deleteLogGroup,
  deleteLogStream,
  deleteRetentionPolicy,
  describeLogGroups,
  describeLogStreams,
  putRetentionPolicy,
} from "./operations/groups-and-streams.ts";
import { putLogEvents } from "./operations/put-log-events.ts";
import { filterLogEvents, getLogEvents } from "./operations/read-events.ts";
import { listTagsForResource, tagResource, untagResource } from "./operations/tags.ts";

export interface LogsParts {
  readonly service: AwsService;
  readonly provisioners: readonly Provisioner[];
  /** Adds lines of now to a stream; group and stream are made when new. On disk soon, not at once. */
  append(group: string, stream: string, lines: readonly string[]): void;
}

export interface LogsDeps extends ServiceDeps {
  /** Who may use the keys that groups are locked with; everybody by default. */
  readonly keys?: Keys;
}

export function createLogs({ keys = openKeys, ...deps }: LogsDeps): LogsParts {
  const logs = openLogStore(deps);
  const bound = Object.entries(operations).map(([name, run]) => [name, (input: unknown) => run(logs, input)] as const);
  return {
    service: {
      id: "logs",
      operations: Object.fromEntries(bound),
      access: (operation, input: LogsInput) => accessOf(deps, operation, input),
    },
    provisioners: [logGroup(logs, keys)],
    append: (group, stream, lines) => appendLines(logs, group, stream, lines),
  };
}

function appendLines(logs: LogStore, group: string, stream: string, lines: readonly string[]): void {
  if (!logs.groups.has(group)) logs.createGroup(group);
  if (!logs.streamsOf(group).some(({ name }) => name === stream)) logs.createStream(group, stream);
  const timestamp = logs.deps.clock.now();
  const events = lines.map((line) => ({ timestamp, message: line }));
  logs.append(group, stream, events);
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the table is heterogeneous; each function is typed where it is defined
const operations: Readonly<Record<string, (logs: LogStore, input: any) => ReturnType<Operation>>> = {
  CreateLogGroup: createLogGroup,
  CreateLogStream: createLogStream,
  DeleteLogGroup: deleteLogGroup,
  DeleteLogStream: deleteLogStream,
  DescribeLogGroups: describeLogGroups,
  DescribeLogStreams: describeLogStreams,
  PutRetentionPolicy: putRetentionPolicy,
  DeleteRetentionPolicy: deleteRetentionPolicy,
  PutLogEvents: putLogEvents,
  GetLogEvents: getLogEvents,
  FilterLogEvents: filterLogEvents,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
};

interface LogsInput {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
  readonly logStreamName?: string;
  readonly resourceArn?: string;
}

/** Events are judged by their stream, everything else by its group; policies write groups with ":*" at the end. */
function accessOf(deps: ServiceDeps, operation: string, input: LogsInput): AccessRequest[] {
  const action = `logs:${operation}`;
  const group = groupNameOf(input.logGroupName ?? input.logGroupIdentifier ?? input.resourceArn ?? "*");
  if (operation === "PutLogEvents" || operation === "GetLogEvents" || operation === "DeleteLogStream") {
    return [{ action, resource: streamArn(deps, group, input.logStreamName ?? "*") }];
  }
  const isTagging = input.resourceArn !== undefined;
  return [{ action, resource: isTagging ? groupArn(deps, group) : `${groupArn(deps, group)}:*` }];
}

/** The service itself uses the key, so the key's policy must let it in. */
function assertKeyUsable(deps: ServiceDeps, keys: Keys, group: string, key: string): void {
  const arn = groupArn(deps, group);
  const caller = { kind: "service", principal: `logs.${deps.region}.amazonaws.com`, sourceArn: arn } as const;
  try {
    for (const action of ["kms:GenerateDataKey", "kms:Decrypt"] as const) {
      keys.assertUsable(caller, { action, key, via: "logs", encryptionContext: { "aws:logs:arn": arn } });
    }
  } catch (error) {
    const message = `The specified KMS key does not exist or is not allowed to be used with LogGroup '${arn}'`;
    throw new AwsError("InvalidParameterException", message, { cause: error });
  }
}

function logGroup(logs: LogStore, keys: Keys): Provisioner {
  return {
    type: "AWS::Logs::LogGroup",
    async apply({ stackName, logicalId, properties }) {
      const { LogGroupName, RetentionInDays, KmsKeyId } = properties as Readonly<Record<string, string | undefined>> & {
        RetentionInDays?: number;
      };
      const name = LogGroupName ?? physicalName(stackName, logicalId, 512);
      if (KmsKeyId !== undefined) assertKeyUsable(logs.deps, keys, name, KmsKeyId);
      if (!logs.groups.has(name)) logs.createGroup(name);
      const { kmsKeyId: _, ...group } = logs.groupOf(name);
      const lock = KmsKeyId === undefined ? {} : { kmsKeyId: KmsKeyId };
      logs.groups.put(name, { ...group, retentionDays: RetentionInDays, ...lock });
      await logs.deps.store.commit();
      return { ref: name, attributes: { Arn: `${groupArn(logs.deps, name)}:*` } };
    },
    async remove(name) {
      logs.deleteGroup(name);
      await logs.deps.store.commit();
    },
  };
}
