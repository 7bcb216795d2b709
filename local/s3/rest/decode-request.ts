/** A request into an operation's input: each member from the place that AWS's schema says it travels in. */
import type { IncomingMessage } from "node:http";
import { createHash } from "node:crypto";
import type { NormalizedSchema } from "@smithy/core/schema";
import { decodeAwsChunked } from "../body/aws-chunked.ts";
import { algorithmNames, algorithms } from "../body/checksums.ts";
import type { ObjectBody } from "../body/object-body.ts";
import { badDigest, malformedXml, payloadMismatch, S3Error } from "../errors.ts";
import type { WireOperation } from "./operation-schemas.ts";
import type { Target } from "./route.ts";
import { readParameter } from "./scalar.ts";
import { readDocument } from "./xml.ts";

/** A thousand keys of a kilobyte, each escaped, in DeleteObjects; policies and configurations are far smaller. */
const longestDocumentBytes = 8 * 1024 * 1024;

type Headers = IncomingMessage["headers"];

const headerOf = (headers: Headers, name: string): string | undefined => {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(",") : value;
};

function prefixed(headers: Headers, prefix: string): Record<string, string> {
  const names = Object.keys(headers).filter((name) => name.startsWith(prefix));
  return Object.fromEntries(
    names.map((name) => [name.slice(prefix.length), decodeMetadata(headerOf(headers, name) ?? "")]),
  );
}

/** Node reads headers as Latin-1; clients send UTF-8. */
const decodeMetadata = (value: string) => Buffer.from(value, "latin1").toString("utf8");

/** One member from path, query or headers; the payload comes later. */
function boundMember(member: string, schema: NormalizedSchema, target: Target, headers: Headers): unknown {
  const { httpLabel, httpQuery, httpHeader, httpPrefixHeaders } = schema.getMergedTraits();
  if (httpLabel) return member === "Bucket" ? target.bucket : target.key;
  if (httpPrefixHeaders) return prefixed(headers, httpPrefixHeaders.toLowerCase());
  const name = httpQuery ?? httpHeader;
  if (name === undefined) return undefined;
  // A presigned URL carries headers of the request as query parameters.
  const text = httpQuery ? target.query.get(httpQuery) : (headerOf(headers, name) ?? queryHeader(target.query, name));
  return text === null || text === undefined ? undefined : readParameter(name, schema, text);
}

const queryHeader = (query: URLSearchParams, name: string) =>
  name.startsWith("x-amz-") ? (query.get(name) ?? undefined) : undefined;

/** The body as bytes to be stored, its framing taken off. */
function streamedBody(request: IncomingMessage): ObjectBody {
  const { headers } = request;
  const sha256 = headerOf(headers, "x-amz-content-sha256") ?? "";
  const trailers = new Map<string, string>();
  const isFramed =
    sha256.startsWith("STREAMING-") || (headerOf(headers, "content-encoding") ?? "").includes("aws-chunked");
  const length = headerOf(headers, isFramed ? "x-amz-decoded-content-length" : "content-length");
  const announced = (headerOf(headers, "x-amz-trailer") ?? "").split(",").map((name) => name.trim());
  return {
    chunks: isFramed ? decodeAwsChunked(request, trailers) : request,
    ...(length !== undefined && { lengthBytes: Number(length) }),
    ...(/^[0-9a-f]{64}$/.test(sha256) && { sha256 }),
    announced: announced.filter((name) => name !== ""),
    trailers,
  };
}

/** A document, read whole. Throws BadDigest and its kin where it is not what the sender's headers say. */
async function wholeBody(request: IncomingMessage, checksums: Headers): Promise<Buffer> {
  const { chunks, sha256 } = streamedBody(request);
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > longestDocumentBytes) {
      throw new S3Error("MaxMessageLengthExceeded", "Your request was too big.", {
        details: { MaxMessageLengthBytes: longestDocumentBytes },
      });
    }
    pieces.push(chunk);
  }
  const body = Buffer.concat(pieces);
  if (sha256 !== undefined && createHash("sha256").update(body).digest("hex") !== sha256) {
    throw payloadMismatch();
  }
  await verify(body, checksums);
  return body;
}

/** Content-MD5 and checksum headers of a document, where sent. */
async function verify(body: Buffer, headers: Headers): Promise<void> {
  const md5 = headerOf(headers, "content-md5");
  if (md5 !== undefined && createHash("md5").update(body).digest("base64") !== md5) throw badDigest("Content-MD5");
  for (const name of algorithmNames) {
    const stated = headerOf(headers, algorithms[name].header);
    if (stated === undefined) continue;
    const digest = algorithms[name].start();
    digest.update(body);
    if (Buffer.from(await digest.digest()).toString("base64") !== stated) throw badDigest(name);
  }
}

/** The operation whose checksum headers speak of the object, not of the document sent. */
const speaksOfObject = "CompleteMultipartUpload";

async function payload(operation: WireOperation, schema: NormalizedSchema, request: IncomingMessage): Promise<unknown> {
  if (schema.isStreaming() || schema.isBlobSchema()) return streamedBody(request);
  const body = await wholeBody(request, operation.name === speaksOfObject ? {} : request.headers);
  if (!schema.isStructSchema()) return body.toString("utf8");
  return body.length === 0 ? undefined : readDocument(schema, body.toString("utf8"));
}

export async function decodeRequest(
  operation: WireOperation,
  target: Target,
  request: IncomingMessage,
): Promise<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  if (!operation.input.isStructSchema()) return input;
  for (const [member, schema] of operation.input.structIterator()) {
    const isPayload = schema.getMergedTraits().httpPayload !== undefined;
    const value = isPayload
      ? await payload(operation, schema, request)
      : boundMember(member, schema, target, request.headers);
    if (value !== undefined) input[member] = value;
  }
  if (operation.name === "DeleteObjects" && input.Delete === undefined) throw malformedXml();
  return input;
}
