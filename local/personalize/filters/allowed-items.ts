/**
 * A filter as the bitmap that models read: bit i of byte i >> 3 is set when item i may be recommended. What depends on the
 * items alone is worked out once and kept until their metadata change; what depends on the user is a handful of bits.
 */
import type { ServingModel } from "../job-runner.ts";
import type { Matcher } from "./apply-filter.ts";

export type Bitmap = Uint8Array;

export interface BitmapCache {
  /** The bitmap kept for this model, revision of the items and key; made when there is none. */
  get(serving: ServingModel, revision: number, key: string, make: () => Bitmap): Bitmap;
}

/** Bitmaps kept per model; more are not worth their memory. */
const mostKept = 100;

export function createBitmapCache(): BitmapCache {
  const kept = new WeakMap<ServingModel, { revision: number; bitmaps: Map<string, Bitmap> }>();
  return {
    get(serving, revision, key, make) {
      let mine = kept.get(serving);
      if (mine?.revision !== revision) kept.set(serving, (mine = { revision, bitmaps: new Map() }));
      const known = mine.bitmaps.get(key);
      if (known) return known;
      const made = make();
      if (mine.bitmaps.size >= mostKept) mine.bitmaps.clear();
      mine.bitmaps.set(key, made);
      return made;
    },
  };
}

export const isAllowed = (bitmap: Bitmap | undefined, item: number) =>
  bitmap === undefined || ((bitmap[item >> 3] ?? 0) & (1 << (item & 7))) !== 0;

/** The union of the inclusions minus the union of the exclusions. */
export function allowedItems(
  matchers: readonly Matcher[],
  serving: ServingModel,
  { cache, revision }: { cache: BitmapCache; revision: number },
): Bitmap {
  const bitmaps = (kind: Matcher["kind"]) =>
    matchers.filter((matcher) => matcher.kind === kind).map((matcher) => bitmapOf(matcher, serving, cache, revision));
  const included = bitmaps("include");
  const allowed = new Uint8Array((serving.model.items.length + 7) >> 3);
  if (included.length === 0) allowed.fill(255);
  for (const bitmap of included) for (let n = 0; n < allowed.length; n++) allowed[n]! |= bitmap[n]!;
  for (const bitmap of bitmaps("exclude")) for (let n = 0; n < allowed.length; n++) allowed[n]! &= ~bitmap[n]!;
  return allowed;
}

function bitmapOf({ matches, matched, key }: Matcher, serving: ServingModel, cache: BitmapCache, revision: number) {
  const { items } = serving.model;
  if (matched)
    return bitmapWith(
      items.length,
      [...matched].flatMap((id) => serving.itemIndex(id) ?? []),
    );
  const make = () =>
    bitmapWith(
      items.length,
      items.flatMap((id, i) => (matches(id) ? i : [])),
    );
  return key === undefined ? make() : cache.get(serving, revision, key, make);
}

function bitmapWith(length: number, items: readonly number[]): Bitmap {
  const bitmap = new Uint8Array((length + 7) >> 3);
  for (const i of items) bitmap[i >> 3]! |= 1 << (i & 7);
  return bitmap;
}
