/** Counts the rows of an import for a metric attribution while they pass, a batch at a time: no row is read twice. */
import { amountsOf, keyOf, merged, unknownSource, type Amount } from "../attribution/amounts.ts";
import type { AttributedMetric } from "../attribution/attributed-metric.ts";
import type { Metadata, StreamedRow } from "../job-runner.ts";
import { markIn } from "../serving/recommendation-ids.ts";
import { readLog } from "./append-log.ts";
import { openEntities } from "./entity-table.ts";
import type { Values } from "./field-sinks.ts";
import { noCode } from "./field-sinks.ts";
import { openTable } from "./stored-table.ts";
import { newestRows } from "./streamed-rows.ts";
import type { TableWriter } from "./table-writer.ts";

/** Where the group's items lie: a dataset's folder, and the log of what was sent to it. */
export interface ItemsPlace {
  readonly folder: string;
  readonly log: string;
}

export interface TallyTask {
  readonly metrics: readonly AttributedMetric[];
  /** By mark (serving/recommendation-ids.ts): whose recommendations there are. */
  readonly sources: Readonly<Record<string, string>>;
  /** Absent when the group has no items. */
  readonly items?: ItemsPlace;
}

export interface Tally {
  /** Takes the first `rows` values of the writer's sinks, codes settled. */
  take(rows: number): void;
  amounts(): Amount[];
  close(): void;
}

type ItemValue = (itemId: string, column: string) => number | undefined;

/** The numbers of items, sent ones over imported ones. */
function itemValues(place: ItemsPlace | undefined): { readonly of: ItemValue; close(): void } {
  if (!place) return { of: () => undefined, close: () => {} };
  const stored = openTable(place.folder);
  const table = stored && openEntities(stored);
  const sent: ReadonlyMap<string, Metadata> = newestRows(readLog<StreamedRow>(place.log));
  const of: ItemValue = (itemId, column) => {
    const value = (sent.get(itemId) ?? table?.metadata(itemId, [column]))?.[column];
    return typeof value === "number" ? value : undefined;
  };
  return { of, close: () => table?.close() };
}

/** Reads a column of the running batch as texts; undefined for null and for a column that the data have not. */
function textsOf({ sinks, dictionaries }: TableWriter, name: string): (row: number) => string | undefined {
  const values = sinks.get(name)?.values;
  const dictionary = dictionaries?.get(name);
  if (!values || !dictionary) return () => undefined;
  const texts = new Map<number, string>();
  return (row) => {
    const code = values[row] as number;
    if (code === noCode) return undefined;
    let text = texts.get(code);
    if (text === undefined) texts.set(code, (text = dictionary.text(code)));
    return text;
  };
}

/** The number of a row in a column of interactions; NaN where it has none. */
function numberIn(values: Values | undefined, row: number): number {
  return values?.[row] ?? NaN;
}

export function createTally({ metrics, sources, items: place }: TallyTask, writer: TableWriter): Tally {
  const counted = new Set(metrics.map(({ eventType }) => eventType));
  const amounts = new Map<string, Amount>();
  const needsItems = metrics.some(({ measure }) => measure.kind === "sum" && measure.dataset === "ITEMS");
  const items = itemValues(needsItems ? place : undefined);
  const text = (name: string) => textsOf(writer, name);
  const [type, item, source] = [text("EVENT_TYPE"), text("ITEM_ID"), text("EVENT_ATTRIBUTION_SOURCE")];
  const recommendationId = text("RECOMMENDATION_ID");
  const times = writer.sinks.get("TIMESTAMP")?.values;
  const sourceOf = (row: number) => source(row) ?? sources[markIn(recommendationId(row) ?? "") ?? ""] ?? unknownSource;
  return {
    take(rows) {
      for (let row = 0; row < rows; row++) {
        const eventType = type(row);
        if (eventType === undefined || !counted.has(eventType)) continue;
        const timestamp = numberIn(times, row);
        const added = amountsOf(metrics, {
          ...{ eventType, timestamp, source: sourceOf(row) },
          valueOf: (dataset, column) =>
            dataset === "ITEMS" ? items.of(item(row) ?? "", column) : numberIn(writer.sinks.get(column)?.values, row),
        });
        for (const amount of added) amounts.set(keyOf(amount), merged(amounts.get(keyOf(amount)), amount));
      }
    },
    amounts: () => [...amounts.values()],
    close: items.close,
  };
}
