/** XML as S3 speaks it, driven by AWS's schemas: request bodies into members, answers into text. */
import { parseXML } from "@aws-sdk/xml-builder";
import type { NormalizedSchema } from "@smithy/core/schema";
import { malformedXml } from "../errors.ts";
import { requiredMembers } from "./required-members.ts";
import { readScalar, writeScalar } from "./scalar.ts";

export const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
export const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n';

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Also control characters, by number: keys may hold them. */
export const escapeXml = (text: string) =>
  text.replace(
    /[&<>"\u0000-\u001f\u007f\ufffe\uffff]/g,
    (c) => escapes[c] ?? (c === "\n" ? c : `&#x${c.charCodeAt(0).toString(16)};`),
  );

export const element = (name: string, content: string) => `<${name}>${content}</${name}>`;

const nameOf = (member: string, schema: NormalizedSchema) => schema.getMergedTraits().xmlName ?? member;

function writeList(name: string, schema: NormalizedSchema, list: readonly unknown[]): string {
  const each = schema.getValueSchema();
  if (schema.getMergedTraits().xmlFlattened) return list.map((item) => writeXml(name, each, item)).join("");
  const itemName = each.getMergedTraits().xmlName ?? "member";
  return element(name, list.map((item) => writeXml(itemName, each, item)).join(""));
}

/** One member as elements; nothing for undefined. Members bound to headers are left out. */
export function writeXml(name: string, schema: NormalizedSchema, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (schema.isListSchema()) return writeList(name, schema, value as readonly unknown[]);
  if (schema.isStructSchema()) return element(name, writeMembers(schema, value as Record<string, unknown>));
  return element(name, escapeXml(writeScalar(schema, value, "date-time")));
}

const isBoundElsewhere = (schema: NormalizedSchema) => {
  const { httpHeader, httpPrefixHeaders, httpQuery, httpLabel } = schema.getMergedTraits();
  return Boolean(httpHeader ?? httpPrefixHeaders ?? httpQuery ?? httpLabel);
};

export function writeMembers(schema: NormalizedSchema, value: Readonly<Record<string, unknown>>): string {
  let text = "";
  for (const [member, memberSchema] of schema.structIterator()) {
    if (!isBoundElsewhere(memberSchema)) text += writeXml(nameOf(member, memberSchema), memberSchema, value[member]);
  }
  return text;
}

/** A whole document. */
export const document = (name: string, content: string) =>
  `${prolog}<${name} xmlns="${namespace}">${content}</${name}>`;

type Parsed = string | { readonly [name: string]: Parsed | readonly Parsed[] };

const asList = (value: Parsed | readonly Parsed[] | undefined): readonly Parsed[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly Parsed[]) : [value as Parsed];

function readList(schema: NormalizedSchema, value: Parsed | readonly Parsed[]): unknown[] {
  const each = schema.getValueSchema();
  if (schema.getMergedTraits().xmlFlattened) return asList(value).map((item) => readXml(each, item));
  const [wrapper] = asList(value);
  if (typeof wrapper !== "object") return [];
  return asList(wrapper[each.getMergedTraits().xmlName ?? "member"]).map((item) => readXml(each, item));
}

function readStruct(schema: NormalizedSchema, value: Parsed): Record<string, unknown> {
  const fields = typeof value === "object" ? value : {};
  const result: Record<string, unknown> = {};
  for (const [member, memberSchema] of schema.structIterator()) {
    const found = fields[nameOf(member, memberSchema)];
    if (found !== undefined)
      result[member] = memberSchema.isListSchema() ? readList(memberSchema, found) : readXml(memberSchema, found);
  }
  if (requiredMembers(schema).some(([member]) => result[member] === undefined)) throw malformedXml();
  return result;
}

function readXml(schema: NormalizedSchema, value: Parsed | readonly Parsed[]): unknown {
  if (Array.isArray(value)) throw malformedXml(); // a single element came twice
  const single = value as Parsed;
  if (schema.isStructSchema()) return readStruct(schema, single);
  if (typeof single !== "string") throw malformedXml();
  return readScalar(schema, single);
}

/** A request's document as the member it is the payload of. Throws MalformedXML. */
export function readDocument(schema: NormalizedSchema, text: string): unknown {
  let parsed: Readonly<Record<string, Parsed>>;
  try {
    parsed = parseXML(text) as Readonly<Record<string, Parsed>>;
  } catch (cause) {
    throw malformedXml(cause);
  }
  const root = parsed[schema.getMergedTraits().xmlName ?? schema.getName() ?? ""];
  if (root === undefined) throw malformedXml();
  return readXml(schema, root);
}
