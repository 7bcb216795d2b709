/**
 * From scores to an answer: the best items first, deterministic to the last tie, and softmax over the whole catalogue.
 * The top k are kept in a heap, so that asking for 25 of 100,000 items does not sort 100,000.
 */
import type { Scored } from "./recipe.ts";

export function isAllowed(allowed: Uint8Array | undefined, item: number): boolean {
  return allowed === undefined || ((allowed[item >> 3] ?? 0) & (1 << (item & 7))) !== 0;
}

/** The first `count` allowed items of an order, without scores. */
export function firstAllowed(order: Uint32Array, count: number, allowed?: Uint8Array): Scored[] {
  const found: Scored[] = [];
  for (let place = 0; place < order.length && found.length < count; place++) {
    const item = order[place]!;
    if (isAllowed(allowed, item)) found.push({ item });
  }
  return found;
}

/**
 * The `count` allowed items with the highest scores, best first. Equal scores go by the lower `rank` (more popular first).
 * Items that score -Infinity are never returned.
 */
export function topItems(scores: Float32Array, rank: Uint32Array, count: number, allowed?: Uint8Array): number[] {
  const better = (a: number, b: number) => scores[a]! > scores[b]! || (scores[a] === scores[b] && rank[a]! < rank[b]!);
  const heap: number[] = []; // the worst kept item is at the root
  let worst = -Infinity; // the score that an item must reach to be looked at
  for (let item = 0; item < scores.length; item++) {
    if (scores[item]! < worst || scores[item] === -Infinity || !isAllowed(allowed, item)) continue;
    if (heap.length < count) pushWorst(heap, item, better);
    else if (count > 0 && better(item, heap[0]!)) replaceWorst(heap, item, better);
    if (count > 0 && heap.length === count) worst = scores[heap[0]!]!;
  }
  return heap.sort((a, b) => (better(a, b) ? -1 : 1));
}

export type Better = (a: number, b: number) => boolean;

/** The `count` best of the candidates, best first, by an order without ties. */
export function bestOf(candidates: Iterable<number>, count: number, better: Better): number[] {
  const heap: number[] = [];
  if (count < 1) return heap;
  for (const item of candidates) {
    if (heap.length < count) pushWorst(heap, item, better);
    else if (better(item, heap[0]!)) replaceWorst(heap, item, better);
  }
  return heap.sort((a, b) => (better(a, b) ? -1 : 1));
}

function pushWorst(heap: number[], item: number, better: Better): void {
  let at = heap.push(item) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!better(heap[parent]!, item)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = item;
}

function replaceWorst(heap: number[], item: number, better: Better): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && better(heap[child]!, heap[child + 1]!)) child++;
    if (!better(item, heap[child]!)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = item;
}

/** ln Σ exp(score), over all of `scores`; subtracting it from a score and taking exp gives its softmax. */
export function logSumExp(scores: Float32Array): number {
  let max = -Infinity;
  for (let i = 0; i < scores.length; i++) if (scores[i]! > max) max = scores[i]!;
  if (max === -Infinity) return -Infinity;
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += Math.exp(scores[i]! - max);
  return max + Math.log(sum);
}

/** The given items best first, scored by a softmax over just them. */
export function rankBySoftmax(items: Uint32Array, scores: Float32Array, rank: Uint32Array): Scored[] {
  const theirs = Float32Array.from(items, (item) => scores[item]!);
  const norm = logSumExp(theirs);
  return Array.from(items, (item) => ({ item, score: Math.exp(scores[item]! - norm) })).sort(
    (a, b) => scores[b.item]! - scores[a.item]! || rank[a.item]! - rank[b.item]!,
  );
}
