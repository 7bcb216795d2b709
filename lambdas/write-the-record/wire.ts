/** Real clients for the handler. */
import { S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import { makeBucket } from "../lib/bucket.ts";
import { sha256 } from "../lib/digest.ts";
import { BucketEnvironment, readEnvironment } from "../lib/environment.ts";
import { makeHandler } from "./handler.ts";

const env = readEnvironment(BucketEnvironment.extend({ GROUP: z.string().min(1) }));

export const handler = makeHandler({
  bucket: makeBucket(new S3Client({}), env.BUCKET),
  group: env.GROUP,
  digest: sha256,
});
