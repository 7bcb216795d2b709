import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateCampaignCommand,
  DescribeCampaignCommand,
  GetSolutionMetricsCommand,
  InvalidInputException,
  ListCampaignsCommand,
  ListSchemasCommand,
  PersonalizeClient,
  ResourceNotFoundException,
} from "@aws-sdk/client-personalize";
import { PersonalizeEventsClient, PutEventsCommand } from "@aws-sdk/client-personalize-events";
import {
  GetRecommendationsCommand,
  PersonalizeRuntimeClient,
  ResourceNotFoundException as RuntimeNotFound,
} from "@aws-sdk/client-personalize-runtime";
import {
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-scheduler";
import { GetActivityTaskCommand, SFNClient, StartExecutionCommand, ExecutionAlreadyExists } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { connect } from "node:net";
import { AwsError } from "../../../../local/cloud/ports/aws-error.ts";
import { createEndpoint } from "../../../../local/cloud/endpoint/endpoint.ts";
import type { CallContext } from "../../../../local/cloud/ports/service.ts";
import { fakeService, startCloud } from "../../../support/running-cloud.ts";

const campaignArn = "arn:aws:personalize:us-east-1:000000000000:campaign/shop";
const solutionVersionArn = "arn:aws:personalize:us-east-1:000000000000:solution/shop/236f000b";
const seen: Record<string, unknown> = {};

/** Remembers what an operation was given and answers. */
const answers = (name: string, output: unknown) => (input: unknown, context: CallContext) => {
  seen[name] = input;
  seen.context = context;
  return output;
};
const throws = (error: Error) => () => {
  throw error;
};

let cloud: Awaited<ReturnType<typeof startCloud>>;
let activity: () => void;

beforeAll(async () => {
  cloud = await startCloud(
    (deps) => [
      fakeService("personalize", {
        CreateCampaign: answers("CreateCampaign", { campaignArn }),
        DescribeCampaign: answers("DescribeCampaign", {
          campaign: { campaignArn, status: "ACTIVE", creationDateTime: new Date(1599000000123), invented: 1 },
        }),
        GetSolutionMetrics: throws(new AwsError("ResourceNotFoundException", "Resource Arn X does not exist.")),
        ListCampaigns: throws(new Error("a bug of ours")),
      }),
      fakeService("personalize-runtime", {
        GetRecommendations: (input: { userId?: string }) => {
          if (input.userId === "nobody") throw new AwsError("ResourceNotFoundException", "no campaign");
          return { recommendationId: "r", itemList: [{ itemId: "42", score: 0.5 }] };
        },
      }),
      fakeService("personalize-events", { PutEvents: answers("PutEvents", {}) }),
      fakeService("states", {
        StartExecution: throws(new AwsError("ExecutionAlreadyExists", "Execution Already Exists: 'arn'")),
        GetActivityTask: async () => {
          activity();
          await deps.clock.sleep(60_000);
          return {};
        },
      }),
      fakeService("scheduler", {
        GetSchedule: answers("GetSchedule", { Name: "n", GroupName: "g", CreationDate: new Date(1500) }),
        ListSchedules: answers("ListSchedules", { Schedules: [] }),
        TagResource: answers("TagResource", {}),
        UntagResource: answers("UntagResource", {}),
      }),
      fakeService("lambda", {
        Invoke: answers("Invoke", { StatusCode: 202, FunctionError: "Unhandled", Payload: Buffer.from('{"a":"ü"}') }),
      }),
    ],
    {
      routes: [{ method: "GET", path: "/_outrank/page/*", handle: (_, response) => void response.end("page") }],
    },
  );
});
afterAll(() => cloud.close());

const post = (body: string, headers: Record<string, string>, path = "/") =>
  fetch(cloud.url + path, { method: "POST", body, headers });

describe("AWS JSON", () => {
  it("gives an operation what the SDK sent, and the SDK what it answers, dates and all", async () => {
    const personalize = new PersonalizeClient(cloud.client());

    const created = await personalize.send(
      new CreateCampaignCommand({ name: "shop", solutionVersionArn, minProvisionedTPS: 1 }),
    );
    const { campaign } = await personalize.send(new DescribeCampaignCommand({ campaignArn }));

    expect(created.campaignArn).toBe(campaignArn);
    expect(created.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(seen.CreateCampaign).toEqual({ name: "shop", solutionVersionArn, minProvisionedTPS: 1 });
    expect(campaign).toEqual({ campaignArn, status: "ACTIVE", creationDateTime: new Date(1599000000123) });
  });

  it("turns errors into the SDK's classes", async () => {
    const personalize = new PersonalizeClient(cloud.client());

    const missing = personalize.send(new GetSolutionMetricsCommand({ solutionVersionArn }));
    await expect(missing).rejects.toBeInstanceOf(ResourceNotFoundException);
    await expect(missing).rejects.toMatchObject({
      message: "Resource Arn X does not exist.",
      $metadata: { httpStatusCode: 400 },
    });
    const invalid = personalize.send(new CreateCampaignCommand({ name: "no spaces please", solutionVersionArn }));
    await expect(invalid).rejects.toBeInstanceOf(InvalidInputException);
    const twice = new SFNClient(cloud.client()).send(
      new StartExecutionCommand({ stateMachineArn: "arn:aws:states:x" }),
    );
    await expect(twice).rejects.toBeInstanceOf(ExecutionAlreadyExists);
  });

  it("hides our own bugs behind a request id that the log explains", async () => {
    const failing = new PersonalizeClient(cloud.client()).send(new ListCampaignsCommand({}));

    await expect(failing).rejects.toMatchObject({ name: "InternalFailure", $metadata: { httpStatusCode: 500 } });
    const error: unknown = await failing.catch((thrown: unknown) => thrown);
    const { requestId } = (error as { $metadata: { requestId: string } }).$metadata;
    expect(cloud.logged.join("\n")).toMatch(
      new RegExp(`${requestId} personalize ListCampaigns: Error: a bug of ours\\n\\s+at`),
    );
  });

  it.each([
    {
      why: "not JSON",
      target: "AmazonPersonalize.CreateCampaign",
      body: "{",
      status: 400,
      type: "SerializationException",
    },
    {
      why: "a wrong type",
      target: "AmazonPersonalize.CreateCampaign",
      body: '{"name":1}',
      status: 400,
      type: "SerializationException",
    },
    {
      why: "an operation that is none",
      target: "AmazonPersonalize.Dance",
      body: "{}",
      status: 400,
      type: "UnknownOperationException",
    },
    {
      why: "one that is not served",
      target: "AmazonPersonalize.ListRecipes",
      body: "{}",
      status: 400,
      type: "UnknownOperationException",
    },
    {
      why: "a service that is not there",
      target: "DynamoDB_20120810.GetItem",
      body: "{}",
      status: 501,
      type: "UnknownOperationException",
    },
  ])("refuses $why", async ({ target, body, status, type }) => {
    const response = await post(body, { "x-amz-target": target, "content-type": "application/x-amz-json-1.1" });

    expect(response.status).toBe(status);
    expect(response.headers.get("x-amzn-requestid")).toBeTruthy();
    expect(await response.json()).toMatchObject({ __type: type });
  });
});

describe("REST-JSON", () => {
  it("finds Personalize's runtime and events by their paths", async () => {
    const runtime = new PersonalizeRuntimeClient(cloud.client());
    const { itemList } = await runtime.send(new GetRecommendationsCommand({ campaignArn, userId: "7" }));
    expect(itemList).toEqual([{ itemId: "42", score: 0.5 }]);

    const events = new PersonalizeEventsClient(cloud.client());
    const event = { eventType: "view", sentAt: new Date(1767571200000), properties: '{"itemId":"1"}' };
    await events.send(new PutEventsCommand({ trackingId: "t", sessionId: "s", eventList: [event] }));
    expect(seen.PutEvents).toEqual({ trackingId: "t", sessionId: "s", eventList: [event] });
  });

  it("sends errors with the model's status", async () => {
    const runtime = new PersonalizeRuntimeClient(cloud.client());
    const missing = runtime.send(new GetRecommendationsCommand({ campaignArn, userId: "nobody" }));
    await expect(missing).rejects.toBeInstanceOf(RuntimeNotFound);
    await expect(missing).rejects.toMatchObject({ message: "no campaign", $metadata: { httpStatusCode: 404 } });
  });

  it("binds path, query, header, status and payload", async () => {
    const scheduler = new SchedulerClient(cloud.client());
    const schedule = await scheduler.send(new GetScheduleCommand({ Name: "a-b", GroupName: "g.1" }));
    expect(seen.GetSchedule).toEqual({ Name: "a-b", GroupName: "g.1" });
    expect(schedule.CreationDate).toEqual(new Date(1500));
    await scheduler.send(new ListSchedulesCommand({ MaxResults: 5, State: "ENABLED" }));
    expect(seen.ListSchedules).toEqual({ MaxResults: 5, State: "ENABLED" });
    const ResourceArn = "arn:aws:scheduler:us-east-1:000000000000:schedule-group/g";
    await scheduler.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: "a b", Value: "1" }] }));
    expect(seen.TagResource).toEqual({ ResourceArn, Tags: [{ Key: "a b", Value: "1" }] });
    await scheduler.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["a b", "c"] }));
    expect(seen.UntagResource).toEqual({ ResourceArn, TagKeys: ["a b", "c"] });

    const lambda = new LambdaClient(cloud.client());
    const FunctionName = "arn:aws:lambda:us-east-1:000000000000:function:judge";
    const invoked = await lambda.send(
      new InvokeCommand({ FunctionName, InvocationType: "Event", Payload: Buffer.from("{}") }),
    );
    expect(seen.Invoke).toEqual({ FunctionName, InvocationType: "Event", Payload: Buffer.from("{}") });
    expect(invoked).toMatchObject({ StatusCode: 202, FunctionError: "Unhandled" });
    expect(invoked.Payload?.transformToString()).toBe('{"a":"ü"}');
  });

  it("answers unknown paths of a known service in that service's words", async () => {
    const credential =
      "AWS4-HMAC-SHA256 Credential=test/20260105/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=00";
    const response = await post("", { authorization: credential }, "/2015-03-31/nonsense");
    expect(response.status).toBe(404);
    expect(response.headers.get("x-amzn-errortype")).toBe("UnknownOperationException");
  });
});

describe("the query protocol", () => {
  it("says so, in a form that clients can read, when a service is not there", async () => {
    const authorization =
      "AWS4-HMAC-SHA256 Credential=test/20260105/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=00";
    const response = await post("Action=DescribeVpcs&Version=2016-11-15", {
      authorization,
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    });

    expect(response.status).toBe(501);
    expect(await response.text()).toContain(
      "<ErrorResponse><Error><Code>UnknownOperationException</Code><Message>This cloud has no service &#34;ec2&#34;",
    );
  });
});

describe("the port", () => {
  it("has a health route and those that it is given", async () => {
    expect(await (await fetch(`${cloud.url}/_outrank/health`)).json()).toEqual({ status: "ok" });
    expect(await (await fetch(`${cloud.url}/_outrank/page/a/b`)).text()).toBe("page");
  });

  it("hands everything else to S3, unread", async () => {
    for (const path of ["/", "/bucket/key?x=1", "/functions"]) {
      expect((await fetch(cloud.url + path, { method: "PUT", body: "x" })).headers.get("x-test")).toBe("s3");
    }
  });

  it.each([
    { why: "another origin", headers: { origin: "https://evil.example" } },
    { why: "a rebound name", headers: { host: "evil.example:4566" } },
  ])("refuses requests of web pages from $why", async ({ headers }) => {
    const answer = await raw(
      `GET /_outrank/health HTTP/1.1\r\nHost: ${headers.host ?? "127.0.0.1"}\r\n${headers.origin ? `Origin: ${headers.origin}\r\n` : ""}Connection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 403/);
    expect(answer).toContain("<Code>AccessDenied</Code>");
  });

  it("lets the client wait for 100 Continue", async () => {
    const head = `POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AmazonPersonalize.DescribeCampaign\r\nExpect: 100-continue\r\nConnection: close\r\n`;
    const body = JSON.stringify({ campaignArn });
    const answer = await raw(`${head}Content-Length: ${body.length}\r\n\r\n`, (text, write) => {
      if (text === "HTTP/1.1 100 Continue\r\n\r\n") write(body);
    });
    expect(answer).toContain("HTTP/1.1 200 OK");
  });

  it("survives clients that go away within a request, and lets the clock go on", async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(cloud.url).port), "127.0.0.1", () => {
        socket.write(
          "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AmazonPersonalize.X\r\nContent-Length: 10\r\n\r\n{",
        );
        socket.end();
        socket.resume().on("close", () => resolve());
      });
    });

    await cloud.deps.clock.sleep(1_000);
    expect((await fetch(`${cloud.url}/_outrank/health`)).status).toBe(200);
  });

  it("does not hold the clock for long polls", async () => {
    const asked = new Promise<void>((resolve) => (activity = resolve));
    const polling = new SFNClient(cloud.client()).send(
      new GetActivityTaskCommand({ activityArn: "arn:aws:states:us-east-1:0:activity:a" }),
    );
    await asked;
    expect((await polling).taskToken).toBeUndefined();
  });

  it("finishes what is in progress when it closes, and does not wait for idle connections", async () => {
    let finish = () => {};
    let entered = () => {};
    const started = new Promise<void>((resolve) => (entered = resolve));
    const busy = await startCloud(() => [
      fakeService("personalize", {
        ListCampaigns: () => {
          entered();
          return new Promise((resolve) => (finish = () => resolve({ campaigns: [] })));
        },
        ListSchemas: () => ({ schemas: [] }),
      }),
    ]);
    const client = new PersonalizeClient(busy.client());
    await client.send(new ListSchemasCommand({}));
    const listing = client.send(new ListCampaignsCommand({}));
    await started;

    const closed = busy.close();
    finish();

    expect((await listing).campaigns).toEqual([]);
    await closed;
  });

  it("says so when the port is taken", async () => {
    const port = Number(new URL(cloud.url).port);
    const second = createEndpoint({ ...cloud, ...cloud.deps, s3Http: async () => {} });
    await expect(second.listen(port)).rejects.toThrow(`Port ${port} is in use`);
  });
});

/** Speaks HTTP by hand; resolves with everything that came back. */
function raw(
  request: string,
  onText: (text: string, write: (text: string) => void) => void = () => {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(Number(new URL(cloud.url).port), "127.0.0.1", () => socket.write(request));
    socket.on("data", (chunk) => {
      text += chunk.toString();
      onText(text, (more) => socket.write(more));
    });
    socket.on("end", () => resolve(text));
    socket.on("error", reject);
  });
}
