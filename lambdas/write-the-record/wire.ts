/** Real clients for the handler. What is asked about money may not hold up the record: few tries, short patience. */
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { PersonalizeClient } from "@aws-sdk/client-personalize";
import { S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import { makeBucket } from "../lib/bucket.ts";
import { sha256 } from "../lib/digest.ts";
import { BucketEnvironment, readEnvironment } from "../lib/environment.ts";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";
import { makeLedger } from "./service-ledger.ts";

const env = readEnvironment(BucketEnvironment.extend({ GROUP: z.string().min(1), EVENT_BUS: z.string().min(1) }));
const briefly = { maxAttempts: 2, requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000 } };

export const handler = logged(
  "write-the-record",
  makeHandler({
    bucket: makeBucket(new S3Client({}), env.BUCKET),
    group: env.GROUP,
    place: { busName: env.EVENT_BUS, bucket: env.BUCKET },
    digest: sha256,
    ledger: makeLedger(new PersonalizeClient(briefly), new CloudWatchClient(briefly)),
  }),
);
