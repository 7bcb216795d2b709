/**
 * Builds what a recipe trains on from a dataset group's stored rows, of interactions with items or with actions, and refuses what the
 * service refuses: fewer than 1000 interactions after the filters, fewer than 25 users (or than one in a hundred) with two interactions.
 */
import type { Column, TrainingData } from "../../recipes/recipe.ts";
import type { DatasetType, Metadata, MetadataValue, Objective } from "../job-runner.ts";
import { DataFailure } from "./data-failure.ts";
import { parseSchema } from "./dataset-schema.ts";
import { openEntities } from "./entity-table.ts";
import type { EntityTable } from "./entity-table.ts";
import { weightOf } from "./event-rules.ts";
import type { RowFilter } from "./event-rules.ts";
import { noCode } from "./field-sinks.ts";
import { contextColumn, entityColumns, entityValues } from "./metadata-columns.ts";
import type { EntitySource } from "./metadata-columns.ts";
import type { StoredTable } from "./stored-table.ts";
import type { StreamedEvents } from "./streamed-rows.ts";
import { objectiveWeights } from "./objective.ts";
import { readTrainingRows } from "./training-rows.ts";
import type { RowColumn, TrainingRows } from "./training-rows.ts";

export interface EntityRows {
  readonly schema: string;
  readonly table: StoredTable | undefined;
  readonly streamed: ReadonlyMap<string, Metadata>;
}

export interface TrainingSource {
  readonly interactions: StoredTable;
  readonly events: StreamedEvents;
  readonly items?: EntityRows;
  readonly users?: EntityRows;
  readonly filter: RowFilter;
  readonly excludedColumns: Readonly<Partial<Record<DatasetType, readonly string[]>>>;
  readonly objective?: Objective;
  /** What the interactions are with; absent = items. Of actions no least number is asked. */
  readonly with?: "ITEMS" | "ACTIONS";
  /** Users to be there, without interactions if they have none, behind those who have some. */
  readonly moreUsers?: readonly string[];
}

/** `declaredCreation`: (I) CREATION_TIMESTAMP of the items that have one, NaN for others. */
export interface LoadedData extends TrainingData {
  readonly declaredCreation: Float64Array;
  /** (I) What an interaction with each item is worth to the solution's objective; NaN where its attribute has no value. */
  readonly reward?: Float64Array;
}

export const fewestInteractions = 1000;
export const fewestUsers = 25;

/** Columns of interactions with a meaning of their own; they are no context. */
const knownColumns = new Set([
  "ITEM_ID",
  "ACTION_ID",
  "TIMESTAMP",
  "EVENT_TYPE",
  "EVENT_VALUE",
  "IMPRESSION",
  "RECOMMENDATION_ID",
  "EVENT_ATTRIBUTION_SOURCE",
]);

export function checkEnough(offsets: Uint32Array, { eventType }: RowFilter): void {
  const users = offsets.length - 1;
  const rows = offsets[users] ?? 0;
  if (rows < fewestInteractions) {
    const filtered = eventType === undefined ? "." : ` after filtering by event type: ${eventType}`;
    throw new DataFailure(`Dataset has fewer than ${fewestInteractions} interactions${filtered}`);
  }
  let [active, repeating] = [0, 0];
  for (let u = 0; u < users; u++) {
    const count = (offsets[u + 1] as number) - (offsets[u] as number);
    if (count >= 1) active++;
    if (count >= 2) repeating++;
  }
  if (repeating < fewestUsers) {
    throw new DataFailure(
      `Create failed. Dataset has fewer than ${fewestUsers} users with at least 2 interactions each.`,
    );
  }
  if (repeating * 100 < active) {
    throw new DataFailure("Create failed. Fewer than 1 percent of the users have at least 2 interactions each.");
  }
}

/**
 * (I) When each item came to be: as declared, else at its first interaction, else (nobody has met it) at the newest
 * interaction of all, which makes it a new item.
 */
export function itemCreation(declared: Float64Array, item: Uint32Array, timestamp: Float64Array): Float64Array {
  const created = declared.slice();
  let newest = 0;
  for (let k = 0; k < item.length; k++) {
    const i = item[k] as number;
    const time = timestamp[k] as number;
    if (time > newest) newest = time;
    if (Number.isNaN(declared[i]) && !((created[i] as number) <= time)) created[i] = time;
  }
  for (let i = 0; i < created.length; i++) if (Number.isNaN(created[i])) created[i] = newest;
  return created;
}

function openSource(rows: EntityRows | undefined): { source: EntitySource; table: EntityTable | undefined } {
  const table = rows?.table && openEntities(rows.table);
  const fields = rows ? parseSchema(rows.schema) : [];
  return { source: { fields, table, streamed: rows?.streamed ?? new Map<string, Metadata>() }, table };
}

/** Event types in order of first use; rows without one share "". */
function eventTypesOf({ dictionary, values }: RowColumn): Pick<TrainingData, "eventType" | "eventTypes"> {
  const eventTypes: string[] = [];
  const codes = new Map<number, number>();
  const eventType = Uint16Array.from(values, (value) => {
    let code = codes.get(value);
    if (code === undefined) {
      codes.set(value, (code = eventTypes.length));
      eventTypes.push(value === noCode ? "" : (dictionary?.text(value) ?? ""));
    }
    return code;
  });
  return { eventType, eventTypes };
}

/** Ids of the users that still have rows, and their offsets: users whose rows were all filtered out are left out. */
function usersWithRows(
  { users, offsets }: TrainingRows,
  more: readonly string[],
): Pick<TrainingData, "users" | "offsets"> {
  const ids: string[] = [];
  const ends = [0];
  for (let u = 0; u < users.size; u++) {
    if (offsets[u + 1] === offsets[u]) continue;
    ids.push(users.text(u));
    ends.push(offsets[u + 1] as number);
  }
  const known = new Set(more.length > 0 ? ids : []);
  for (const id of more) {
    if (known.has(id)) continue;
    ids.push(id);
    ends.push(ends.at(-1) as number);
  }
  return { users: ids, offsets: Uint32Array.from(ends) };
}

function itemIds({ items }: TrainingRows, { table, streamed }: EntitySource): string[] {
  const ids = new Set<string>();
  for (let i = 0; i < items.size; i++) ids.add(items.text(i));
  for (let i = 0; i < (table?.ids.size ?? 0); i++) ids.add(table?.ids.text(i) as string);
  for (const id of streamed.keys()) ids.add(id);
  return [...ids];
}

function contextOf(rows: TrainingRows, excluded: ReadonlySet<string>): Column[] {
  return [...rows.columns].flatMap(([name, column]) => {
    const context = knownColumns.has(name) || excluded.has(name) ? undefined : contextColumn(column);
    return context ? [context] : [];
  });
}

/** Lists `A|B` of shown items as item indices; items nobody knows are left out. Undefined when nothing was shown. */
export function impressionsOf(
  column: RowColumn | undefined,
  items: readonly string[],
): TrainingData["impressions"] | undefined {
  if (!column?.dictionary || column.values.every((code) => code === noCode)) return undefined;
  const { dictionary, values } = column;
  const indices = new Map(items.map((id, i) => [id, i]));
  const lists = Array.from({ length: dictionary.size }, (_, code) =>
    dictionary
      .text(code)
      .split("|")
      .flatMap((id) => indices.get(id.trim()) ?? []),
  );
  const offsets = new Uint32Array(values.length + 1);
  values.forEach((code, n) => (offsets[n + 1] = (offsets[n] as number) + (lists[code]?.length ?? 0)));
  const shown = new Uint32Array(offsets[values.length] as number);
  values.forEach((code, n) => shown.set(lists[code] ?? [], offsets[n]));
  return { offsets, items: shown };
}

/** (N) eventsConfig's weight of each event times the objective's weight of its item; undefined where both are silent. */
function eventWeights(
  { filter, objective }: TrainingSource,
  data: Omit<TrainingData, "itemCreated">,
): Float32Array | undefined {
  const column = objective && data.itemColumns.find(({ name }) => name === objective.itemAttribute);
  const ofItem = column && objectiveWeights(column, objective.sensitivity);
  if (!ofItem && !filter.events?.length) return undefined;
  return Float32Array.from(data.item, (i, n) => {
    const type = data.eventTypes[data.eventType[n] as number] as string;
    return weightOf(filter, type, data.eventValue[n]) * (ofItem?.[i] ?? 1);
  });
}

function rewardOf({ objective }: TrainingSource, itemColumns: readonly Column[]): Float64Array | undefined {
  const column = objective && itemColumns.find(({ name }) => name === objective.itemAttribute);
  if (objective && column?.kind !== "number") {
    throw new DataFailure(`Create failed. The Items dataset has no numeric column ${objective.itemAttribute}.`);
  }
  return column?.kind === "number" ? column.values : undefined;
}

function assemble(
  source: TrainingSource,
  rows: TrainingRows,
  from: { readonly items: EntitySource; readonly users: EntitySource },
): LoadedData {
  const kind = source.with ?? "ITEMS";
  const excluded = (type: DatasetType, ...more: string[]) =>
    new Set([...(source.excludedColumns[type] ?? []), ...more]);
  const items = itemIds(rows, from.items);
  const { users, offsets } = usersWithRows(rows, source.moreUsers ?? []);
  const item = rows.item.values as Uint32Array;
  const timestamp = Float64Array.from((rows.columns.get("TIMESTAMP") as RowColumn).values);
  const dated = !excluded(kind).has("CREATION_TIMESTAMP");
  const toSeconds = (value: MetadataValue) => (value === null || !dated ? NaN : Number(value));
  const declaredCreation = Float64Array.from(entityValues(from.items, "CREATION_TIMESTAMP", items), toSeconds);
  const impressions = impressionsOf(rows.columns.get("IMPRESSION"), items);
  const data = {
    users,
    items,
    offsets,
    item,
    timestamp,
    ...eventTypesOf(rows.columns.get("EVENT_TYPE") as RowColumn),
    eventValue: Float32Array.from((rows.columns.get("EVENT_VALUE") as RowColumn).values),
    contextColumns: contextOf(rows, excluded(kind === "ITEMS" ? "INTERACTIONS" : "ACTION_INTERACTIONS")),
    itemColumns: entityColumns(from.items, items, excluded(kind, "CREATION_TIMESTAMP")),
    userColumns: entityColumns(from.users, users, excluded("USERS")),
    ...(impressions && { impressions }),
  };
  const reward = rewardOf(source, data.itemColumns);
  const eventWeight = eventWeights(source, data);
  const itemCreated = itemCreation(declaredCreation, item, timestamp);
  return { ...data, ...(eventWeight && { eventWeight }), ...(reward && { reward }), itemCreated, declaredCreation };
}

/** Throws DataFailure with the failureReason when the data are too few. */
export function buildTrainingData(source: TrainingSource): LoadedData {
  const rows = readTrainingRows(source.interactions, source.events, source.filter);
  if (source.with !== "ACTIONS") checkEnough(rows.offsets, source.filter);
  const items = openSource(source.items);
  const users = openSource(source.users);
  try {
    return assemble(source, rows, { items: items.source, users: users.source });
  } finally {
    items.table?.close();
    users.table?.close();
  }
}
