/** S3 lists keys in the order of their UTF-8 bytes; JavaScript compares UTF-16 units, which differs above U+D7FF. */

/** Moves surrogates above the rest of the basic plane, as code points are. */
const rank = (unit: number) => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Index of the first key that is not below `key`. */
export function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keys[middle] as string, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first key, from `start` on, that does not begin with `prefix`; the keys before it from `start` do. */
export function endOfPrefix(keys: readonly string[], prefix: string, start: number): number {
  let low = start;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string).startsWith(prefix)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A set of keys that is sorted only when it is read: adding is O(1), the next read O(n) for what was added since. */
export interface SortedKeys {
  add(key: string): void;
  delete(key: string): void;
  /** In key order; valid until the next change. */
  all(): readonly string[];
}

export function createSortedKeys(): SortedKeys {
  const present = new Set<string>();
  let sorted: string[] = [];
  let added: string[] = [];
  let removed = false;

  function settle(): void {
    const kept = removed ? sorted.filter((key) => present.has(key)) : sorted;
    const known = new Set(added.length > 0 ? kept : []);
    const fresh = [...new Set(added)].filter((key) => present.has(key) && !known.has(key)).sort(compareKeys);
    sorted = mergeSorted(kept, fresh);
    added = [];
    removed = false;
  }

  return {
    add: (key) => {
      if (present.has(key)) return;
      present.add(key);
      added.push(key);
    },
    delete: (key) => {
      if (present.delete(key)) removed = true;
    },
    all: () => {
      if (added.length > 0 || removed) settle();
      return sorted;
    },
  };
}

function mergeSorted(a: string[], b: string[]): string[] {
  if (b.length === 0) return a;
  const merged: string[] = [];
  let i = 0;
  for (const key of b) {
    while (i < a.length && compareKeys(a[i] as string, key) < 0) merged.push(a[i++] as string);
    merged.push(key);
  }
  while (i < a.length) merged.push(a[i++] as string);
  return merged;
}
