/** Matrix multiplication on one core, in GFLOP/s, at the shapes that training meets; packing of the left matrix included. */
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { builtFile } from "../local/cloud/project-root.ts";
import { loadKernels, makeMemory } from "../local/kernels/kernels.ts";
import type { Row } from "./row.ts";

const shapes = [
  { what: "gates of one step: 4 lanes, width 64", m: 4, k: 64, n: 192 },
  { what: "gates of a window: 128 events, width 64", m: 128, k: 64, n: 192 },
  { what: "logits of a block: 128 events, width 64, 1,024 candidates", m: 128, k: 64, n: 1024 },
  { what: "gradient of the candidates: 1,024 rows, 128 events", m: 1024, k: 128, n: 64 },
  { what: "width 128, 4,096 candidates", m: 256, k: 128, n: 4096 },
];

/** The best of several runs: what the machine can do when nobody disturbs it. */
export function bench(runs = 5, operationsPerRun = 2e9): Row[] {
  const memory = makeMemory(64_000_000);
  const kernels = loadKernels(new WebAssembly.Module(readFileSync(builtFile("kernels.wasm"))), memory);
  return shapes.map(({ what, m, k, n }) => {
    let offset = 1024;
    const array = (length: number) => {
      const made = new Float32Array(memory.buffer, offset, length);
      offset += 64 * Math.ceil((4 * length) / 64);
      return made;
    };
    const [a, b, packed, c, scratch] = [array(m * k), array(k * n), array(k * (n + 8)), array(m * n), array(24_704)];
    kernels.packRight({ data: b, row: n, column: 1 }, k, n, packed);
    const times = Math.ceil(operationsPerRun / (2 * m * k * n));
    let best = 0;
    for (let run = 0; run < runs; run++) {
      const began = performance.now();
      const left = { data: a, row: k, column: 1 };
      for (let t = 0; t < times; t++) kernels.multiplyPacked(left, packed, c, n, m, k, n, false, scratch);
      best = Math.max(best, (2 * m * k * n * times) / (performance.now() - began) / 1e6);
    }
    return { what, measured: best, unit: "GFLOP/s", target: ">= 20" };
  });
}
