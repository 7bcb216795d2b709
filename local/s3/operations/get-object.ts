/** GetObject: HeadObject's answer with the bytes as a stream, which never holds more than a few chunks in memory. */
import type { Readable } from "node:stream";
import type { GetObjectCommandInput, GetObjectCommandOutput } from "@aws-sdk/client-s3";
import type { S3Internals } from "../internals.ts";
import { describe, select } from "./head-object.ts";

type GetObjectAnswer = Omit<GetObjectCommandOutput, "$metadata" | "Body"> & { readonly Body: Readable };

export const getObject =
  (s3: S3Internals) =>
  (input: GetObjectCommandInput): GetObjectAnswer => {
    const selection = select(s3, input, "GET");
    const { first, last } = selection.range ?? { first: 0, last: selection.version.sizeBytes - 1 };
    const Body = s3.files.read(selection.files, first, last);
    return { ...describe(s3, input, selection), Body } as GetObjectAnswer;
  };
