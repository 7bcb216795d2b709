/** An operation's output into a response: each member to the place that AWS's schema says it travels in. */
import { Readable } from "node:stream";
import type { NormalizedSchema } from "@smithy/core/schema";
import type { WireOperation } from "./operation-schemas.ts";
import { writeScalar } from "./scalar.ts";
import { document, escapeXml, writeMembers } from "./xml.ts";

export interface Encoded {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable;
}

type Output = Readonly<Record<string, unknown>>;

/** A header holds ASCII: other text goes as an encoded word (RFC 2047), which is how S3 returns such metadata. */
const asHeader = (text: string) =>
  /^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text, "utf8").toString("base64")}?=`;

function headersOf(schema: NormalizedSchema, output: Output): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [member, memberSchema] of schema.structIterator()) {
    const { httpHeader, httpPrefixHeaders } = memberSchema.getMergedTraits();
    const value = output[member];
    if (value === undefined || value === null) continue;
    if (httpHeader) headers[httpHeader.toLowerCase()] = asHeader(writeScalar(memberSchema, value, "http-date"));
    if (httpPrefixHeaders) {
      for (const [name, text] of Object.entries(value as Record<string, string>))
        headers[httpPrefixHeaders + name] = asHeader(text);
    }
  }
  return headers;
}

/** The member that is the whole body, if the operation has one. */
function payloadOf(schema: NormalizedSchema): [string, NormalizedSchema] | undefined {
  return [...schema.structIterator()].find(([, member]) => member.getMergedTraits().httpPayload !== undefined);
}

const isInBody = (schema: NormalizedSchema) => {
  const { httpHeader, httpPrefixHeaders } = schema.getMergedTraits();
  return httpHeader === undefined && httpPrefixHeaders === undefined;
};

function bodyOf(operation: WireOperation, output: Output): string | Readable {
  const schema = operation.output;
  const payload = payloadOf(schema);
  if (payload) {
    const [member, memberSchema] = payload;
    const value = output[member];
    if (value instanceof Readable) return value;
    if (!memberSchema.isStructSchema()) return typeof value === "string" ? value : "";
    const name = memberSchema.getMergedTraits().xmlName ?? memberSchema.getName() ?? member;
    return value === undefined ? "" : document(name, writeMembers(memberSchema, value as Output));
  }
  // The one answer whose root element is itself the value.
  if (operation.name === "GetBucketLocation")
    return document("LocationConstraint", escapeXml((output.LocationConstraint ?? "") as string));
  const hasBody = [...schema.structIterator()].some(([, member]) => isInBody(member));
  if (!hasBody) return ""; // not even a prolog: the aws cli fails on a document without an element
  return document(schema.getMergedTraits().xmlName ?? schema.getName() ?? operation.name, writeMembers(schema, output));
}

export function encodeResponse(operation: WireOperation, output: Output): Encoded {
  const isPartial = output.ContentRange !== undefined;
  if (!operation.output.isStructSchema()) return { status: operation.status, headers: {}, body: "" };
  const headers = headersOf(operation.output, output);
  const body = operation.method === "HEAD" ? "" : bodyOf(operation, output);
  const isXml = typeof body === "string" && body.startsWith("<?xml");
  if (isXml) headers["content-type"] = "application/xml";
  else if (operation.name === "GetBucketPolicy") headers["content-type"] = "application/json";
  return { status: isPartial ? 206 : operation.status, headers, body };
}

/** S3's error document: code and message first, then what the error tells besides, then the request's ids. */
export function errorDocument(
  error: { readonly name: string; readonly message: string; readonly details: Output },
  request: { readonly requestId: string; readonly hostId: string; readonly resource: string },
): string {
  const known = { Code: error.name, Message: error.message, ...error.details };
  const resource = "Key" in error.details || "BucketName" in error.details ? {} : { Resource: request.resource };
  const all = { ...known, ...resource, RequestId: request.requestId, HostId: request.hostId };
  const elements = Object.entries(all).filter(([, value]) => value !== undefined);
  const content = elements.map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${content}</Error>`;
}
