/** Real clients for the handler. */
import { PersonalizeClient } from "@aws-sdk/client-personalize";
import { S3Client } from "@aws-sdk/client-s3";
import { makeBucket } from "../lib/bucket.ts";
import { sha256 } from "../lib/digest.ts";
import { BucketEnvironment, readEnvironment } from "../lib/environment.ts";
import { makeListImportJobs } from "../lib/import-jobs.ts";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";

const env = readEnvironment(BucketEnvironment);

export const handler = logged(
  "look-at-the-uploads",
  makeHandler({
    bucket: makeBucket(new S3Client({}), env.BUCKET),
    listImportJobs: makeListImportJobs(new PersonalizeClient({})),
    digest: sha256,
  }),
);
