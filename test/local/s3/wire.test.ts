/** What the SDK never sends, or sends only at times: raw requests, framed bodies, presigned URLs, foreign clients. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createHash, createHmac } from "node:crypto";
import http from "node:http";
import { crc32 } from "node:zlib";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { SignatureV4 } from "@smithy/signature-v4";
import { startS3, type TestS3 } from "./s3-server.ts";

const Bucket = "wire-data";
let server: TestS3;
beforeAll(async () => {
  server = await startS3();
  await server.client.send(new CreateBucketCommand({ Bucket }));
  await server.client.send(new PutObjectCommand({ Bucket, Key: "here", Body: "content" }));
});
afterAll(() => server.stop());

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** One request with exactly these headers; `chunks` are written one by one. */
function send(
  method: string,
  path: string,
  headers: http.OutgoingHttpHeaders = {},
  chunks: readonly (string | Buffer)[] = [],
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ port: new URL(server.url).port, method, path, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(pieces).toString(),
        }),
      );
    });
    request.on("error", reject);
    for (const chunk of chunks) request.write(chunk);
    request.end();
  });
}

const base64Crc32 = (text: string) => Buffer.from(crc32(text).toString(16).padStart(8, "0"), "hex").toString("base64");
const codeOf = ({ body }: Answer) => /<Code>(\w+)<\/Code>/.exec(body)?.[1];
const stored = async (Key: string) =>
  (await server.client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

describe("an error", () => {
  it("is S3's document, with the request's ids in it and in the headers", async () => {
    const { status, headers, body } = await send("GET", `/${Bucket}/a%26b`);
    const id = headers["x-amz-request-id"];

    expect(status).toBe(404);
    expect(headers["content-type"]).toBe("application/xml");
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message>' +
        `<Key>a&amp;b</Key><RequestId>${String(id)}</RequestId><HostId>${String(headers["x-amz-id-2"])}</HostId></Error>`,
    );
  });

  it("of HEAD has no body", async () => {
    expect(await send("HEAD", `/${Bucket}/missing`)).toMatchObject({ status: 404, body: "" });
  });

  it.each([
    { why: "a method that S3 does not have", method: "PATCH", path: `/${Bucket}/k`, says: "405 MethodNotAllowed" },
    { why: "a path that cannot be decoded", method: "GET", path: `/${Bucket}/%E0%A4%A`, says: "400 InvalidURI" },
    {
      why: "a page size that is no number",
      method: "GET",
      path: `/${Bucket}?list-type=2&max-keys=many`,
      says: "400 InvalidArgument",
    },
    { why: "a known operation that is not here", method: "GET", path: `/${Bucket}?acl`, says: "501 NotImplemented" },
    { why: "an empty list of deletions", method: "POST", path: `/${Bucket}?delete`, says: "400 MalformedXML" },
  ])("for $why: $says", async ({ method, path, says }) => {
    const answer = await send(method, path);

    expect(`${answer.status} ${codeOf(answer)}`).toBe(says);
  });

  it("reaches the client though a large body is still coming", async () => {
    const body = Buffer.alloc(3_000_000);

    const answer = await send("PUT", "/nowhere-bucket/k", { "content-length": body.length }, [body]);

    expect(codeOf(answer)).toBe("NoSuchBucket");
  });
});

describe("an aws-chunked body", () => {
  const text = "hello, chunked world";
  const framed = (trailer: string, data = text) =>
    `5\r\n${data.slice(0, 5)}\r\n${(data.length - 5).toString(16)};chunk-signature=abc\r\n${data.slice(5)}\r\n0\r\n${trailer}\r\n\r\n`;
  const headers = (more: object = {}) => ({
    "content-encoding": "aws-chunked",
    "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "x-amz-decoded-content-length": text.length,
    "x-amz-trailer": "x-amz-checksum-crc32",
    ...more,
  });

  it("is unpacked, however the network cuts it, and its trailing checksum returned", async () => {
    const bytes = framed(`x-amz-checksum-crc32:${base64Crc32(text)}`);

    const answer = await send("PUT", `/${Bucket}/chunked`, headers(), [...bytes]);

    expect([answer.status, answer.headers["x-amz-checksum-crc32"]]).toEqual([200, base64Crc32(text)]);
    expect(await stored("chunked")).toBe(text);
  });

  it.each([
    { why: "the trailing checksum is wrong", body: framed("x-amz-checksum-crc32:AAAAAA=="), says: "400 BadDigest" },
    { why: "the announced trailer is missing", body: framed(""), says: "400 IncompleteBody" },
    { why: "the last chunk is missing", body: `5\r\nhello\r\n`, says: "400 IncompleteBody" },
    { why: "a chunk is cut off", body: `14\r\nhello`, says: "400 IncompleteBody" },
    { why: "a chunk is longer than it says", body: `3\r\nhello\r\n0\r\n\r\n`, says: "400 IncompleteBody" },
    { why: "a size is no number", body: `zz\r\nhello\r\n0\r\n\r\n`, says: "400 IncompleteBody" },
    {
      why: "the length is not the one declared",
      body: framed(`x-amz-checksum-crc32:${base64Crc32(`${text}!`)}`, `${text}!`),
      says: "400 IncompleteBody",
    },
  ])("is refused when $why", async ({ body, says }) => {
    const answer = await send("PUT", `/${Bucket}/refused`, headers(), [body]);

    expect(`${answer.status} ${codeOf(answer)}`).toBe(says);
    await expect(stored("refused")).rejects.toMatchObject({ name: "NoSuchKey" });
  });
});

describe("a signed payload", () => {
  it.each([
    { why: "matches", sent: "signed", says: "200 undefined" },
    { why: "was changed on the way", sent: "forged", says: "400 XAmzContentSHA256Mismatch" },
  ])("that $why: $says", async ({ sent, says }) => {
    const sha256 = createHash("sha256").update("signed").digest("hex");

    const answer = await send("PUT", `/${Bucket}/signed`, { "x-amz-content-sha256": sha256 }, [sent]);

    expect(`${answer.status} ${codeOf(answer)}`).toBe(says);
  });
});

describe("a presigned URL", () => {
  /** Signed by the SDK's own signer, at the server's time unless told otherwise. */
  async function presign(
    method: string,
    path: string,
    {
      expiresIn = 900,
      at = server.now,
      query = {},
    }: { expiresIn?: number; at?: number; query?: Record<string, string> } = {},
  ) {
    const { hostname, port } = new URL(server.url);
    const sha256 = class {
      private readonly hash;
      constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
        this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret as never);
      }
      update(data: Uint8Array) {
        this.hash.update(data);
      }
      async digest() {
        return new Uint8Array(this.hash.digest());
      }
    };
    const signer = new SignatureV4({
      service: "s3",
      region: "us-east-1",
      uriEscapePath: false,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      sha256: sha256,
    });
    const signed = await signer.presign(
      {
        method,
        protocol: "http:",
        hostname,
        port: Number(port),
        path,
        query,
        headers: { host: `${hostname}:${port}` },
      },
      { expiresIn, signingDate: new Date(at) },
    );
    return `${path}?${new URLSearchParams(signed.query as Record<string, string>).toString()}`;
  }

  it("reads and writes for anybody who has it", async () => {
    const written = await send("PUT", await presign("PUT", `/${Bucket}/presigned`), {}, ["by link"]);
    const read = await send(
      "GET",
      await presign("GET", `/${Bucket}/presigned`, { query: { "response-content-type": "text/x-chosen" } }),
    );

    expect([written.status, read.body, read.headers["content-type"]]).toEqual([200, "by link", "text/x-chosen"]);
  });

  it.each([
    { why: "has expired", how: { at: Date.UTC(2026, 0, 1) }, says: "403 AccessDenied" },
    { why: "lasts longer than a week", how: { expiresIn: 604_801 }, says: "400 AuthorizationQueryParametersError" },
  ])("that $why is refused", async ({ how, says }) => {
    const path =
      "expiresIn" in how
        ? (await presign("GET", `/${Bucket}/here`)).replace("X-Amz-Expires=900", "X-Amz-Expires=604801")
        : await presign("GET", `/${Bucket}/here`, how);

    const answer = await send("GET", path);

    expect(`${answer.status} ${codeOf(answer)}`).toBe(says);
  });
});
