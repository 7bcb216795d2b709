/** Real clients for the handler. */
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { makeBucket } from "../lib/bucket.ts";
import { sha256 } from "../lib/digest.ts";
import { BucketEnvironment, readEnvironment } from "../lib/environment.ts";
import { makeStatusOf } from "../lib/lease.ts";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";

const env = readEnvironment(BucketEnvironment);

export const handler = logged(
  "take-the-lease",
  makeHandler({
    bucket: makeBucket(new S3Client({}), env.BUCKET),
    digest: sha256,
    statusOf: makeStatusOf(new SFNClient({})),
  }),
);
