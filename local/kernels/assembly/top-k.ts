/** The k best of n scores: a heap of the kept, and a SIMD test that skips four candidates at a time. Order: ../top-k.ts. */

// @ts-ignore: decorator
@inline
function isBetter(scores: usize, rank: usize, a: u32, b: u32): bool {
  const x = load<f32>(scores + <usize>a * 4), y = load<f32>(scores + <usize>b * 4);
  return x > y || (x === y && load<u32>(rank + <usize>a * 4) < load<u32>(rank + <usize>b * 4));
}

/** Puts `item` at the root of a heap (worst kept at the root) of `size` places and lets it sink. */
function sink(heap: usize, size: i32, item: u32, scores: usize, rank: usize): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    let lower = load<u32>(heap + 4 * child);
    if (child + 1 < size) {
      const other = load<u32>(heap + 4 * (child + 1));
      if (isBetter(scores, rank, lower, other)) {
        lower = other;
        child++;
      }
    }
    if (!isBetter(scores, rank, item, lower)) break;
    store<u32>(heap + 4 * at, lower);
    at = child;
  }
  store<u32>(heap + 4 * at, item);
}

function rise(heap: usize, at: i32, item: u32, scores: usize, rank: usize): void {
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = load<u32>(heap + 4 * parent);
    if (!isBetter(scores, rank, above, item)) break;
    store<u32>(heap + 4 * at, above);
    at = parent;
  }
  store<u32>(heap + 4 * at, item);
}

/** Writes the best items into `best` and returns how many there are. `allowed` is a bitmap's address, or 0 for all. */
export function topK(scores: usize, rank: usize, allowed: usize, n: i32, k: i32, best: usize): i32 {
  let size = 0;
  for (let i = 0; i < n; i++) {
    if (size === k && k > 0 && i + 4 <= n && (i & 3) === 0) {
      const worst = v128.load_splat<f32>(scores + <usize>load<u32>(best) * 4);
      if (!v128.any_true(f32x4.ge(v128.load(scores + <usize>i * 4), worst))) {
        i += 3;
        continue;
      }
    }
    if (load<f32>(scores + <usize>i * 4) === -Infinity) continue;
    if (allowed !== 0 && !((load<u8>(allowed + (i >> 3)) >> (i & 7)) & 1)) continue;
    if (size < k) rise(best, size++, i, scores, rank);
    else if (k > 0 && isBetter(scores, rank, i, load<u32>(best))) sink(best, k, i, scores, rank);
  }
  for (let left = size; left > 1; left--) {
    const worst = load<u32>(best);
    const last = load<u32>(best + 4 * (left - 1));
    sink(best, left - 1, last, scores, rank);
    store<u32>(best + 4 * (left - 1), worst);
  }
  return size;
}
