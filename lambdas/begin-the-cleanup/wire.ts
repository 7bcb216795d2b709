/** Real parts for the handler. The group's configuration lies beside the code: infra/ puts it into the asset. */
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import { makeBucket } from "../lib/bucket.ts";
import { sha256 } from "../lib/digest.ts";
import { BucketEnvironment, readEnvironment } from "../lib/environment.ts";
import { makeStatusOf } from "../lib/lease.ts";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";

const env = readEnvironment(BucketEnvironment.extend({ LAMBDA_TASK_ROOT: z.string() }));
const Configured = z.object({ project: z.string(), group: DatasetGroup });
const configured = Configured.parse(JSON.parse(readFileSync(join(env.LAMBDA_TASK_ROOT, "group.json"), "utf8")));

export const handler = logged(
  "begin-the-cleanup",
  makeHandler({
    ...configured,
    bucket: makeBucket(new S3Client({}), env.BUCKET),
    statusOf: makeStatusOf(new SFNClient({})),
    digest: sha256,
  }),
);
