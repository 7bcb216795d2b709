/**
 * S3 as an AwsService for callers in this process (Step Functions' `aws-sdk:s3:*`): the same operations as on the wire,
 * with bodies as text or bytes instead of streams.
 */
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { AwsService } from "../cloud/ports/service.ts";
import { accessOf } from "./access.ts";
import type { S3Operation, S3Operations } from "./operations.ts";

/** Text where the bytes are UTF-8, else the bytes themselves. */
function textOrBytes(bytes: Buffer): string | Uint8Array {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
}

/** Reads a streamed body into the answer. Callers in this process ask for small objects. */
function withBody(operation: S3Operation): S3Operation {
  return async (input, context) => {
    const output = (await operation(input, context)) as Readonly<Record<string, unknown>>;
    return output.Body instanceof Readable ? { ...output, Body: textOrBytes(await buffer(output.Body)) } : output;
  };
}

export function createS3Service(operations: S3Operations, resume: () => Promise<void>): AwsService {
  return {
    id: "s3",
    operations: Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, withBody(operation)])),
    access: (operation, input: Readonly<Record<string, unknown>>) => accessOf(operation, input),
    resume,
  };
}
