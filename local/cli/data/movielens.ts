/**
 * MovieLens files (`ratings.csv` + `movies.csv`) as Personalize CSV files: every rating is an interaction of type
 * `rating` with the stars as EVENT_VALUE; movies become items with TITLE and GENRES. Streams: any MovieLens size.
 */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { csvCell, csvRecords } from "./csv-lines.ts";

interface Conversion {
  readonly source: string;
  readonly target: string;
  readonly expects: readonly string[];
  readonly header: string;
  row(record: readonly string[]): string;
}

const cell = (record: readonly string[], index: number) => csvCell(record[index] ?? "");

const conversions: readonly Conversion[] = [
  {
    source: "ratings.csv",
    target: "interactions.csv",
    expects: ["userId", "movieId", "rating", "timestamp"],
    header: "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE",
    row: (record) => `${cell(record, 0)},${cell(record, 1)},${cell(record, 3)},rating,${cell(record, 2)}`,
  },
  {
    source: "movies.csv",
    target: "items.csv",
    expects: ["movieId", "title", "genres"],
    header: "ITEM_ID,TITLE,GENRES",
    row: (record) => `${cell(record, 0)},${cell(record, 1)},${cell(record, 2) || "unknown"}`,
  },
];

/** Writes interactions.csv and items.csv into `target`. Throws an Error naming file and header when it is not MovieLens. */
export async function convertMovieLens(source: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const conversion of conversions) await convert(conversion, source, target);
}

async function convert({ source, target, expects, header, row }: Conversion, from: string, to: string): Promise<void> {
  const path = join(from, source);
  const out = createWriteStream(join(to, target));
  let count = 0;
  for await (const record of csvRecords(path)) {
    if (count++ === 0) {
      if (record.slice(0, expects.length).join() !== expects.join()) {
        throw new Error(
          `${path} should begin with the header ${expects.join(",")}, but begins with ${record.join(",")}`,
        );
      }
      out.write(`${header}\n`);
    } else if (!out.write(`${row(record)}\n`)) {
      await once(out, "drain");
    }
  }
  out.end();
  await once(out, "close");
}
