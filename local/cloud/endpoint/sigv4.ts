/**
 * AWS Signature Version 4 as a server sees it: finds the access key and scope of a request (header or presigned query) and
 * recomputes the signature. Pure; who the key belongs to and what to verify is authenticate.ts's.
 *
 * Not verified: the signatures of single chunks in S3's aws-chunked uploads (their checksums are, by S3).
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** What of an HTTP request the signature covers; `path` and `query` as they were on the request line. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Name, value, name, value… as in node's `rawHeaders`. */
  readonly rawHeaders: readonly string[];
}

export interface Signature {
  readonly form: "header" | "query";
  readonly accessKeyId: string;
  /** Date, region and service of the credential scope. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20260105T000000Z`. */
  readonly timestamp: string;
  readonly sessionToken: string | undefined;
  /** What the signer says the payload's hash is; S3's clients do: hex or a marker such as UNSIGNED-PAYLOAD. */
  readonly contentSha256: string | undefined;
  /** Lifetime of a presigned URL. */
  readonly expiresSeconds: number | undefined;
}

const algorithm = "AWS4-HMAC-SHA256";

/** The request's signature; undefined when there is none or it is of another kind. */
export function findSignature(request: SignedRequest): Signature | undefined {
  const authorization = headerOf(request, "authorization");
  return authorization === undefined ? querySignature(request) : headerSignature(request, authorization);
}

function headerSignature(request: SignedRequest, authorization: string): Signature | undefined {
  const [scheme, parameters] = split2(authorization, " ");
  if (scheme !== algorithm) return undefined;
  const fields = new Map(parameters.split(",").map((field) => split2(field.trim(), "=")));
  const scope = parseScope(fields.get("Credential"));
  if (!scope) return undefined;
  return {
    form: "header",
    ...scope,
    signedHeaders: (fields.get("SignedHeaders") ?? "").split(";"),
    signature: fields.get("Signature") ?? "",
    timestamp: headerOf(request, "x-amz-date") ?? "",
    sessionToken: headerOf(request, "x-amz-security-token"),
    contentSha256: headerOf(request, "x-amz-content-sha256"),
    expiresSeconds: undefined,
  };
}

function querySignature(request: SignedRequest): Signature | undefined {
  const query = new URLSearchParams(request.query);
  const scope = parseScope(query.get("X-Amz-Credential") ?? undefined);
  if (!scope || query.get("X-Amz-Algorithm") !== algorithm) return undefined;
  return {
    form: "query",
    ...scope,
    signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").split(";"),
    signature: query.get("X-Amz-Signature") ?? "",
    timestamp: query.get("X-Amz-Date") ?? "",
    sessionToken: query.get("X-Amz-Security-Token") ?? undefined,
    contentSha256: query.get("X-Amz-Content-Sha256") ?? undefined,
    expiresSeconds: Number(query.get("X-Amz-Expires") ?? 0),
  };
}

function parseScope(credential: string | undefined) {
  const [accessKeyId, date, region, service, end] = (credential ?? "").split("/");
  if (!accessKeyId || !date || !region || !service || end !== "aws4_request") return undefined;
  return { accessKeyId, date, region, service };
}

/** Whether the signature was made with this secret. `payloadHash` as the signer wrote it: hex or S3's markers. */
export function isSignedWith(
  secretAccessKey: string,
  request: SignedRequest,
  signature: Signature,
  payloadHash: string,
): boolean {
  const canonical = [
    request.method,
    canonicalPath(request.path, signature.service),
    canonicalQuery(request.query),
    ...signature.signedHeaders.map((name) => `${name}:${canonicalHeader(request, name)}`),
    "",
    signature.signedHeaders.join(";"),
    payloadHash,
  ].join("\n");
  const scope = `${signature.date}/${signature.region}/${signature.service}/aws4_request`;
  const toSign = [algorithm, signature.timestamp, scope, sha256Hex(canonical)].join("\n");
  const key = [signature.date, signature.region, signature.service, "aws4_request"].reduce<string | Buffer>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${secretAccessKey}`,
  );
  const expected = createHmac("sha256", key).update(toSign).digest();
  const given = Buffer.from(signature.signature, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** The first value of a header, by its lower-case name. */
function headerOf({ rawHeaders }: SignedRequest, name: string): string | undefined {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (isNamed(rawHeaders[index], name)) return rawHeaders[index + 1] ?? "";
  }
  return undefined;
}

function headerValues({ rawHeaders }: SignedRequest, name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (isNamed(rawHeaders[index], name)) values.push(rawHeaders[index + 1] ?? "");
  }
  return values;
}

/** The length first: every header of every request is asked about several times. */
const isNamed = (given: string | undefined, name: string): boolean =>
  given?.length === name.length && given.toLowerCase() === name;

function canonicalHeader(request: SignedRequest, name: string): string {
  return headerValues(request, name)
    .map((value) => value.trim().replace(/\s+/g, " "))
    .join(",");
}

/** S3 signs the path encoded once, every other service encodes the encoded path again. */
function canonicalPath(path: string, service: string): string {
  const encodeSegment = service === "s3" ? (segment: string) => encodeRfc3986(safeDecode(segment)) : encodeRfc3986;
  return path.split("/").map(encodeSegment).join("/") || "/";
}

function canonicalQuery(query: string): string {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => split2(pair, "=").map((part) => encodeRfc3986(safeDecode(part))) as [string, string])
    .filter(([name]) => name !== "X-Amz-Signature")
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Text that is not percent-encoded properly stands for itself. */
function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Splits at the first separator; the second part is "" when there is none. */
function split2(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
