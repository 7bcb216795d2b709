/** Real clients for the handler. */
import { PersonalizeClient } from "@aws-sdk/client-personalize";
import { S3Client } from "@aws-sdk/client-s3";
import { makeBucket } from "../lib/bucket.ts";
import { BucketEnvironment, readEnvironment } from "../lib/environment.ts";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";
import { makeDeletions } from "./personalize-deletions.ts";
import { makeLookAtTheGroup } from "./personalize-inventory.ts";

const env = readEnvironment(BucketEnvironment);
const personalize = new PersonalizeClient({});

export const handler = logged(
  "clean-up",
  makeHandler({
    bucket: makeBucket(new S3Client({}), env.BUCKET),
    lookAtTheGroup: makeLookAtTheGroup(personalize),
    deletions: makeDeletions(personalize),
  }),
);
