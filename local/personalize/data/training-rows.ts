/**
 * The interactions (with items or with actions) that a solution trains on, bulk and streamed together: filtered, grouped by
 * user, oldest first, exact repeats gone. Codes are those of the dictionaries given back.
 */
import type { MetadataValue, StreamedEvent } from "../job-runner.ts";
import type { StreamedEvents } from "./streamed-rows.ts";
import { createDictionary } from "./dictionary.ts";
import type { Dictionary } from "./dictionary.ts";
import { leastValue } from "./event-rules.ts";
import type { RowFilter } from "./event-rules.ts";
import { noCode } from "./field-sinks.ts";
import type { Values } from "./field-sinks.ts";
import { createTimeSort, dropRepeats } from "./row-order.ts";
import { columnNamed, readBytes, readDictionary, readValues } from "./stored-table.ts";
import type { StoredColumn, StoredTable } from "./stored-table.ts";

export interface RowColumn {
  readonly column: StoredColumn;
  readonly dictionary: Dictionary | undefined;
  readonly values: Values;
}

export interface TrainingRows {
  readonly users: Dictionary;
  /** Every item (or action) of the dataset, also of rows that the filter dropped. */
  readonly items: Dictionary;
  readonly item: RowColumn;
  /** (users.size + 1) */
  readonly offsets: Uint32Array;
  /** Columns by name, rows in the order of `offsets`. USER_ID is not among them. */
  readonly columns: ReadonlyMap<string, RowColumn>;
}

/** The columns of bulk rows with room for the streamed ones behind them. */
interface Joined {
  readonly user: Uint32Array;
  readonly columns: Map<string, RowColumn>;
}

const noColumn = (name: string, storage: StoredColumn["storage"]): StoredColumn => ({
  storage,
  field: { name, type: storage === "codes" ? "string" : "double", nullable: true, categorical: false, textual: false },
});

/** The columns to have even when the schema lacks them: streamed events carry them all the same. */
const eventColumns = [noColumn("EVENT_TYPE", "codes"), noColumn("EVENT_VALUE", "numbers")];
const impressionColumn = noColumn("IMPRESSION", "codes");

function readColumns(table: StoredTable, streamed: readonly StreamedEvent[]): Map<string, RowColumn> {
  const shown = streamed.some(({ impression }) => impression !== undefined);
  const wanted = shown ? [...eventColumns, impressionColumn] : eventColumns;
  const extra = wanted.filter(({ field }) => !columnNamed(table, field.name));
  const columns = new Map<string, RowColumn>();
  for (const column of [...table.columns, ...extra]) {
    const { name } = column.field;
    if (name === "USER_ID") continue;
    const isCode = column.storage === "codes";
    const isNew = extra.includes(column);
    const total = table.rows + streamed.length;
    const values: Values = isCode || column.storage === "seconds" ? new Uint32Array(total) : new Float64Array(total);
    if (isNew) values.fill(isCode ? noCode : NaN);
    else values.set(readValues(table, column));
    const dictionary = isCode ? (isNew ? createDictionary() : readDictionary(table, name)) : undefined;
    columns.set(name, { column, dictionary, values });
  }
  return columns;
}

function valueOf(event: StreamedEvent, name: string): MetadataValue | undefined {
  if (name === "ITEM_ID" || name === "ACTION_ID") return event.itemId;
  if (name === "EVENT_TYPE") return event.eventType;
  if (name === "EVENT_VALUE") return event.eventValue;
  if (name === "TIMESTAMP") return event.timestamp;
  if (name === "IMPRESSION") return event.impression?.join("|");
  if (name === "RECOMMENDATION_ID") return event.recommendationId;
  return event.properties[name];
}

/** A streamed value as the column stores it; what does not fit is null. */
function storedValue({ dictionary, column }: Omit<RowColumn, "values">, value: MetadataValue | undefined): number {
  const isNull = value === undefined || value === null || value === "";
  if (dictionary) return isNull ? noCode : dictionary.addText(String(value));
  if (column.storage === "seconds") return Math.max(0, Math.floor(Number(value)));
  return isNull ? NaN : Number(value);
}

function joinRows(table: StoredTable, users: Dictionary, streamed: StreamedEvents): Joined {
  const events: { userId: string; event: StreamedEvent }[] = [];
  for (const userId of streamed.users()) {
    for (const event of streamed.of(userId)) if (event.itemId !== undefined) events.push({ userId, event });
  }
  const columns = readColumns(
    table,
    events.map(({ event }) => event),
  );
  const bulkOffsets = new Uint32Array(readBytes(table, "USER_ID.offsets"));
  const user = new Uint32Array(table.rows + events.length);
  for (let u = 0; u + 1 < bulkOffsets.length; u++) user.fill(u, bulkOffsets[u], bulkOffsets[u + 1]);
  events.forEach(({ userId, event }, e) => {
    const row = table.rows + e;
    user[row] = users.addText(userId);
    for (const [name, column] of columns) column.values[row] = storedValue(column, valueOf(event, name));
  });
  return { user, columns };
}

/** Positions of the rows that pass, in stored order. */
function choose({ user, columns }: Joined, filter: RowFilter): Uint32Array {
  const types = columns.get("EVENT_TYPE") as RowColumn;
  const amounts = (columns.get("EVENT_VALUE") as RowColumn).values;
  const leastOfType = Array.from({ length: types.dictionary?.size ?? 0 }, (_, code) =>
    leastValue(filter, types.dictionary?.text(code) ?? ""),
  );
  const leastWithoutType = leastValue(filter, "");
  const chosen = new Uint32Array(user.length);
  let count = 0;
  for (let row = 0; row < user.length; row++) {
    const type = types.values[row] as number;
    const least = type === noCode ? leastWithoutType : leastOfType[type];
    if (least === undefined) continue;
    if (least !== -Infinity && !((amounts[row] as number) >= least)) continue; // NaN = no value: does not pass
    chosen[count++] = row;
  }
  return chosen.subarray(0, count);
}

/** Chosen positions grouped by user (stable), and where each user's begin. */
function groupByUser(user: Uint32Array, chosen: Uint32Array, userCount: number) {
  const starts = new Uint32Array(userCount + 1);
  for (const row of chosen) starts[(user[row] as number) + 1] = (starts[(user[row] as number) + 1] as number) + 1;
  for (let u = 0; u < userCount; u++) starts[u + 1] = (starts[u + 1] as number) + (starts[u] as number);
  const next = starts.slice();
  const grouped = new Uint32Array(chosen.length);
  for (const row of chosen) {
    const u = user[row] as number;
    grouped[next[u] as number] = row;
    next[u] = (next[u] as number) + 1;
  }
  return { starts, grouped };
}

function take(values: Values, rows: Uint32Array): Values {
  const taken: Values = values instanceof Uint32Array ? new Uint32Array(rows.length) : new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) taken[k] = values[rows[k] as number] as number;
  return taken;
}

export function readTrainingRows(table: StoredTable, streamed: StreamedEvents, filter: RowFilter): TrainingRows {
  const users = readDictionary(table, "USER_ID");
  const joined = joinRows(table, users, streamed);
  const { starts, grouped } = groupByUser(joined.user, choose(joined, filter), users.size);
  const timestamp = take((joined.columns.get("TIMESTAMP") as RowColumn).values, grouped) as Uint32Array;
  const compared = [...joined.columns.values()].map(({ values }) => take(values, grouped));
  const order = new Uint32Array(grouped.length);
  const offsets = new Uint32Array(users.size + 1);
  const sortByTime = createTimeSort();
  for (let u = 0, kept = 0; u < users.size; u++) {
    const [from, to] = [starts[u] as number, starts[u + 1] as number];
    const ties = sortByTime(timestamp, from, to, order, kept);
    kept = ties ? dropRepeats(timestamp, compared, order, kept, kept + to - from) : kept + to - from;
    offsets[u + 1] = kept;
  }
  const rows = order.subarray(0, offsets[users.size]);
  const columns = new Map<string, RowColumn>();
  [...joined.columns].forEach(([name, column], c) =>
    columns.set(name, { ...column, values: take(compared[c] as Values, rows) }),
  );
  const item = (columns.get("ITEM_ID") ?? columns.get("ACTION_ID")) as RowColumn;
  return { users, items: item.dictionary as Dictionary, item, offsets, columns };
}
