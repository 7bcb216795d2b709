/** Real clients for the handler. */
import { S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import { makeBucket } from "../lib/bucket.ts";
import { BucketEnvironment, readEnvironment } from "../lib/environment.ts";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";

const env = readEnvironment(BucketEnvironment.extend({ GROUP: z.string() }));

export const handler = logged(
  "show-a-run",
  makeHandler({ bucket: makeBucket(new S3Client({}), env.BUCKET), group: env.GROUP }),
);
