/**
 * Scores, normaliser and the best 25 of 100,000 items at width 128, on one core: a query alone, and sixteen in one pass over the item
 * matrix, beside what the memory gives at most (the same bytes read once by the plainest loop there is: the sum of all of them).
 */
import { performance } from "node:perf_hooks";
import { compiledKernels } from "../local/recipes/network/personalizer.ts";
import { createCatalogue, mostQueries } from "../local/recipes/scoring/catalogue.ts";
import { makeMemory, loadKernels } from "../local/kernels/kernels.ts";
import type { Row } from "./row.ts";

const [items, width, best] = [100_000, 128, 25];

/** Milliseconds of one call, the best of several. */
function millisecondsOf(call: () => void, runs: number): number {
  let least = Infinity;
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    call();
    least = Math.min(least, performance.now() - began);
  }
  return least;
}

/** Numbers between -1 and 1, the same each time. */
const numbers = (length: number) => Float32Array.from({ length }, (_, n) => Math.sin(n * 12.9898));

function openCatalogue(module: WebAssembly.Module) {
  const tables = [{ table: numbers(items * width), width, scale: 1 }];
  const rank = Uint32Array.from({ length: items }, (_, item) => item);
  return createCatalogue(module, { items, width, prior: numbers(items), rank, tables });
}

/** Milliseconds in which as many bytes as the item matrix has are read, by the kernel that sums columns. */
function readingOnce(module: WebAssembly.Module, runs: number): number {
  const memory = makeMemory(4 * items * width + 4096);
  const kernels = loadKernels(module, memory);
  const [matrix, sums] = [
    new Float32Array(memory.buffer, 4096, items * width),
    new Float32Array(memory.buffer, 1024, width),
  ];
  matrix.fill(1);
  return millisecondsOf(() => kernels.sumColumns(matrix, sums, items, width), runs);
}

export function bench(runs = 40): Row[] {
  const module = compiledKernels();
  const catalogue = openCatalogue(module);
  const queries = numbers(mostQueries * width);
  const answer = (count: number) => {
    for (const scores of catalogue.scores(queries, count, 1)) {
      catalogue.norm(scores);
      catalogue.best(scores, best);
    }
  };
  const [alone, together] = [millisecondsOf(() => answer(1), runs), millisecondsOf(() => answer(mostQueries), runs)];
  const pass = millisecondsOf(() => catalogue.scores(queries, 1, 1), runs);
  const reading = readingOnce(module, runs);
  const share = (milliseconds: number) => (100 * reading) / milliseconds;
  return [
    { what: "the item matrix read once", measured: reading, unit: "ms", target: "" },
    { what: "one query alone: scores, normaliser, best 25", measured: alone, unit: "ms", target: "<= 6" },
    { what: "  its pass over the items", measured: pass, unit: "ms", target: "" },
    { what: "  the memory's limit is of that pass", measured: share(pass), unit: "%", target: "" },
    { what: `each of ${mostQueries} queries together`, measured: together / mostQueries, unit: "ms", target: "<= 1.5" },
  ];
}
