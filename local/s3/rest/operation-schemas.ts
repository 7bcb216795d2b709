/**
 * What AWS's own model says of every S3 operation: method, path, and where each member travels. Read from the schemas
 * that the SDK's client encodes with, so that the two ends of the wire cannot drift apart.
 */
import * as s3Client from "@aws-sdk/client-s3";
import { NormalizedSchema } from "@smithy/core/schema";
import { requiredMembers } from "./required-members.ts";

export interface WireOperation {
  readonly name: string;
  readonly method: string;
  readonly level: "account" | "bucket" | "object";
  /** Query parameters that the path states literally, e.g. `list-type=2` or `tagging`. */
  readonly literals: readonly (readonly [name: string, value: string])[];
  /** Query parameters and headers (lower case) without which it is another operation. */
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
  readonly status: number;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

/** A static operation schema: [9, namespace, name, traits, input, output]. */
type OperationSchema = readonly [
  9,
  string,
  string,
  { readonly http?: readonly [string, string, number] },
  unknown,
  unknown,
];

const isOperationSchema = (value: unknown): value is OperationSchema => Array.isArray(value) && value[0] === 9;

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

function levelOf(path: string, input: NormalizedSchema): WireOperation["level"] | undefined {
  if (path === "/{Key+}") return "object";
  if (path !== "/") return undefined;
  const hasBucket = input.isStructSchema() && [...input.structIterator()].some(([name]) => name === "Bucket");
  return hasBucket ? "bucket" : "account";
}

function toWireOperation([, , name, traits, inputRef, outputRef]: OperationSchema): WireOperation | undefined {
  const [method, uri, status] = traits.http ?? ["", "", 0];
  const [path = "", query = ""] = uri.split("?");
  const input = NormalizedSchema.of(inputRef as SchemaRef);
  const level = levelOf(path, input);
  if (!level) return undefined;
  const required = requiredMembers(input).map(([, member]) => member.getMergedTraits());
  return {
    ...{ name, method, level, status, input },
    output: NormalizedSchema.of(outputRef as SchemaRef),
    literals: [...new URLSearchParams(query)].filter(([key]) => key !== "x-id"),
    requiredQuery: required.flatMap((member) => member.httpQuery ?? []),
    requiredHeaders: required.flatMap((member) => member.httpHeader?.toLowerCase() ?? []),
  };
}

/** All of S3's operations that live on `/`, `/bucket` or `/bucket/key`. */
export function wireOperations(): WireOperation[] {
  return Object.values(s3Client as Record<string, unknown>)
    .filter(isOperationSchema)
    .map(toWireOperation)
    .filter((operation) => operation !== undefined);
}
