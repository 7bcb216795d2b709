/** What AWS Glue does for a run: it prepares raw data before anything else, and measures the quality of what is there. */
import * as z from "zod";
import { datasetTypes } from "./avro-schema.ts";

export const DataQuality = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe("a ruleset for each dataset, made from its schema, evaluated in every run"),
  rules: z
    .partialRecord(z.enum(datasetTypes), z.array(z.string().min(1)))
    .default({})
    .describe('rules in DQDL beside those of the schema, e.g. "Completeness \\"EVENT_VALUE\\" > 0.9"'),
});
export type DataQuality = z.infer<typeof DataQuality>;

export const Preparation = z.strictObject({
  glueJob: z
    .string()
    .min(1)
    .max(255)
    .describe("name of a Glue job of this account; it writes the files to be imported"),
  arguments: z
    .record(z.string().regex(/^--[A-Za-z0-9_-]+$/, "begins with --"), z.string())
    .default({})
    .describe("beside --BUCKET, --GROUP and --RUN_ID, which each run gives"),
  rawPrefix: z
    .string()
    .regex(/^[A-Za-z0-9/_.-]+\/$/, "a folder of the bucket, ending in /")
    .optional()
    .describe("uploads here start a run as well, e.g. raw/clicks/"),
});
export type Preparation = z.infer<typeof Preparation>;
