/** Real clients for the handler. */
import { S3Client } from "@aws-sdk/client-s3";
import { makeBucket } from "../lib/bucket.ts";
import { BucketEnvironment, readEnvironment } from "../lib/environment.ts";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";

const env = readEnvironment(BucketEnvironment);

export const handler = logged("check-the-data", makeHandler({ bucket: makeBucket(new S3Client({}), env.BUCKET) }));
