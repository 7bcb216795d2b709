/**
 * What is in a folder of data: Personalize-style `interactions*.csv`, `users*.csv`, `items*.csv`, or MovieLens-style
 * `ratings.csv` + `movies.csv`, which are converted first. Answers the files by dataset with guessed schemas.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type AvroSchema, type DatasetKind, inferSchema } from "../../../pipeline/schemas/infer-schema.ts";
import { UsageError } from "../command.ts";
import { csvRecords } from "./csv-lines.ts";
import { convertMovieLens } from "./movielens.ts";

/** Folder names in the bucket, and their schema's record name. */
export const datasetFolders = { interactions: "Interactions", users: "Users", items: "Items" } as const;
export type DatasetFolder = keyof typeof datasetFolders;

export interface DatasetFile {
  readonly dataset: DatasetFolder;
  readonly name: string;
  readonly path: string;
}

export interface DataFolder {
  readonly directory: string;
  readonly movieLens: boolean;
  readonly files: readonly DatasetFile[];
}

/** @throws UsageError saying which files the folder should have. Looks at names only. */
export function assertHasData(directory: string): void {
  if (!existsSync(directory)) throw new UsageError(`There is no folder ${directory}`);
  if (!statSync(directory).isDirectory())
    throw new UsageError(`${directory} is a file; name the folder that it lies in`);
  if (isMovieLens(directory) || filesIn(directory).length > 0) return;
  const seen = readdirSync(directory).slice(0, 8).join(", ") || "nothing";
  throw new UsageError(
    `${directory} has no data: it needs interactions.csv (and may have users.csv, items.csv), or MovieLens' ratings.csv and movies.csv. It has ${seen}`,
  );
}

/** @param scratch where converted files go. @throws UsageError as assertHasData. */
export async function readDataFolder(directory: string, scratch: string, signal?: AbortSignal): Promise<DataFolder> {
  assertHasData(directory);
  if (!isMovieLens(directory)) return { directory, movieLens: false, files: filesIn(directory) };
  await convertMovieLens(directory, scratch, signal);
  return { directory: scratch, movieLens: true, files: filesIn(scratch) };
}

const isMovieLens = (directory: string) =>
  existsSync(join(directory, "ratings.csv")) && existsSync(join(directory, "movies.csv"));

/** Files named after their dataset (`interactions.csv`, `items-2026-11.csv`) or lying in a folder of its name. */
function filesIn(directory: string): DatasetFile[] {
  const datasets = Object.keys(datasetFolders) as DatasetFolder[];
  return datasets.flatMap((dataset) => {
    const named = csvNames(directory).filter((name) => new RegExp(`^${dataset}([^a-z].*)?\\.csv$`, "i").test(name));
    const nested = csvNames(join(directory, dataset));
    return [
      ...named.map((name) => ({ dataset, name, path: join(directory, name) })),
      ...nested.map((name) => ({ dataset, name, path: join(directory, dataset, name) })),
    ];
  });
}

function csvNames(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith(".csv"))
    .map((entry) => entry.name)
    .sort();
}

const sampledRows = 2_000;

/** Header and first rows of a CSV file. */
async function sample(path: string): Promise<{ header: string[]; rows: string[][] }> {
  const records: string[][] = [];
  for await (const record of csvRecords(path)) {
    records.push(record);
    if (records.length > sampledRows) break;
  }
  const [header = [], ...rows] = records;
  return { header, rows };
}

/** Guessed Avro schemas by dataset, from each dataset's first file; a users or items file without metadata is left out. */
export async function guessSchemas({ files }: DataFolder): Promise<Partial<Record<DatasetFolder, AvroSchema>>> {
  const schemas: Partial<Record<DatasetFolder, AvroSchema>> = {};
  for (const { dataset, path } of files) {
    if (schemas[dataset]) continue;
    const { header, rows } = await sample(path);
    const kind: DatasetKind = datasetFolders[dataset];
    if (dataset === "interactions" && rows.length === 0) {
      throw new UsageError(`${path} has no rows${header.length > 0 ? " below its header" : ": it is empty"}`);
    }
    if (dataset !== "interactions" && header.length < 2) continue;
    try {
      schemas[dataset] = inferSchema(kind, header, rows);
    } catch (error) {
      throw new UsageError(`${path}: ${(error as Error).message}`, { cause: error });
    }
  }
  if (!schemas.interactions) throw new UsageError("There is no interactions.csv: nothing could be learnt");
  return schemas;
}
