/** The fast kernels, compiled on the spot, beside their slow twins, and seeded arrays in the kernels' memory. */
import { expect } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadKernels, makeMemory, type Kernels } from "../../../local/kernels/kernels.ts";
import { slowKernels } from "../../../local/kernels/slow-kernels.ts";
import { makeRandom } from "../../../local/recipes/network/random.ts";

const root = join(import.meta.dirname, "../../..");

/** In a process of its own, because the compiler is an ES module and tests run as CommonJS. */
export function compileKernels(): WebAssembly.Module {
  const folder = mkdtempSync(join(tmpdir(), "kernels-"));
  try {
    const build = JSON.stringify(join(root, "local/kernels/build.mjs"));
    const script = `import(${build}).then((build) => build.buildKernels(${JSON.stringify(root)}, ${JSON.stringify(folder)}, ["kernels.wasm"]))`;
    execFileSync(process.execPath, ["-e", script]);
    return new WebAssembly.Module(readFileSync(join(folder, "kernels.wasm")));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface Bench {
  readonly fast: Kernels;
  f32(length: number): Float32Array;
  u32(values: readonly number[]): Uint32Array;
  bytes(values: readonly number[]): Uint8Array;
  /** Normal numbers, the same on every run. */
  random(length: number): Float32Array;
}

/** A fresh bench: nothing of another test's arrays. */
export function makeBench(module: WebAssembly.Module): Bench {
  const memory = makeMemory(8_000_000);
  const random = makeRandom(7);
  let offset = 1024;
  const take = (bytes: number) => {
    const at = offset;
    offset += 16 * Math.ceil(bytes / 16) + 16;
    return at;
  };
  const f32 = (length: number) => new Float32Array(memory.buffer, take(4 * length), length);
  return {
    fast: loadKernels(module, memory),
    f32,
    u32: (values) => {
      const array = new Uint32Array(memory.buffer, take(4 * values.length), values.length);
      array.set(values);
      return array;
    },
    bytes: (values) => {
      const array = new Uint8Array(memory.buffer, take(values.length), values.length);
      array.set(values);
      return array;
    },
    random: (length) => {
      const array = f32(length);
      for (let n = 0; n < length; n++) array[n] = random.normal();
      return array;
    },
  };
}

/** Runs the same call on both; the arrays it rewrites, of the fast one and of the slow one. */
export function both(bench: Bench, arrays: readonly Float32Array[], call: (k: Kernels, a: Float32Array[]) => void) {
  const copies = arrays.map((array) => array.slice());
  call(bench.fast, [...arrays]);
  call(slowKernels, copies);
  return arrays.map((array, n) => ({ fast: array, slow: copies[n]! }));
}

export function expectClose(fast: Float32Array, slow: Float32Array, tolerance = 2e-5): void {
  let worst = 0;
  fast.forEach((value, n) => (worst = Math.max(worst, Math.abs(value - slow[n]!) / (1 + Math.abs(slow[n]!)))));
  expect(worst).toBeLessThan(tolerance);
}
