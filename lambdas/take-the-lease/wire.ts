/** Real clients for the handler. */
import { S3Client } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, SFNClient } from "@aws-sdk/client-sfn";
import { makeBucket } from "../lib/bucket.ts";
import { BucketEnvironment, readEnvironment } from "../lib/environment.ts";
import { makeHandler } from "./handler.ts";

const env = readEnvironment(BucketEnvironment);
const states = new SFNClient({});

export const handler = makeHandler({
  bucket: makeBucket(new S3Client({}), env.BUCKET),
  async statusOf(executionArn) {
    try {
      return (await states.send(new DescribeExecutionCommand({ executionArn }))).status ?? null;
    } catch (error) {
      if (error instanceof Error && error.name === "ExecutionDoesNotExist") return null;
      throw error;
    }
  },
});
