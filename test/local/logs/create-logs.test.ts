import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createLogs, type LogsParts } from "../../../local/logs/create-logs.ts";
import { compileFilterPattern } from "../../../local/logs/filter-pattern.ts";
import { startCloud } from "../../support/running-cloud.ts";

let cloud: Awaited<ReturnType<typeof startCloud>>;
let parts: LogsParts;
let client: CloudWatchLogsClient;
let now: number;

beforeEach(async () => {
  cloud = await startCloud((deps) => {
    parts = createLogs({
      ...deps,
      keys: {
        arnOf: (key) => key,
        assertUsable: (_, { key }) => {
          if (key === "arn:key/shut") throw new Error("shut");
        },
      },
    });
    return [parts.service];
  });
  client = new CloudWatchLogsClient(cloud.client());
  now = cloud.deps.clock.now();
});
afterEach(() => cloud.close());

const logGroupName = "/aws/lambda/judge";
const one = { logGroupName, logStreamName: "one" };
const put = (stream: string, logEvents: { timestamp: number; message: string }[]) =>
  client.send(new PutLogEventsCommand({ logGroupName, logStreamName: stream, logEvents }));
const create = async (...streams: string[]) => {
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  for (const logStreamName of streams) await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
};
const messages = (events: { message?: string }[] | undefined) => events?.map(({ message }) => message);

describe("log events", () => {
  it("are read in order of time, forward from the head or the newest first, page by page", async () => {
    await create("one");
    await put("one", [
      { timestamp: now + 2, message: "c" },
      { timestamp: now + 3, message: "d" },
    ]);
    await put("one", [
      { timestamp: now, message: "a" },
      { timestamp: now + 2, message: "c2" },
    ]);

    const tail = await client.send(new GetLogEventsCommand({ ...one, limit: 3 }));
    const before = await client.send(new GetLogEventsCommand({ ...one, nextToken: tail.nextBackwardToken }));
    const head = await client.send(new GetLogEventsCommand({ ...one, startFromHead: true, limit: 3 }));
    const next = await client.send(new GetLogEventsCommand({ ...one, nextToken: head.nextForwardToken }));
    const end = await client.send(new GetLogEventsCommand({ ...one, nextToken: next.nextForwardToken }));
    await put("one", [{ timestamp: now + 9, message: "e" }]);
    const later = await client.send(new GetLogEventsCommand({ ...one, nextToken: end.nextForwardToken }));

    expect(messages(tail.events)).toEqual(["c", "c2", "d"]);
    expect(messages(before.events)).toEqual(["a"]);
    expect(messages(head.events)).toEqual(["a", "c", "c2"]);
    expect(messages(next.events)).toEqual(["d"]);
    expect(end.events).toEqual([]);
    expect(end.nextForwardToken).toBe(next.nextForwardToken);
    expect(messages(later.events)).toEqual(["e"]);
  });

  it("are found across streams by time and pattern, page by page", async () => {
    await create("one", "two");
    await put("one", [
      { timestamp: now, message: "ERROR disk" },
      { timestamp: now + 5, message: "fine" },
    ]);
    await put("two", [
      { timestamp: now, message: "ERROR net" },
      { timestamp: now + 1, message: "ERROR disk again" },
    ]);

    const filter = { logGroupName, filterPattern: "ERROR", endTime: now + 5 };
    const first = await client.send(new FilterLogEventsCommand({ ...filter, limit: 2 }));
    const second = await client.send(new FilterLogEventsCommand({ ...filter, limit: 2, nextToken: first.nextToken }));
    const twoOnly = await client.send(new FilterLogEventsCommand({ ...filter, logStreamNames: ["two"] }));

    expect(messages(first.events)).toEqual(["ERROR disk", "ERROR net"]);
    expect(messages(second.events)).toEqual(["ERROR disk again"]);
    expect(second.nextToken).toBeUndefined();
    expect(messages(twoOnly.events)).toEqual(["ERROR net", "ERROR disk again"]);
  });

  it("must be in order, and neither too old nor too new", async () => {
    await create("one");
    const swapped = put("one", [
      { timestamp: now + 1, message: "b" },
      { timestamp: now, message: "a" },
    ]);
    await expect(swapped).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringContaining("chronological"),
    });
    const { rejectedLogEventsInfo } = await put("one", [
      { timestamp: now - 15 * 86_400_000, message: "old" },
      { timestamp: now, message: "kept" },
      { timestamp: now + 3 * 3_600_000, message: "new" },
    ]);
    expect(rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 });
    expect(messages((await client.send(new GetLogEventsCommand(one))).events)).toEqual(["kept"]);
  });

  it("that Lambda appends appear in streams made for them", async () => {
    parts.append("/aws/lambda/plan", "2026/01/05/[$LATEST]0a", ["START", "done ☃"]);
    const place = { logGroupName: "/aws/lambda/plan", logStreamName: "2026/01/05/[$LATEST]0a" };
    expect(messages((await client.send(new GetLogEventsCommand(place))).events)).toEqual(["START", "done ☃"]);
  });

  it("of a stream are bounded: the oldest go", async () => {
    for (let n = 0; n < 6; n++) parts.append("g", "s", [`${n}`.padEnd(2 ** 20, "x")]);
    const { events } = await client.send(new GetLogEventsCommand({ logGroupName: "g", logStreamName: "s" }));
    expect(events?.map(({ message }) => message?.[0])).toEqual(["3", "4", "5"]);
  });
});

describe("log groups and streams", () => {
  it("are described with what they hold", async () => {
    await create("one", "two");
    await put("two", [{ timestamp: now + 1, message: "12345" }]);
    await client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 30 }));

    const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/aws" }));
    const { logStreams } = await client.send(
      new DescribeLogStreamsCommand({ logGroupName, orderBy: "LastEventTime", descending: true }),
    );

    const arn = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/judge";
    expect(logGroups).toMatchObject([
      { logGroupName, retentionInDays: 30, storedBytes: 31, arn: `${arn}:*`, logGroupArn: arn },
    ]);
    expect(logStreams).toMatchObject([
      { logStreamName: "two", firstEventTimestamp: now + 1 },
      { logStreamName: "one" },
    ]);
  });

  it("are made once, and gone with all they held", async () => {
    await create("one");
    await expect(client.send(new CreateLogGroupCommand({ logGroupName }))).rejects.toBeInstanceOf(
      ResourceAlreadyExistsException,
    );
    await put("one", [{ timestamp: now, message: "a" }]);
    await client.send(new DeleteLogGroupCommand({ logGroupName }));
    const missing = client.send(new GetLogEventsCommand(one));
    await expect(missing).rejects.toBeInstanceOf(ResourceNotFoundException);
    await expect(missing).rejects.toThrow("The specified log group does not exist.");
    await create("one");
    expect((await client.send(new GetLogEventsCommand(one))).events).toEqual([]);
  });

  it("come from templates, with retention, and keep their events at every start", async () => {
    const properties = { LogGroupName: logGroupName, RetentionInDays: 7 };
    const apply = () =>
      parts.provisioners[0]?.apply({ stackName: "Shop", logicalId: "Log", physicalId: undefined, properties });
    const first = await apply();
    parts.append(logGroupName, "s", ["kept"]);
    expect(await apply()).toEqual(first);
    expect(first).toEqual({
      ref: logGroupName,
      attributes: { Arn: `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}:*` },
    });
    expect(messages((await client.send(new FilterLogEventsCommand({ logGroupName }))).events)).toEqual(["kept"]);
  });
});

describe("filter patterns", () => {
  it.each([
    { pattern: "", message: "anything", matches: true },
    { pattern: "a b", message: "b and a", matches: true },
    { pattern: "a b", message: "only a", matches: false },
    { pattern: '"a b"', message: "b a b", matches: true },
    { pattern: '"a b"', message: "a, b", matches: false },
    { pattern: "?x ?y", message: "y", matches: true },
    { pattern: "?x ?y", message: "z", matches: false },
    { pattern: "a -b", message: "a", matches: true },
    { pattern: "a -b", message: "a b", matches: false },
    { pattern: "ERROR", message: "error", matches: false },
  ])("$pattern on $message: $matches", ({ pattern, message, matches }) => {
    expect(compileFilterPattern(pattern)(message)).toBe(matches);
  });

  it("of JSON are refused with the remedy", () => {
    expect(() => compileFilterPattern('{ $.level = "ERROR" }')).toThrow("use terms");
  });
});

describe("a log group with a key", () => {
  const provision = (KmsKeyId?: string) => {
    const properties = { LogGroupName: "/locked", ...(KmsKeyId === undefined ? {} : { KmsKeyId }) };
    return parts.provisioners[0]!.apply({ stackName: "Shop", logicalId: "Logs", physicalId: undefined, properties });
  };
  const keyShown = async () => {
    const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/locked" }));
    return logGroups?.map(({ kmsKeyId }) => kmsKeyId);
  };

  it("tells its key, and forgets it with the template", async () => {
    await provision("arn:key/1");
    const locked = await keyShown();
    await provision();

    expect([locked, await keyShown()]).toEqual([["arn:key/1"], [undefined]]);
  });

  it("cannot be made with one that lets the service not in", async () => {
    await expect(provision("arn:key/shut")).rejects.toThrow(
      "The specified KMS key does not exist or is not allowed to be used with LogGroup " +
        "'arn:aws:logs:us-east-1:000000000000:log-group:/locked'",
    );
  });
});
