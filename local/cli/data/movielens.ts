/**
 * MovieLens files (`ratings.csv` + `movies.csv`) as Personalize CSV files: every rating is an interaction of type
 * `rating` with the stars as EVENT_VALUE; movies become items with TITLE and GENRES. Streams: any MovieLens size. A value that is
 * none is refused with file and line, and a converted file appears whole or not at all.
 */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../command.ts";
import { csvCell, csvRecords } from "./csv-lines.ts";

interface Column {
  readonly name: string;
  /** The value as Personalize wants it; undefined when it is none. */
  read(value: string): string | undefined;
  /** What the column holds, for the person whose value is something else. */
  readonly wants: string;
}

interface Conversion {
  readonly source: string;
  readonly target: string;
  readonly columns: readonly Column[];
  readonly header: string;
  /** @param values of `columns`, in their order, as CSV cells */
  row(values: readonly string[]): string;
}

const newestTimestamp = 4_102_444_800; // 2100: whatever is larger is no seconds

const id = (name: string): Column => ({
  ...{ name, wants: "an id" },
  read: (value) => (value.trim() === "" ? undefined : value),
});
const text = (name: string): Column => ({ ...{ name, wants: "text" }, read: (value) => value });

const rating: Column = {
  ...{ name: "rating", wants: "a number" },
  read: (value) => (/^-?\d+(\.\d+)?$/.test(value) ? value : undefined),
};

const timestamp: Column = {
  ...{ name: "timestamp", wants: "seconds since 1970" },
  read(value) {
    const seconds = /^\d+(\.\d+)?([eE]\+?\d+)?$/.test(value) ? Math.floor(Number(value)) : NaN;
    return seconds <= newestTimestamp ? String(seconds) : undefined;
  },
};

const conversions: readonly Conversion[] = [
  {
    ...{ source: "ratings.csv", target: "interactions.csv" },
    columns: [id("userId"), id("movieId"), rating, timestamp],
    header: "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE",
    row: ([user, movie, stars, at]) => `${user},${movie},${at},rating,${stars}`,
  },
  {
    ...{ source: "movies.csv", target: "items.csv" },
    columns: [id("movieId"), text("title"), text("genres")],
    header: "ITEM_ID,TITLE,GENRES",
    row: ([movie, title, genres]) => `${movie},${title},${genres || "unknown"}`,
  },
];

/**
 * Writes interactions.csv and items.csv into `target`.
 *
 * @throws UsageError naming file, line, value and what is wanted, when the files are not MovieLens'
 */
export async function convertMovieLens(source: string, target: string, signal?: AbortSignal): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const conversion of conversions) await convert(conversion, source, target, signal);
}

async function convert(conversion: Conversion, from: string, to: string, signal?: AbortSignal): Promise<void> {
  const path = join(from, conversion.source);
  const unfinished = join(to, `${conversion.target}.part`);
  const out = createWriteStream(unfinished);
  const failed = once(out, "error").then(([error]) => Promise.reject(error as Error));
  failed.catch(() => {}); // reported by the race below
  let places: number[] | undefined;
  let count = 0;
  try {
    for await (const record of csvRecords(path)) {
      signal?.throwIfAborted();
      count++;
      if (!places) {
        places = placesOf(conversion, record, path);
        out.write(`${conversion.header}\n`);
      } else if (!out.write(`${converted(conversion, record, places, `${path}, record ${count}`)}\n`)) {
        await Promise.race([once(out, "drain"), failed]);
      }
    }
    if (count < 2) throw new UsageError(`${path} has no rows${count === 1 ? " below its header" : ": it is empty"}`);
  } finally {
    out.end();
    await Promise.race([once(out, "close"), failed]);
  }
  await rename(unfinished, join(to, conversion.target));
}

/** Where in a record each column is; their order and case are free, further columns are left out. */
function placesOf({ columns }: Conversion, header: readonly string[], path: string): number[] {
  const names = header.map((name) => name.trim().toLowerCase());
  const missing = columns.filter(({ name }) => !names.includes(name.toLowerCase()));
  if (missing.length > 0) {
    const wanted = columns.map(({ name }) => name).join(",");
    throw new UsageError(`${path} should have the columns ${wanted} in its header, which is ${header.join(",")}`);
  }
  return columns.map(({ name }) => names.indexOf(name.toLowerCase()));
}

function converted({ columns, row }: Conversion, record: readonly string[], places: readonly number[], at: string) {
  const values = columns.map(({ name, read, wants }, n) => {
    const given = record[places[n] ?? 0];
    const value = given === undefined ? undefined : read(given);
    if (value !== undefined) return csvCell(value);
    throw new UsageError(`${at}: ${name} is ${given === undefined ? "missing" : `"${given}"`}, and must be ${wants}`);
  });
  return row(values);
}
