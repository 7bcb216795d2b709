/**
 * Metadata as recipes see it: one column per attribute, aligned with the items (or users, or interactions) of a
 * training. Plain strings and booleans are kept by the service but never trained on, so they do not appear here.
 */
import { categoricalColumn } from "../../recipes/features/categories.ts";
import type { Column } from "../../recipes/recipe.ts";
import type { Metadata, MetadataValue } from "../job-runner.ts";
import type { Field } from "./dataset-schema.ts";
import type { EntityTable } from "./entity-table.ts";
import { noCode } from "./field-sinks.ts";
import type { RowColumn } from "./training-rows.ts";

export type ColumnKind = Column["kind"];

/** How a field trains; undefined when it does not. */
export function trainingKind({ type, categorical, textual }: Field): ColumnKind | undefined {
  if (type === "boolean") return undefined;
  if (type !== "string") return "number";
  return categorical ? "categorical" : textual ? "text" : undefined;
}

function toColumn(name: string, kind: ColumnKind, values: readonly MetadataValue[]): Column {
  const text = (value: MetadataValue) => (value === null ? "" : String(value));
  if (kind === "categorical") return categoricalColumn(name, values.map(text), values.length);
  if (kind === "text") return { name, kind, values: values.map(text) };
  return { name, kind, values: Float64Array.from(values, (value) => (value === null ? NaN : Number(value))) };
}

export interface EntitySource {
  readonly fields: readonly Field[];
  readonly table: EntityTable | undefined;
  readonly streamed: ReadonlyMap<string, Metadata>;
}

/** The values of one column for these ids; null where an id has no row or no value. */
export function entityValues({ table, streamed }: EntitySource, name: string, ids: readonly string[]): MetadataValue[] {
  const column = table?.columns.find(({ field }) => field.name === name);
  return ids.map((id) => {
    const sent = streamed.get(id);
    if (sent) return sent[name] ?? null;
    const row = column && table?.rowOf(id);
    return column && table && row !== undefined ? table.value(column, row) : null;
  });
}

/** @param excluded names that do not train, beside the ids */
export function entityColumns(source: EntitySource, ids: readonly string[], excluded: ReadonlySet<string>): Column[] {
  return source.fields.flatMap((field) => {
    const kind = excluded.has(field.name) || field.name.endsWith("_ID") ? undefined : trainingKind(field);
    return kind ? [toColumn(field.name, kind, entityValues(source, field.name, ids))] : [];
  });
}

/** A column of interactions (context), aligned with their positions. */
export function contextColumn({ column: { field }, dictionary, values }: RowColumn): Column | undefined {
  const kind = trainingKind(field);
  if (kind === "number") return { name: field.name, kind, values: Float64Array.from(values) };
  if (!kind || !dictionary) return undefined;
  const texts = Array.from({ length: dictionary.size }, (_, code) => dictionary.text(code));
  const all = Array.from(values, (code) => (code === noCode ? "" : (texts[code] as string)));
  return kind === "text" ? { name: field.name, kind, values: all } : categoricalColumn(field.name, all, all.length);
}
