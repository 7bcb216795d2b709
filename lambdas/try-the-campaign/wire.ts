/** Real clients for the handler. */
import { GetRecommendationsCommand, PersonalizeRuntimeClient } from "@aws-sdk/client-personalize-runtime";
import { S3Client } from "@aws-sdk/client-s3";
import { makeBucket } from "../lib/bucket.ts";
import { BucketEnvironment, readEnvironment } from "../lib/environment.ts";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";

const env = readEnvironment(BucketEnvironment);
const client = new PersonalizeRuntimeClient({});

export const handler = logged(
  "try-the-campaign",
  makeHandler({
    bucket: makeBucket(new S3Client({}), env.BUCKET),
    async recommend(campaignArn, userId) {
      const { itemList } = await client.send(new GetRecommendationsCommand({ campaignArn, userId }));
      return (itemList ?? []).map((item) => item.itemId ?? "");
    },
  }),
);
