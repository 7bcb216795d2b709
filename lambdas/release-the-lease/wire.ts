/** Real clients for the handler. */
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { makeBucket } from "../lib/bucket.ts";
import { sha256 } from "../lib/digest.ts";
import { BucketEnvironment, readEnvironment } from "../lib/environment.ts";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";

const env = readEnvironment(BucketEnvironment);
const states = new SFNClient({});

export const handler = logged(
  "release-the-lease",
  makeHandler({
    bucket: makeBucket(new S3Client({}), env.BUCKET),
    digest: sha256,
    async start(stateMachineArn, name, input) {
      try {
        await states.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
      } catch (error) {
        if (!(error instanceof Error && error.name === "ExecutionAlreadyExists")) throw error;
      }
    },
  }),
);
