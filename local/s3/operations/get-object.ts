/** GetObject: HeadObject's answer with the bytes as a stream, which never holds more than a few chunks in memory. */
import type { Readable } from "node:stream";
import type { GetObjectCommandInput, GetObjectCommandOutput } from "@aws-sdk/client-s3";
import type { CallContext } from "../../cloud/ports/service.ts";
import type { S3Internals } from "../internals.ts";
import { assertKeyUsable } from "../objects/encryption.ts";
import { describe, select } from "./head-object.ts";

type GetObjectAnswer = Omit<GetObjectCommandOutput, "$metadata" | "Body"> & { readonly Body: Readable };

export const getObject =
  (s3: S3Internals) =>
  (input: GetObjectCommandInput, { caller }: Pick<CallContext, "caller">): GetObjectAnswer => {
    const selection = select(s3, input, "GET");
    assertKeyUsable(s3.keys, caller, "kms:Decrypt", selection.version, selection.version);
    const { first, last } = selection.range ?? { first: 0, last: selection.version.sizeBytes - 1 };
    const Body = s3.files.read(selection.files, first, last);
    return { ...describe(s3, input, selection), Body } as GetObjectAnswer;
  };
