import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { ListCampaignsCommand, PersonalizeClient } from "@aws-sdk/client-personalize";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { SignatureV4 } from "@smithy/signature-v4";
import { createHash, createHmac } from "node:crypto";
import { findSignature, isSignedWith } from "../../../../local/cloud/endpoint/sigv4.ts";
import type { IssuedKey } from "../../../../local/cloud/ports/credentials.ts";
import type { CallContext, Caller } from "../../../../local/cloud/ports/service.ts";
import { createSts } from "../../../../local/sts/create-sts.ts";
import { fakeService, startCloud } from "../../../support/running-cloud.ts";

const roleArn = "arn:aws:iam::000000000000:role/pipeline/judge";
const role: Caller = { kind: "role", roleArn, session: "run-1" };

let cloud: Awaited<ReturnType<typeof startCloud>>;
let key: IssuedKey;
let caller: Caller | undefined;
const remember = (_: unknown, context: CallContext) => {
  caller = context.caller;
  return {};
};

beforeAll(async () => {
  const s3Http = async (request: { resume(): void }, response: { end(): void }, context: CallContext) => {
    request.resume();
    caller = context.caller;
    response.end();
  };
  cloud = await startCloud(
    (deps) => [
      createSts({ ...deps, credentials: { issue: () => key, callerOf: () => role, find: () => undefined } }).service,
      fakeService("personalize", { ListCampaigns: remember }),
      fakeService("sns", { CreateTopic: remember }),
    ],
    { s3Http: s3Http },
  );
  key = cloud.credentials.issue(roleArn, "run-1");
});
beforeEach(() => void (caller = undefined));
afterAll(() => cloud.close());

const s3 = (credentials?: IssuedKey) => new S3Client({ ...cloud.client(credentials), forcePathStyle: true });

describe("requests signed with a key issued for a role", () => {
  it.each([
    {
      protocol: "JSON",
      send: (k: IssuedKey) => new PersonalizeClient(cloud.client(k)).send(new ListCampaignsCommand({})),
    },
    {
      protocol: "query",
      send: (k: IssuedKey) => new SNSClient(cloud.client(k)).send(new CreateTopicCommand({ Name: "ü" })),
    },
    {
      protocol: "S3 with an odd key",
      send: (k: IssuedKey) => s3(k).send(new PutObjectCommand({ Bucket: "b", Key: "a b/ü+(1)'*~=&?.csv", Body: "x" })),
    },
    {
      protocol: "S3 with a query",
      send: (k: IssuedKey) => s3(k).send(new GetObjectCommand({ Bucket: "b", Key: "k", VersionId: "a/b c" })),
    },
  ])("come from that role: $protocol", async ({ send }) => {
    await send(key);
    expect(caller).toEqual(role);
  });

  it.each([
    {
      why: "a wrong secret",
      change: { secretAccessKey: "wrong" },
      json: "InvalidSignatureException",
      query: "SignatureDoesNotMatch",
    },
    {
      why: "a wrong token",
      change: { sessionToken: "wrong" },
      json: "UnrecognizedClientException",
      query: "InvalidClientTokenId",
    },
  ])("are refused for $why, as each protocol calls it", async ({ change, json, query }) => {
    const wrong = { ...key, ...change };
    const viaJson = new PersonalizeClient(cloud.client(wrong)).send(new ListCampaignsCommand({}));
    await expect(viaJson).rejects.toMatchObject({ name: json, $metadata: { httpStatusCode: 400 } });
    const viaQuery = new SNSClient(cloud.client(wrong)).send(new CreateTopicCommand({ Name: "t" }));
    await expect(viaQuery).rejects.toMatchObject({ name: query, $metadata: { httpStatusCode: 403 } });
    const viaS3 = s3(wrong).send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: "x" }));
    await expect(viaS3).rejects.toMatchObject({ name: query, $metadata: { httpStatusCode: 403 } });
    expect(caller).toBeUndefined();
  });

  it("are refused once the key has expired", async () => {
    const short = cloud.credentials.issue(roleArn, "short", cloud.deps.clock.now() - 1);
    const late = new STSClient(cloud.client(short)).send(new GetCallerIdentityCommand({}));
    await expect(late).rejects.toMatchObject({ name: "ExpiredToken" });
  });
});

describe("other requests", () => {
  it("with the user's own key or with none come from the account", async () => {
    await new PersonalizeClient(cloud.client()).send(new ListCampaignsCommand({}));
    expect(caller).toEqual({ kind: "account" });
    caller = undefined;
    await fetch(`${cloud.url}/bucket/key`);
    expect(caller).toEqual({ kind: "account" });
  });
});

describe("presigned URLs", () => {
  async function presigned(credentials: IssuedKey, ageSeconds: number) {
    const signer = new SignatureV4({
      credentials,
      region: "us-east-1",
      service: "s3",
      sha256: Sha256,
      uriEscapePath: false,
    });
    const { host, hostname, port } = new URL(cloud.url);
    const request = {
      method: "GET",
      protocol: "http:",
      hostname,
      port: Number(port),
      path: "/b/k%20k",
      query: { versionId: "1" },
      headers: { host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
    };
    const signed = await signer.presign(request, {
      expiresIn: 60,
      signingDate: new Date(cloud.deps.clock.now() - ageSeconds * 1000),
    });
    return `${cloud.url}${signed.path}?${new URLSearchParams(signed.query as Record<string, string>).toString()}`;
  }

  it.each([
    { why: "are taken while they last", age: 30, wrong: {}, status: 200 },
    { why: "are refused after", age: 90, wrong: {}, status: 403 },
    { why: "are refused with a wrong secret", age: 0, wrong: { secretAccessKey: "x" }, status: 403 },
  ])("$why", async ({ age, wrong, status }) => {
    const response = await fetch(await presigned({ ...key, ...wrong }, age));
    expect(response.status).toBe(status);
    expect(caller).toEqual(status === 200 ? role : undefined);
  });
});

describe("the published example of Signature Version 4", () => {
  it("verifies: GET ListUsers of IAM, 2015-08-30, secret wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", () => {
    const request = {
      method: "GET",
      path: "/",
      query: "Action=ListUsers&Version=2010-05-08",
      rawHeaders: [
        "Content-Type",
        "application/x-www-form-urlencoded; charset=utf-8",
        "Host",
        "iam.amazonaws.com",
        "X-Amz-Date",
        "20150830T123600Z",
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
      ],
    };
    const signature = findSignature(request);
    if (!signature) throw new Error("no signature was found");
    const emptyHash = createHash("sha256").update("").digest("hex");
    expect(isSignedWith("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", request, signature, emptyHash)).toBe(true);
    expect(isSignedWith("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEX", request, signature, emptyHash)).toBe(false);
    expect(
      isSignedWith("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", { ...request, method: "PUT" }, signature, emptyHash),
    ).toBe(false);
  });
});

/** The hash that @smithy/signature-v4 wants to be given. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret as Uint8Array);
  }
  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
}
