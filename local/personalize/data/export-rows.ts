/**
 * A dataset's rows as the CSV that an import takes: the schema's columns in its order, header first. Bulk rows come as they are
 * stored, streamed ones behind them; of an entity that has both, the streamed row counts. Read piece by piece.
 */
import type { DatasetType, Metadata, MetadataValue, StreamedEvent } from "../job-runner.ts";
import { idColumn, parseSchema } from "./dataset-schema.ts";
import { openEntities } from "./entity-table.ts";
import { noCode } from "./field-sinks.ts";
import { columnNamed, isInteractions, readBytes, readDictionary, type StoredTable } from "./stored-table.ts";
import { openColumn } from "./user-histories.ts";

export type IngestionMode = "BULK" | "PUT" | "ALL";

export interface ExportSource {
  readonly datasetType: DatasetType;
  readonly schema: string;
  /** Absent before the first import. */
  readonly table: StoredTable | undefined;
  /** Of interactions: the streamed events in the order they came. */
  readonly events: readonly StreamedEvent[];
  /** Of entities: the newest streamed row of each id. */
  readonly rows: ReadonlyMap<string, Metadata>;
}

type Row = readonly (MetadataValue | undefined)[];

const rowsPerPiece = 4096;

export function* exportCsv(source: ExportSource, mode: IngestionMode): Generator<string> {
  const names = parseSchema(source.schema).map(({ name }) => name);
  yield `${names.join(",")}\n`;
  const ofInteractions = isInteractions(source.datasetType);
  const bulk = ofInteractions ? storedInteractions(source, names) : storedEntities(source, names, mode);
  const streamed = ofInteractions ? sentEvents(source, names) : sentEntities(source, names);
  if (mode !== "PUT") yield* pieces(bulk);
  if (mode !== "BULK") yield* pieces(streamed);
}

function* pieces(rows: Iterable<Row>): Generator<string> {
  let lines: string[] = [];
  for (const row of rows) {
    lines.push(`${row.map(cell).join(",")}\n`);
    if (lines.length < rowsPerPiece) continue;
    yield lines.join("");
    lines = [];
  }
  if (lines.length > 0) yield lines.join("");
}

/** As the importer reads it: quoted only where it must be, quotes and backslashes then escaped. */
function cell(value: MetadataValue | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "1" : "0";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/["\\]/g, "\\$&")}"` : text;
}

/** Rows lie by user; the user's code is told by where the row lies. */
function* storedInteractions({ table }: ExportSource, names: readonly string[]): Generator<Row> {
  if (!table) return;
  const offsets = new Uint32Array(readBytes(table, "USER_ID.offsets"));
  const users = readDictionary(table, "USER_ID");
  const columns = names.map((name) => (name === "USER_ID" ? undefined : columnReader(table, name)));
  try {
    let user = 0;
    for (let from = 0; from < table.rows; from += rowsPerPiece) {
      const to = Math.min(from + rowsPerPiece, table.rows);
      const values = columns.map((column) => column?.read(from, to));
      for (let row = from; row < to; row++) {
        while ((offsets[user + 1] as number) <= row) user++;
        yield values.map((column) => (column ? column[row - from] : users.text(user)));
      }
    }
  } finally {
    for (const column of columns) column?.close();
  }
}

interface ColumnReader {
  read(from: number, to: number): Row;
  close(): void;
}

/** A column that was added to the schema after the import is empty. */
function columnReader(table: StoredTable, name: string): ColumnReader {
  const stored = columnNamed(table, name);
  if (!stored) return { read: (from, to) => Array<null>(to - from).fill(null), close: () => {} };
  const { read, close } = openValues(table, name, stored.storage);
  return { read, close };
}

function openValues(table: StoredTable, name: string, storage: string): ColumnReader {
  const column = openColumn(table.folder, `${name}.values`);
  const { close } = column;
  if (storage === "seconds") return { read: (from, to) => [...column.uint32(from, to)], close };
  if (storage === "numbers") {
    return { read: (from, to) => Array.from(column.float64(from, to), (n) => (Number.isNaN(n) ? null : n)), close };
  }
  const texts = readDictionary(table, name);
  const textOf = (code: number) => (code === noCode ? null : texts.text(code));
  return { read: (from, to) => Array.from(column.uint32(from, to), textOf), close };
}

function* storedEntities(
  { datasetType, table, rows }: ExportSource,
  names: readonly string[],
  mode: IngestionMode,
): Generator<Row> {
  if (!table) return;
  const stored = openEntities(table);
  try {
    for (let code = 0; code < stored.ids.size; code++) {
      const id = stored.ids.text(code);
      if (mode === "ALL" && rows.has(id)) continue;
      yield entityRow(id, stored.metadata(id), { datasetType, names });
    }
  } finally {
    stored.close();
  }
}

const sentEntities = ({ datasetType, rows }: ExportSource, names: readonly string[]): Row[] =>
  [...rows].map(([id, row]) => entityRow(id, row, { datasetType, names }));

const entityRow = (
  id: string,
  row: Metadata | undefined,
  { datasetType, names }: { readonly datasetType: DatasetType; readonly names: readonly string[] },
): Row => names.map((name) => (name === idColumn(datasetType) ? id : row?.[name]));

/** Events of a session that was signed in to are that user's, earlier ones too. */
function* sentEvents({ events }: ExportSource, names: readonly string[]): Generator<Row> {
  const owners = new Map(
    events.flatMap(({ sessionId, userId }) => (userId === undefined ? [] : [[sessionId, userId]])),
  );
  for (const event of events) {
    const known: Readonly<Record<string, MetadataValue | undefined>> = {
      ...event.properties,
      USER_ID: event.userId ?? owners.get(event.sessionId),
      ITEM_ID: event.itemId,
      ACTION_ID: event.itemId,
      TIMESTAMP: event.timestamp,
      EVENT_TYPE: event.eventType,
      EVENT_VALUE: event.eventValue,
      IMPRESSION: event.impression?.join("|"),
      RECOMMENDATION_ID: event.recommendationId,
    };
    yield names.map((name) => known[name]);
  }
}
