/** What items are called, for showing recommendations to a person: the first naming column of the items CSV. */
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { Readable } from "node:stream";
import { csvRecordsOf } from "./csv-lines.ts";

const namingColumns = ["TITLE", "NAME", "ITEM_NAME", "PRODUCT_NAME"];

export interface ItemNames {
  /** The item's title with its id, or the id alone. */
  nameOf(itemId: string): string;
}

/** Reads titles from `<group>/items/*.csv` in the bucket; items without a title are called by their id. */
export async function titlesInBucket(s3: S3Client, bucket: string, group: string): Promise<ItemNames> {
  const titles = new Map<string, string>();
  const listed = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${group}/items/` }));
  for (const { Key } of listed.Contents ?? []) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    await addTitles(titles, Body as Readable);
  }
  return { nameOf: (itemId) => titles.get(itemId) ?? itemId };
}

async function addTitles(titles: Map<string, string>, body: Readable): Promise<void> {
  let id = -1;
  let title = -1;
  for await (const record of csvRecordsOf(body.setEncoding("utf8") as AsyncIterable<string>)) {
    if (id < 0) {
      id = record.indexOf("ITEM_ID");
      title = namingColumns.map((name) => record.indexOf(name)).find((column) => column >= 0) ?? -1;
      if (id < 0 || title < 0) return;
      continue;
    }
    const [itemId, name] = [record[id], record[title]];
    if (itemId && name) titles.set(itemId, name);
  }
}
