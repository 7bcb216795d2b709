/**
 * Imports the CSV files of one job into a dataset's bulk rows: FULL replaces them, INCREMENTAL adds to them (an item or
 * user with a known id is replaced; an interaction that is there already is not added). Everything is validated against
 * the schema; the first fault ends the import with the service's wording, naming file and row, and changes nothing.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Amount } from "../attribution/amounts.ts";
import type { DatasetType, ImportProgress, ImportResult } from "../job-runner.ts";
import { createTally } from "./attribution-tally.ts";
import type { TallyTask } from "./attribution-tally.ts";
import { createCsvScanner } from "./csv-scanner.ts";
import type { FieldSink } from "./csv-scanner.ts";
import { DataFailure, SourceFailure, importFailure } from "./data-failure.ts";
import { fieldsOf, idColumn, parseSchema } from "./dataset-schema.ts";
import { readHeader } from "./csv-header.ts";
import { createEntitiesWriter } from "./entities-writer.ts";
import { createInteractionsWriter } from "./interactions-writer.ts";
import { openTemporary, readSealedJson, seal, writeSealedJson } from "./sealed-folder.ts";
import { folderName, isInteractions, openTable, readCurrent, storageOf } from "./stored-table.ts";
import type { StoredColumn, TableManifest } from "./stored-table.ts";
import type { TableWriter } from "./table-writer.ts";

export interface ImportTask {
  readonly jobArn: string;
  readonly datasetType: DatasetType;
  readonly schema: string;
  readonly mode: "FULL" | "INCREMENTAL";
  /** The dataset's own folder (see stored-table.ts). */
  readonly folder: string;
  readonly files: readonly { readonly key: string; readonly sizeBytes: number }[];
  /** More rows than this in the end fail the import; absent = no limit. */
  readonly mostRowsStored?: number;
  /** More event types than this in the end fail the import; absent = no limit. */
  readonly mostEventTypes?: number;
  /** Memory for interactions that wait to be sorted; more of them wait in a temporary file. Default 160 MB. */
  readonly memoryBytes?: number;
  /** What a metric attribution counts of the rows. */
  readonly attribution?: TallyTask;
}

export interface ImportPorts {
  /** The bytes of file number `index`. */
  read(index: number): AsyncIterable<Uint8Array>;
  progress(progress: ImportProgress): void;
}

const batchRows = 1 << 16;
const fewestInteractions = 1000;
const importsRemembered = 100;
const reportEveryBytes = 4 << 20;

function makeWriter(task: ImportTask, folder: string, columns: readonly StoredColumn[]): TableWriter {
  const previous = task.mode === "INCREMENTAL" ? openTable(task.folder) : undefined;
  const options = { folder, columns, previous, batchRows };
  return isInteractions(task.datasetType)
    ? createInteractionsWriter({ ...options, memoryBytes: task.memoryBytes ?? 160e6 })
    : createEntitiesWriter({ ...options, idColumn: idColumn(task.datasetType) });
}

/** Reads every file into the writer; returns the number of rows. */
async function readFiles(
  task: ImportTask,
  ports: ImportPorts,
  { writer, flush }: { readonly writer: TableWriter; readonly flush: (rows: number) => void },
): Promise<number> {
  const totalBytes = task.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const wanted = parseSchema(task.schema).map(({ name }) => name);
  const ignored: FieldSink = { field: () => {} };
  let rows = 0;
  let bytes = 0;
  let reported = 0;
  let firstHeader: readonly string[] | undefined;
  for (const [index, { key }] of task.files.entries()) {
    const { names, rest } = await readHeader(ports.read(index), wanted, key);
    firstHeader ??= names;
    if (names.join() !== firstHeader.join()) {
      const other = task.files[0]?.key ?? "";
      throw new DataFailure(
        `Headers must agree: ${key} has [${names.join(", ")}], ${other} has [${firstHeader.join(", ")}].`,
      );
    }
    const sinks = names.map((name) => writer.sinks.get(name) ?? ignored);
    const scanner = createCsvScanner({ sinks, batchRows, flush });
    try {
      for await (const chunk of rest) {
        scanner.push(chunk);
        bytes += chunk.length;
        if (bytes - reported < reportEveryBytes) continue;
        reported = bytes;
        ports.progress({ rows: rows + scanner.rows, bytes, totalBytes });
      }
      scanner.end();
    } catch (error) {
      if (!(error instanceof DataFailure) || error instanceof SourceFailure) throw error;
      throw new DataFailure(`Row ${scanner.rows + 2} of ${key} (the header is row 1): ${error.message}.`);
    }
    rows += scanner.rows;
  }
  ports.progress({ rows, bytes: totalBytes, totalBytes });
  return rows;
}

/** Counts, where an attribution wants it, between the batches. */
async function readCounting(task: ImportTask, ports: ImportPorts, writer: TableWriter) {
  if (!task.attribution) return { rows: await readFiles(task, ports, { writer, flush: (rows) => writer.flush(rows) }) };
  const tally = createTally(task.attribution, writer);
  const flush = (count: number) => {
    writer.flush(count);
    tally.take(count);
  };
  try {
    const rows = await readFiles(task, ports, { writer, flush });
    return { rows, attributed: tally.amounts() };
  } finally {
    tally.close();
  }
}

interface Written {
  readonly result: ImportResult;
  readonly attributed?: readonly Amount[];
}

async function writeTable(task: ImportTask, ports: ImportPorts, name: string): Promise<Written> {
  const path = join(task.folder, name);
  const temporary = openTemporary(path);
  try {
    const { datasetType } = task;
    const columns = fieldsOf(task.schema, datasetType).map((field) => ({
      field,
      storage: storageOf(field, datasetType),
    }));
    const writer = makeWriter(task, temporary, columns);
    const { rows, ...counted } = await readCounting(task, ports, writer);
    if (task.datasetType === "INTERACTIONS" && rows < fewestInteractions) {
      throw new DataFailure(`The input has ${rows} interactions; at least ${fewestInteractions} are needed.`);
    }
    assertEventTypesFit(task, writer);
    const { rowsStored, rows: valueRows, files } = writer.finish();
    if (rowsStored > (task.mostRowsStored ?? Infinity)) {
      throw new DataFailure(`There would be ${rowsStored} rows; the dataset may have ${task.mostRowsStored} at most.`);
    }
    const manifest: TableManifest = { format: 1, datasetType: task.datasetType, columns, rows: valueRows, files };
    seal(temporary, path, manifest);
    return { result: { rows, rowsStored }, ...counted };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** With those that came before, where the import adds to them. */
function assertEventTypesFit({ mostEventTypes = Infinity }: ImportTask, { dictionaries }: TableWriter): void {
  const types = dictionaries?.get("EVENT_TYPE")?.size ?? 0;
  if (types <= mostEventTypes) return;
  throw new DataFailure(
    `There would be ${types} event types; beside the optional columns of its schema the dataset may have ${mostEventTypes} at most.`,
  );
}

/** Runs the import; throws DataFailure with the failureReason. Doing a finished job again only returns its result. */
export async function importDataset(task: ImportTask, ports: ImportPorts): Promise<ImportResult> {
  const current = readCurrent(task.folder);
  const finished = current?.imports.find(({ jobArn }) => jobArn === task.jobArn);
  const countsPath = join(task.folder, `attributed-${folderName(task.jobArn)}.json`);
  if (finished) return withCounts(finished.result, readSealedJson(countsPath) as Amount[] | undefined);
  mkdirSync(task.folder, { recursive: true });
  const name = `rows-${folderName(task.jobArn)}`;
  try {
    const { result, attributed } = await writeTable(task, ports, name);
    removeEarlierCounts(task.folder);
    if (attributed) writeSealedJson(countsPath, attributed); // before the pointer: what is imported is counted
    const imports = [...(current?.imports ?? []), { jobArn: task.jobArn, result }].slice(-importsRemembered);
    writeSealedJson(join(task.folder, "current.json"), { ...current, folder: name, imports });
    removeOthers(task.folder, name);
    return withCounts(result, attributed);
  } catch (error) {
    if (!(error instanceof DataFailure) || error instanceof SourceFailure) throw error;
    throw importFailure(task.datasetType, error.message);
  }
}

const withCounts = (result: ImportResult, attributed: readonly Amount[] | undefined): ImportResult =>
  attributed ? { ...result, attributed } : result;

/** Imports into a dataset go one after the other: whoever asked for an earlier job's counts has been given them. */
function removeEarlierCounts(folder: string): void {
  for (const entry of readdirSync(folder)) if (entry.startsWith("attributed-")) rmSync(join(folder, entry));
}

/** Open files of the old rows stay readable for whoever has them open. */
function removeOthers(folder: string, keep: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder)) {
    if (entry.startsWith("rows-") && entry !== keep) rmSync(join(folder, entry), { recursive: true, force: true });
  }
}
