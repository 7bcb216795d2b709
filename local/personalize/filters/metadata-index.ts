/**
 * The metadata of one dataset as columns, position by position of a list of ids (a model's items, say), for filters to be evaluated over
 * all of them at once. A column is read when a filter first asks for it; afterwards changed rows change in place, and only an import
 * makes the columns anew.
 */
import type { EntityType, JobRunner } from "../job-runner.ts";
import type { Bitmap } from "./bitmaps.ts";
import { createColumn, type FilterColumn } from "./column.ts";
import { columnOf } from "./compile-filter.ts";
import type { PreparedTest } from "./tests.ts";

export interface MetadataIndex {
  readonly size: number;
  position(id: string): number | undefined;
  /** The positions whose value in this column passes; the bitmap is the caller's. */
  passing(column: string, test: PreparedTest): Bitmap;
  /** The bitmap worked out earlier for this key from the metadata as they are; made when there is none. Not to be changed. */
  kept(key: object, make: () => Bitmap): Bitmap;
  /** The same object for as long as the metadata are as they are. */
  state(): object;
}

export type MetadataSource = Pick<JobRunner, "metadataColumn" | "metadataChanges" | "metadataOf">;

export interface IndexedIds {
  readonly datasetGroupArn: string;
  readonly type: EntityType;
  readonly ids: readonly string[];
  readonly position: (id: string) => number | undefined;
}

export interface MetadataIndexes {
  /** The index over these ids, up to date. It lives as long as the list of ids. */
  of(ids: IndexedIds): MetadataIndex;
}

export function createMetadataIndexes(source: MetadataSource): MetadataIndexes {
  const known = new WeakMap<readonly string[], Map<string, UpdatedIndex>>();
  return {
    of(ids) {
      let mine = known.get(ids.ids);
      if (!mine) known.set(ids.ids, (mine = new Map<string, UpdatedIndex>()));
      const key = `${ids.type} ${ids.datasetGroupArn}`;
      let found = mine.get(key);
      if (!found) mine.set(key, (found = createIndex(source, ids)));
      found.update();
      return found;
    },
  };
}

interface UpdatedIndex extends MetadataIndex {
  update(): void;
}

function createIndex(source: MetadataSource, { datasetGroupArn, type, ids, position }: IndexedIds): UpdatedIndex {
  const columns = new Map<string, FilterColumn>();
  let bitmaps = new WeakMap<object, Bitmap>();
  let revision = source.metadataChanges(datasetGroupArn, type).revision;

  function column(name: string): FilterColumn {
    const key = name.toUpperCase();
    let found = columns.get(key);
    if (!found) {
      columns.set(key, (found = createColumn(source.metadataColumn(datasetGroupArn, type, ids, name))));
    }
    return found;
  }

  function change(id: string): void {
    const place = position(id);
    if (place === undefined) return;
    const row = source.metadataOf(datasetGroupArn, type, id);
    for (const [name, each] of columns) if (!each.set(place, columnOf(row, name))) columns.delete(name);
  }

  return {
    size: ids.length,
    position,
    passing: (name, test) => column(name).passing(test),
    state: () => bitmaps,
    kept(key, make) {
      let bitmap = bitmaps.get(key);
      if (!bitmap) bitmaps.set(key, (bitmap = make()));
      return bitmap;
    },
    update() {
      const changes = source.metadataChanges(datasetGroupArn, type, revision);
      if (changes.revision === revision) return;
      revision = changes.revision;
      bitmaps = new WeakMap();
      if (changes.ids === "all") columns.clear();
      else changes.ids.forEach(change);
    },
  };
}
