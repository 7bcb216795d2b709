/** Real parts for the handler. The group's configuration lies beside the code: infra/ puts it into the asset. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import { Tags } from "../../pipeline/config/tags.ts";
import { sha256 } from "../lib/digest.ts";
import { BucketEnvironment, readEnvironment } from "../lib/environment.ts";
import { logged } from "../lib/log.ts";
import { makeHandler } from "./handler.ts";

const env = readEnvironment(
  BucketEnvironment.extend({
    IMPORT_ROLE_ARN: z.string(),
    KMS_KEY_ARN: z.string().optional(),
    LAMBDA_TASK_ROOT: z.string(),
  }),
);
const Configured = z.object({ project: z.string(), group: DatasetGroup, tags: Tags });
const configured = Configured.parse(JSON.parse(readFileSync(join(env.LAMBDA_TASK_ROOT, "group.json"), "utf8")));

export const handler = logged(
  "plan-the-run",
  makeHandler({
    ...configured,
    bucket: env.BUCKET,
    importRoleArn: env.IMPORT_ROLE_ARN,
    kmsKeyArn: env.KMS_KEY_ARN ?? null,
    digest: sha256,
  }),
);
