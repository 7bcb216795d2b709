/** S3's "Object Created", as EventBridge delivers it. One definition for the rule in infra/ and the reader in planning/. */
import * as z from "zod";
import { datasetTypes } from "../config/avro-schema.ts";
import { uploadPrefix } from "../naming/bucket-layout.ts";

const source = "aws.s3";
const detailType = "Object Created";

export const ObjectCreated = z.object({
  source: z.literal(source),
  "detail-type": z.literal(detailType),
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({
      key: z.string(),
      etag: z.string().optional(),
      "version-id": z.string().optional(),
      sequencer: z.string().optional(),
    }),
  }),
});
export type ObjectCreated = z.infer<typeof ObjectCreated>;

/** Matches uploads into the folders of one group (and its raw data, if any), and nothing that the pipeline writes itself. */
export const uploadPattern = (bucketName: string, group: string, rawPrefix?: string) => ({
  source: [source],
  detailType: [detailType],
  detail: {
    bucket: { name: [bucketName] },
    object: {
      key: [
        ...datasetTypes.map((type) => ({ prefix: uploadPrefix(group, type) })),
        ...(rawPrefix === undefined ? [] : [{ prefix: rawPrefix }]),
      ],
    },
  },
});
