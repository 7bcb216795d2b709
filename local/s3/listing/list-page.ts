/** One page of a listing with prefix, delimiter and marker; pure. Objects, versions and uploads are all listed by it. */
import { compareKeys, endOfPrefix, lowerBound } from "../storage/key-order.ts";

export interface PageRequest {
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  readonly maxItems: number;
  /** Begin with the first key above this one, or with the key itself where `inclusive`. */
  readonly after?: { readonly key: string; readonly inclusive?: boolean };
  /** Leave out common prefixes up to and including this one: an earlier page had them. */
  readonly groupsAfter?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
  /** What the page ends with: an item of this key, or a common prefix. */
  readonly last: { readonly key: string; readonly item?: T } | undefined;
}

/** The common prefix that a key disappears into, if any. */
function groupOf(key: string, { prefix, delimiter }: PageRequest): string | undefined {
  if (delimiter === "") return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

function startOf(keys: readonly string[], { prefix, after }: PageRequest): number {
  const atPrefix = lowerBound(keys, prefix);
  if (!after) return atPrefix;
  const atMarker = lowerBound(keys, after.key);
  const skip = keys[atMarker] === after.key && !after.inclusive ? 1 : 0;
  return Math.max(atPrefix, atMarker + skip);
}

/** @param itemsOf what a key contributes, in order; nothing for a key that is hidden, e.g. by a delete marker. */
export function listPage<T>(
  keys: readonly string[],
  itemsOf: (key: string) => readonly T[],
  request: PageRequest,
): Page<T> {
  const items: T[] = [];
  const commonPrefixes: string[] = [];
  let last: Page<T>["last"];
  const page = (isTruncated: boolean): Page<T> => ({ items, commonPrefixes, isTruncated, last });
  if (request.maxItems <= 0) return page(false);
  const isFull = () => items.length + commonPrefixes.length >= request.maxItems;

  for (let i = startOf(keys, request); i < keys.length;) {
    const key = keys[i] as string;
    if (!key.startsWith(request.prefix)) break;
    const group = groupOf(key, request);
    if (group !== undefined && request.groupsAfter !== undefined && compareKeys(group, request.groupsAfter) <= 0) {
      i = endOfPrefix(keys, group, i);
      continue;
    }
    const found = itemsOf(key);
    if (found.length > 0 && group !== undefined) {
      if (isFull()) return page(true);
      commonPrefixes.push(group);
      last = { key: group };
      i = endOfPrefix(keys, group, i);
      continue;
    }
    for (const item of found) {
      if (isFull()) return page(true);
      items.push(item);
      last = { key, item };
    }
    i++;
  }
  return page(false);
}
