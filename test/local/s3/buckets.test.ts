import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import * as s3 from "@aws-sdk/client-s3";
import { refusal, startS3, type TestS3 } from "./s3-server.ts";

const Bucket = "configured-data";
let server: TestS3;
beforeAll(async () => {
  server = await startS3();
  await server.client.send(new s3.CreateBucketCommand({ Bucket }));
});
afterAll(() => server.stop());

const raw = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(`${server.url}${path}`, init);
  return { status: response.status, headers: response.headers, body: await response.text() };
};

describe("buckets", () => {
  it("are made, found, listed and deleted", async () => {
    await server.client.send(new s3.CreateBucketCommand({ Bucket: "another-one" }));
    const { Buckets } = await server.client.send(new s3.ListBucketsCommand({ Prefix: "another" }));
    const head = await server.client.send(new s3.HeadBucketCommand({ Bucket: "another-one" }));
    await server.client.send(new s3.DeleteBucketCommand({ Bucket: "another-one" }));

    expect(Buckets?.map(({ Name, BucketRegion }) => [Name, BucketRegion])).toEqual([["another-one", "us-east-1"]]);
    expect(head.BucketRegion).toBe("us-east-1");
    expect(await refusal(server.client.send(new s3.HeadBucketCommand({ Bucket: "another-one" })))).toBe("404 NotFound");
  });

  it("of one's own can be made again in us-east-1", async () => {
    expect(await refusal(server.client.send(new s3.CreateBucketCommand({ Bucket })))).toBe("no error");
  });

  it("are listed page by page", async () => {
    for (const name of ["page-a", "page-b", "page-c"])
      await server.client.send(new s3.CreateBucketCommand({ Bucket: name }));
    const page = (ContinuationToken?: string) =>
      server.client.send(new s3.ListBucketsCommand({ Prefix: "page-", MaxBuckets: 2, ContinuationToken }));

    const first = await page();
    const second = await page(first.ContinuationToken);

    expect(first.Buckets?.map(({ Name }) => Name)).toEqual(["page-a", "page-b"]);
    expect([second.Buckets?.map(({ Name }) => Name), second.ContinuationToken]).toEqual([["page-c"], undefined]);
  });

  it.each(["ab", "UPPER-case", "with_underscore", "-starts-with-dash", "two..dots", "192.168.0.1", "xn--reserved"])(
    "cannot be named %s",
    async (name) => {
      const { status, body } = await raw(`/${name}`, { method: "PUT" });

      expect(`${status} ${/<Code>(\w+)/.exec(body)?.[1]}`).toBe("400 InvalidBucketName");
    },
  );

  it("answer their creation without a body, because a prolog without an element breaks the aws cli", async () => {
    const { status, body, headers } = await raw("/bodyless-answer", { method: "PUT" });

    expect([status, body, headers.get("location")]).toEqual([200, "", "/bodyless-answer"]);
  });

  it("say where they are, which for us-east-1 is an empty element", async () => {
    expect((await server.client.send(new s3.GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined();
    expect((await raw(`/${Bucket}?location`)).body).toContain(
      '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>',
    );
  });

  it("elsewhere say so, and cannot be made twice", async () => {
    const berlin = await startS3({ region: "eu-central-1" });
    const make = () =>
      berlin.client.send(
        new s3.CreateBucketCommand({
          Bucket: "eu-data",
          CreateBucketConfiguration: { LocationConstraint: "eu-central-1" },
        }),
      );
    await make();

    expect((await berlin.client.send(new s3.GetBucketLocationCommand({ Bucket: "eu-data" }))).LocationConstraint).toBe(
      "eu-central-1",
    );
    expect(await refusal(make())).toBe("409 BucketAlreadyOwnedByYou");
    await berlin.stop();
  });
});

describe("configurations", () => {
  it.each([
    {
      what: "lifecycle",
      put: () =>
        new s3.PutBucketLifecycleConfigurationCommand({
          Bucket,
          LifecycleConfiguration: {
            Rules: [
              {
                ID: "old",
                Status: "Enabled",
                Filter: { Prefix: "runs/" },
                Expiration: { Days: 90 },
                NoncurrentVersionExpiration: { NoncurrentDays: 30 },
              },
              {
                ID: "dated",
                Status: "Disabled",
                Filter: { And: { Prefix: "a", Tags: [{ Key: "k", Value: "v" }] } },
                Expiration: { Date: new Date(Date.UTC(2027, 0, 1)) },
              },
            ],
          },
        }),
      get: () => new s3.GetBucketLifecycleConfigurationCommand({ Bucket }),
      remove: () => new s3.DeleteBucketLifecycleCommand({ Bucket }),
      absent: "404 NoSuchLifecycleConfiguration",
      answer: {
        Rules: [
          {
            ID: "old",
            Status: "Enabled",
            Filter: { Prefix: "runs/" },
            Expiration: { Days: 90 },
            NoncurrentVersionExpiration: { NoncurrentDays: 30 },
          },
          {
            ID: "dated",
            Status: "Disabled",
            Filter: { And: { Prefix: "a", Tags: [{ Key: "k", Value: "v" }] } },
            Expiration: { Date: new Date(Date.UTC(2027, 0, 1)) },
          },
        ],
      },
    },
    {
      what: "tags",
      put: () => new s3.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "a&b", Value: "<c>" }] } }),
      get: () => new s3.GetBucketTaggingCommand({ Bucket }),
      remove: () => new s3.DeleteBucketTaggingCommand({ Bucket }),
      absent: "404 NoSuchTagSet",
      answer: { TagSet: [{ Key: "a&b", Value: "<c>" }] },
    },
    {
      what: "public access block",
      put: () =>
        new s3.PutPublicAccessBlockCommand({
          Bucket,
          PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: false },
        }),
      get: () => new s3.GetPublicAccessBlockCommand({ Bucket }),
      remove: () => new s3.DeletePublicAccessBlockCommand({ Bucket }),
      absent: "404 NoSuchPublicAccessBlockConfiguration",
      answer: { PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: false } },
    },
    {
      what: "ownership controls",
      put: () =>
        new s3.PutBucketOwnershipControlsCommand({
          Bucket,
          OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] },
        }),
      get: () => new s3.GetBucketOwnershipControlsCommand({ Bucket }),
      remove: () => new s3.DeleteBucketOwnershipControlsCommand({ Bucket }),
      absent: "404 OwnershipControlsNotFoundError",
      answer: { OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] } },
    },
    {
      what: "policy",
      put: () => new s3.PutBucketPolicyCommand({ Bucket, Policy: '{"Statement":[]}' }),
      get: () => new s3.GetBucketPolicyCommand({ Bucket }),
      remove: () => new s3.DeleteBucketPolicyCommand({ Bucket }),
      absent: "404 NoSuchBucketPolicy",
      answer: { Policy: '{"Statement":[]}' },
    },
    {
      what: "cors",
      put: () =>
        new s3.PutBucketCorsCommand({
          Bucket,
          CORSConfiguration: { CORSRules: [{ AllowedMethods: ["GET"], AllowedOrigins: ["*"] }] },
        }),
      get: () => new s3.GetBucketCorsCommand({ Bucket }),
      remove: () => new s3.DeleteBucketCorsCommand({ Bucket }),
      absent: "404 NoSuchCORSConfiguration",
      answer: { CORSRules: [{ AllowedMethods: ["GET"], AllowedOrigins: ["*"] }] },
    },
  ])("$what: what was put is got, and then removed", async ({ put, get, remove, absent, answer }) => {
    const send = (command: unknown) => server.client.send(command as s3.GetBucketTaggingCommand);

    await send(put());
    const { $metadata: _, ...got } = await send(get());
    await send(remove());

    expect(got).toEqual(answer);
    expect(await refusal(send(get()))).toBe(absent);
  });

  it("encryption is on for every bucket, and shows in answers", async () => {
    const { ServerSideEncryptionConfiguration } = await server.client.send(
      new s3.GetBucketEncryptionCommand({ Bucket }),
    );
    const { ServerSideEncryption } = await server.client.send(new s3.PutObjectCommand({ Bucket, Key: "k", Body: "x" }));

    expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe(
      "AES256",
    );
    expect(ServerSideEncryption).toBe("AES256");
  });

  it("EventBridge stays the empty element that it is", async () => {
    await server.client.send(
      new s3.PutBucketNotificationConfigurationCommand({
        Bucket,
        NotificationConfiguration: { EventBridgeConfiguration: {} },
      }),
    );

    expect(
      (await server.client.send(new s3.GetBucketNotificationConfigurationCommand({ Bucket }))).EventBridgeConfiguration,
    ).toEqual({});
    expect((await raw(`/${Bucket}?notification`)).body).toContain(
      "<EventBridgeConfiguration></EventBridgeConfiguration>",
    );
  });

  it("a policy reaches IAM when put and when deleted", async () => {
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" }],
    });

    await server.client.send(new s3.PutBucketPolicyCommand({ Bucket, Policy }));
    const known = server.policies.get(`arn:aws:s3:::${Bucket}`);
    await server.client.send(new s3.DeleteBucketPolicyCommand({ Bucket }));

    expect(known).toEqual(JSON.parse(Policy));
    expect(server.policies.get(`arn:aws:s3:::${Bucket}`)).toBeUndefined();
  });

  it.each([
    { why: "a policy that is no JSON", path: "policy", body: "{oops", says: "MalformedPolicy" },
    {
      why: "XML that does not close",
      path: "versioning",
      body: "<VersioningConfiguration><Status>",
      says: "MalformedXML",
    },
    { why: "a document of another kind", path: "versioning", body: "<Tagging/>", says: "MalformedXML" },
    {
      why: "a status that does not exist",
      path: "versioning",
      body: "<VersioningConfiguration><Status>On</Status></VersioningConfiguration>",
      says: "MalformedXML",
    },
    { why: "nothing at all", path: "tagging", body: "", says: "MalformedXML" },
    { why: "what this S3 does not have", path: "website", body: "<WebsiteConfiguration/>", says: "NotImplemented" },
  ])("refuses $why: $says", async ({ path, body, says }) => {
    expect((await raw(`/${Bucket}?${path}`, { method: "PUT", body })).body).toContain(`<Code>${says}</Code>`);
  });
});
