/**
 * Counts how many rows are distinct, in 16 bytes a row and not the rows themselves: two 32-bit hashes of each are kept,
 * so that among ten million different rows a wrongly found duplicate is a matter of one in 300,000.
 */

export interface DistinctRows {
  /** False when an equal row was added before. */
  add(row: string): boolean;
}

const firstCapacity = 1 << 12;

/** FNV-1a with a seed, finished as MurmurHash3 does; both are public domain. */
function hash(text: string, seed: number): number {
  let h = (0x811c9dc5 ^ seed) | 0;
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** An open-addressing table of pairs; a pair of zeros is an empty place. */
interface Table {
  readonly pairs: Uint32Array;
  readonly mask: number;
}

const tableOf = (capacity: number): Table => ({ pairs: new Uint32Array(2 * capacity), mask: capacity - 1 });

/** False when the pair is there already. */
function insert({ pairs, mask }: Table, low: number, high: number): boolean {
  for (let at = low & mask; ; at = (at + 1) & mask) {
    const [a, b] = [pairs[2 * at], pairs[2 * at + 1]];
    if (a === low && b === high) return false;
    if (a === 0 && b === 0) {
      pairs[2 * at] = low;
      pairs[2 * at + 1] = high;
      return true;
    }
  }
}

function grown(old: Table): Table {
  const table = tableOf(2 * (old.mask + 1));
  for (let at = 0; at < old.pairs.length; at += 2) {
    const [low = 0, high = 0] = [old.pairs[at], old.pairs[at + 1]];
    if (low !== 0 || high !== 0) insert(table, low, high);
  }
  return table;
}

export function createDistinctRows(): DistinctRows {
  let table = tableOf(firstCapacity);
  let count = 0;
  return {
    add(row) {
      if (2 * count > table.mask) table = grown(table);
      const isNew = insert(table, hash(row, 0) || 1, hash(row, 0x9747b28c));
      if (isNew) count += 1;
      return isNew;
    },
  };
}
