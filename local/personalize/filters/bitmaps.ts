/** Sets of positions as models read them: position n is in the set when bit n & 7 of byte n >> 3 is set. Bits past the end are 0. */
export type Bitmap = Uint8Array;

export const noneOf = (size: number): Bitmap => new Uint8Array((size + 7) >> 3);

export function allOf(size: number): Bitmap {
  const bitmap = noneOf(size).fill(255);
  const rest = size & 7;
  if (rest !== 0) bitmap[bitmap.length - 1] = (1 << rest) - 1;
  return bitmap;
}

export function bitmapOf(size: number, positions: Iterable<number>): Bitmap {
  const bitmap = noneOf(size);
  for (const n of positions) bitmap[n >> 3]! |= 1 << (n & 7);
  return bitmap;
}

/** No bitmap lets everything through. */
export const isAllowed = (bitmap: Bitmap | undefined, n: number) =>
  bitmap === undefined || ((bitmap[n >> 3] ?? 0) & (1 << (n & 7))) !== 0;

/** The positions at which `holds`, asked for each from 0 on. */
export function bitmapWhere(size: number, holds: (position: number) => boolean): Bitmap {
  const bitmap = noneOf(size);
  for (let n = 0; n < size; n++) if (holds(n)) bitmap[n >> 3]! |= 1 << (n & 7);
  return bitmap;
}

/** These three change `into` and give it back; both bitmaps have one length. */
export function unite(into: Bitmap, other: Bitmap): Bitmap {
  for (let n = 0; n < into.length; n++) into[n]! |= other[n]!;
  return into;
}

export function intersect(into: Bitmap, other: Bitmap): Bitmap {
  for (let n = 0; n < into.length; n++) into[n]! &= other[n]!;
  return into;
}

export function subtract(into: Bitmap, other: Bitmap): Bitmap {
  for (let n = 0; n < into.length; n++) into[n]! &= ~other[n]!;
  return into;
}

/** Everything of `size` that is not in `bitmap`. */
export const complement = (bitmap: Bitmap, size: number): Bitmap => subtract(allOf(size), bitmap);
