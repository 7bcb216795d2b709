/** Uploads files as a user would: PutObject by the real SDK client into `<group>/<dataset>/<file>`. */
import { PutObjectCommand, HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { DatasetFile } from "./dataset-files.ts";

export interface Destination {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly group: string;
}

/** Uploads one file; answers its key. */
export async function upload(
  { s3, bucket, group }: Destination,
  file: DatasetFile,
  signal: AbortSignal,
): Promise<string> {
  const key = keyOf(group, file);
  const { size } = await stat(file.path);
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: createReadStream(file.path),
      ContentLength: size,
      ContentType: "text/csv",
    }),
    { abortSignal: signal },
  );
  return key;
}

export const keyOf = (group: string, { dataset, name }: DatasetFile) => `${group}/${dataset}/${name}`;

/** Is the very same content there already? Single-part objects carry their MD5 as ETag. */
export async function isUploaded({ s3, bucket, group }: Destination, file: DatasetFile): Promise<boolean> {
  try {
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: keyOf(group, file) }));
    return head.ETag === `"${await md5Of(file.path)}"`;
  } catch (error) {
    if ((error as Error).name === "NotFound") return false;
    throw error;
  }
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
