import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  InvalidParameterException,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  NotFoundException,
  PublishBatchCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { AccessDeniedException } from "../../../local/cloud/ports/aws-error.ts";
import type { Provisioner } from "../../../local/cloud/ports/service.ts";
import { createSns, type SnsParts } from "../../../local/sns/create-sns.ts";
import type { PublishedMessage } from "../../../local/sns/topics.ts";
import { startCloud } from "../../support/running-cloud.ts";

const arn = (name: string) => `arn:aws:sns:us-east-1:000000000000:${name}`;

let cloud: Awaited<ReturnType<typeof startCloud>>;
let parts: SnsParts;
let client: SNSClient;
let policies: Map<string, unknown>;
let heard: PublishedMessage[];
let uses: string[];
let refusedUses: Set<string>;

beforeEach(async () => {
  policies = new Map();
  heard = [];
  [uses, refusedUses] = [[], new Set()];
  cloud = await startCloud((deps) => {
    parts = createSns({
      ...deps,
      setResourcePolicy: async (resource, document) => void policies.set(resource, document),
      onPublish: (message) => void heard.push(message),
      keys: {
        arnOf: (key) => key,
        assertUsable: (_, { action, key, via }) => {
          uses.push(`${action} ${key} ${via}`);
          if (refusedUses.has(action)) throw new AccessDeniedException("role/writer", action, key);
        },
      },
    });
    return [parts.service];
  });
  client = new SNSClient(cloud.client());
});
afterEach(() => cloud.close());

const provisioner = (type: string) => parts.provisioners.find((it) => it.type === type) as Provisioner;
const apply = (type: string, logicalId: string, properties: Record<string, unknown>) =>
  provisioner(type).apply({ stackName: "Shop", logicalId, physicalId: undefined, properties });

describe("topics", () => {
  it("are the same when created twice, and gone when deleted", async () => {
    const tags = [{ Key: "team", Value: "a & <b>" }];
    const first = await client.send(new CreateTopicCommand({ Name: "news", Tags: tags }));
    const again = await client.send(new CreateTopicCommand({ Name: "news" }));
    expect([first.TopicArn, again.TopicArn]).toEqual([arn("news"), arn("news")]);
    expect((await client.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn: arn("news") }]);
    expect((await client.send(new ListTagsForResourceCommand({ ResourceArn: arn("news") }))).Tags).toEqual(tags);

    await client.send(new DeleteTopicCommand({ TopicArn: arn("news") }));
    await client.send(new DeleteTopicCommand({ TopicArn: arn("news") }));
    const gone = client.send(new GetTopicAttributesCommand({ TopicArn: arn("news") }));
    await expect(gone).rejects.toBeInstanceOf(NotFoundException);
    await expect(gone).rejects.toMatchObject({ message: "Topic does not exist", $metadata: { httpStatusCode: 404 } });
  });

  it("tell their attributes, and hand a policy on to IAM", async () => {
    await client.send(new CreateTopicCommand({ Name: "news", Attributes: { DisplayName: "News" } }));
    const Policy = JSON.stringify({ Statement: [] });
    await client.send(
      new SetTopicAttributesCommand({ TopicArn: arn("news"), AttributeName: "Policy", AttributeValue: Policy }),
    );

    const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn: arn("news") }));
    expect(Attributes).toMatchObject({ TopicArn: arn("news"), DisplayName: "News", Owner: "000000000000", Policy });
    expect(policies.get(arn("news"))).toBe(Policy);
  });

  it("come in pages of a hundred", async () => {
    for (let n = 0; n < 101; n++) await client.send(new CreateTopicCommand({ Name: `t${n}` }));
    const first = await client.send(new ListTopicsCommand({}));
    const second = await client.send(new ListTopicsCommand({ NextToken: first.NextToken }));
    expect([first.Topics?.length, second.Topics, second.NextToken]).toEqual([
      100,
      [{ TopicArn: arn("t100") }],
      undefined,
    ]);
  });
});

describe("messages", () => {
  beforeEach(async () => void (await client.send(new CreateTopicCommand({ Name: "news" }))));

  it("are kept, heard and logged without their text", async () => {
    const MessageAttributes = { group: { DataType: "String", StringValue: "shop" } };
    const { MessageId } = await client.send(
      new PublishCommand({ TopicArn: arn("news"), Subject: "Promoted", Message: "secret ☃", MessageAttributes }),
    );

    const message = {
      messageId: MessageId,
      topicArn: arn("news"),
      subject: "Promoted",
      message: "secret ☃",
      attributes: { group: "shop" },
      publishedAt: expect.any(Number),
    };
    expect(heard).toEqual([message]);
    expect(parts.messagesOf(arn("news"))).toEqual([message]);
    expect(cloud.logged).toEqual([`sns: message ${MessageId} on news, 0 subscriptions`]);
  });

  it("of a batch succeed and fail one by one", async () => {
    const PublishBatchRequestEntries = [
      { Id: "a", Message: "1" },
      { Id: "b", Message: "2", Subject: "line\nfeed" },
    ];
    const result = await client.send(new PublishBatchCommand({ TopicArn: arn("news"), PublishBatchRequestEntries }));
    expect(result.Successful).toEqual([{ Id: "a", MessageId: heard[0]?.messageId }]);
    expect(result.Failed).toEqual([
      { Id: "b", Code: "InvalidParameter", Message: "Invalid parameter: Subject", SenderFault: true },
    ]);
  });

  it.each([
    { why: "an empty text", input: { Message: "" }, message: "Invalid parameter: Empty message" },
    { why: "a long subject", input: { Message: "m", Subject: "s".repeat(101) }, message: "Invalid parameter: Subject" },
    { why: "too many bytes", input: { Message: "ü".repeat(131_073) }, message: "Invalid parameter: Message too long" },
    {
      why: "JSON without a default",
      input: { Message: "{}", MessageStructure: "json" },
      message: "Invalid parameter: Message Structure - No default entry in JSON message body",
    },
  ])("are refused for $why", async ({ input, message }) => {
    const refused = client.send(new PublishCommand({ TopicArn: arn("news"), ...input }));
    await expect(refused).rejects.toBeInstanceOf(InvalidParameterException);
    await expect(refused).rejects.toMatchObject({ message });
  });
});

describe("subscriptions", () => {
  it("are confirmed at once, the same when made twice, and can be taken back", async () => {
    await client.send(new CreateTopicCommand({ Name: "news" }));
    const input = { TopicArn: arn("news"), Protocol: "email", Endpoint: "a@example.org" };
    const { SubscriptionArn } = await client.send(new SubscribeCommand(input));
    expect((await client.send(new SubscribeCommand(input))).SubscriptionArn).toBe(SubscriptionArn);
    const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn("news") }));
    expect(Subscriptions).toEqual([{ ...input, SubscriptionArn, Owner: "000000000000" }]);
    await client.send(new UnsubscribeCommand({ SubscriptionArn }));
    expect((await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn("news") }))).Subscriptions).toEqual(
      [],
    );
  });

  it.each([
    {
      Protocol: "pigeon",
      Endpoint: "x",
      message: "Invalid parameter: Amazon SNS does not support this protocol string: pigeon",
    },
    { Protocol: "email", Endpoint: "nobody", message: "Invalid parameter: Endpoint" },
  ])("by $Protocol to $Endpoint are refused", async ({ message, ...input }) => {
    await client.send(new CreateTopicCommand({ Name: "news" }));
    await expect(client.send(new SubscribeCommand({ TopicArn: arn("news"), ...input }))).rejects.toMatchObject({
      message,
    });
  });
});

describe("SNS in a template", () => {
  it("makes the topic with its policy and subscriptions, the same at every start", async () => {
    const document = {
      Statement: [
        { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sns:Publish", Resource: "*" },
      ],
    };
    const start = async () => {
      const topic = await apply("AWS::SNS::Topic", "Notices", {
        DisplayName: "Notices",
        Subscription: [{ Protocol: "email", Endpoint: "a@example.org" }],
      });
      await apply("AWS::SNS::TopicPolicy", "NoticesPolicy", { Topics: [topic.ref], PolicyDocument: document });
      await apply("AWS::SNS::Subscription", "Mail", {
        TopicArn: topic.ref,
        Protocol: "email",
        Endpoint: "b@example.org",
      });
      return topic;
    };

    const first = await start();
    const second = await start();

    expect(second).toEqual(first);
    expect(first.ref).toMatch(/^arn:aws:sns:us-east-1:000000000000:Shop-Notices-[0-9A-F]{12}$/);
    expect(first.attributes.TopicName).toBe(first.ref.split(":")[5]);
    expect(policies.get(first.ref)).toEqual(document);
    const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: first.ref }));
    expect(Subscriptions?.map(({ Endpoint }) => Endpoint)).toEqual(["a@example.org", "b@example.org"]);
    const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn: first.ref }));
    expect(JSON.parse(Attributes?.Policy ?? "")).toEqual(document);
    await client.send(new TagResourceCommand({ ResourceArn: first.ref, Tags: [{ Key: "k", Value: "v" }] }));
    await provisioner("AWS::SNS::Topic").remove(first.ref);
    expect((await client.send(new ListTopicsCommand({}))).Topics).toEqual([]);
  });
});

describe("a topic with a key", () => {
  const topic = arn("locked");
  beforeEach(() => apply("AWS::SNS::Topic", "Locked", { TopicName: "locked", KmsMasterKeyId: "arn:key/1" }));
  const say = () => client.send(new PublishCommand({ TopicArn: topic, Message: "hello" }));

  it("asks whoever publishes for the two permissions that SNS needs", async () => {
    await say();

    expect(uses).toEqual(["kms:GenerateDataKey arn:key/1 sns", "kms:Decrypt arn:key/1 sns"]);
    expect(heard).toHaveLength(1);
  });

  it.each(["kms:GenerateDataKey", "kms:Decrypt"])("refuses the message without %s, in SNS's name", async (action) => {
    refusedUses.add(action);

    await expect(say()).rejects.toMatchObject({
      ...{ name: "KMSAccessDeniedException", message: expect.stringContaining(`not authorized to perform: ${action}`) },
    });
    expect(heard).toEqual([]);
  });

  it("asks nothing for a topic without one", async () => {
    await client.send(new CreateTopicCommand({ Name: "open" }));
    await client.send(new PublishCommand({ TopicArn: arn("open"), Message: "hello" }));

    expect(uses).toEqual([]);
  });
});
