/** Run records as they lie in the bucket, read back through the pipeline's own schema. */
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { recordKey, recordsPrefix } from "../../pipeline/naming/bucket-layout.ts";
import { RunRecord } from "../../pipeline/records/run-record.ts";

export async function readRecord(s3: S3Client, bucket: string, group: string, runId: string): Promise<RunRecord> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: recordKey(group, runId) }));
  return RunRecord.parse(JSON.parse((await Body?.transformToString()) ?? ""));
}

/** Ids of the group's finished runs, newest first (ids begin with the time). */
export async function listRunIds(s3: S3Client, bucket: string, group: string): Promise<string[]> {
  const prefix = recordsPrefix(group);
  const ids: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key = "" } of page.Contents ?? []) {
      if (Key.endsWith(".json")) ids.push(Key.slice(prefix.length, -".json".length));
    }
  }
  return ids.sort().reverse();
}
