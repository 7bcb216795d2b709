/** What subscribers get of a message: functions their event, web addresses a POST, mail boxes a file in the outbox. */
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSns } from "../../../local/sns/create-sns.ts";
import { openOutbox } from "../../../local/sns/delivery/outbox.ts";
import { startCloud } from "../../support/running-cloud.ts";

const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:hears";

interface Call {
  readonly service: string;
  readonly operation: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the calls of a test are as many as its services
  readonly input: any;
  readonly caller: unknown;
}

let cloud: Awaited<ReturnType<typeof startCloud>>;
let client: SNSClient;
let calls: Call[];
let log: string[];
let folder: string;
let web: Server;
let posted: { headers: Record<string, unknown>; body: string }[];
let heard: () => void;
let refuseCalls: boolean;

beforeEach(async () => {
  [calls, log, posted, heard, refuseCalls] = [[], [], [], () => {}, false];
  folder = mkdtempSync(join(tmpdir(), "outrank-outbox-"));
  web = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      posted.push({ headers: request.headers, body: Buffer.concat(pieces).toString() });
      response.end();
      heard();
    });
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  cloud = await startCloud((deps) => [
    createSns({
      ...deps,
      log: (line) => void log.push(line),
      setResourcePolicy: async () => {},
      outbox: openOutbox(folder),
      calls: {
        call: async (service, operation, input, caller) => {
          calls.push({ service, operation, input, caller });
          if (refuseCalls) throw new Error("the function's policy says no");
        },
      },
    }).service,
  ]);
  client = new SNSClient(cloud.client());
});
afterEach(async () => {
  await cloud.close();
  await new Promise((resolve) => web.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

async function topicWith(protocol: string, endpoint: string, attributes: Record<string, string> = {}): Promise<string> {
  const { TopicArn = "" } = await client.send(new CreateTopicCommand({ Name: "notices" }));
  const request = { TopicArn, Protocol: protocol, Endpoint: endpoint, Attributes: attributes };
  await client.send(new SubscribeCommand(request));
  return TopicArn;
}

const publish = (TopicArn: string, more: object = {}) =>
  client.send(new PublishCommand({ TopicArn, Subject: "It ended", Message: "Well.", ...more }));

describe("a subscriber", () => {
  it("that is a function is called by the topic, later, with SNS's event", async () => {
    const TopicArn = await topicWith("lambda", functionArn);

    const { MessageId } = await publish(TopicArn);

    const [call] = calls;
    expect(calls).toHaveLength(1);
    expect(call).toMatchObject({ service: "lambda", operation: "Invoke" });
    expect(call?.input).toMatchObject({ FunctionName: functionArn, InvocationType: "Event" });
    expect(call?.caller).toEqual({ kind: "service", principal: "sns.amazonaws.com", sourceArn: TopicArn });
    expect(JSON.parse(String(call?.input.Payload))).toMatchObject({
      Records: [{ EventSource: "aws:sns", Sns: { MessageId, TopicArn, Subject: "It ended", Message: "Well." } }],
    });
  });

  it("that is a web address gets SNS's notification", async () => {
    const { port } = web.address() as AddressInfo;
    const TopicArn = await topicWith("http", `http://127.0.0.1:${port}/`);
    const arrived = new Promise<void>((resolve) => (heard = resolve));

    await publish(TopicArn);
    await arrived;

    expect(posted[0]?.headers["x-amz-sns-message-type"]).toBe("Notification");
    expect(JSON.parse(posted[0]?.body ?? "")).toMatchObject({ Type: "Notification", Message: "Well.", TopicArn });
  });

  it("that wants messages raw gets the text alone", async () => {
    const { port } = web.address() as AddressInfo;
    const TopicArn = await topicWith("http", `http://127.0.0.1:${port}/`, { RawMessageDelivery: "true" });
    const arrived = new Promise<void>((resolve) => (heard = resolve));

    await publish(TopicArn);
    await arrived;

    expect(posted[0]?.body).toBe("Well.");
  });

  it("that is a mail box finds the mail in the outbox, whatever is in its subject", async () => {
    const TopicArn = await topicWith("email", "ann/../x@example.org");

    await publish(TopicArn, { MessageStructure: "json", Message: '{"default": "no", "email": "Well, Ann."}' });

    const [name = "", ...others] = readdirSync(folder);
    expect([name.endsWith("-ann_.._x@example.org.eml"), others]).toEqual([true, []]);
    const mail = readFileSync(join(folder, name), "utf8");
    expect(mail).toContain("To: ann/../x@example.org\nSubject: It ended\n");
    expect(mail).toContain("\n\nWell, Ann.\n");
  });

  it.each([
    { why: "its function may not be called", attributes: {}, refuses: true },
    { why: "it has a filter policy, which this cloud does not evaluate", attributes: { FilterPolicy: "{}" } },
  ])("that cannot be served fails nothing and is told of in the log: $why", async ({ attributes, refuses = false }) => {
    refuseCalls = refuses;
    const TopicArn = await topicWith("lambda", functionArn, attributes as Record<string, string>);

    await publish(TopicArn);

    expect(log.filter((line) => line.includes("was not delivered by lambda"))).toHaveLength(1);
  });
});
