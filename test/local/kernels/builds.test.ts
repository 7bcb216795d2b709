/** Which of the two builds a runtime gets, and that they say the same but for the last bits. */
import { describe, expect, it } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { kernelsName } from "../../../local/kernels/kernels.ts";

/** Node 20 has relaxed SIMD behind a flag, later ones have it. */
const isOld = Number(process.versions.node.split(".")[0]) < 22;
const relaxed = isOld ? ["--experimental-wasm-relaxed-simd"] : [];

const root = join(import.meta.dirname, "../../..");

/** Multiplies a 7 x 33 matrix by a 33 x 9 one in each build, in a runtime that has relaxed SIMD, and prints the largest difference. */
const script = (folder: string) => `
  import { readFileSync } from "node:fs";
  const { buildKernels } = await import(${JSON.stringify(pathToFileURL(join(root, "local/kernels/build.mjs")).href)});
  await buildKernels(${JSON.stringify(root)}, ${JSON.stringify(folder)});
  const [m, k, n] = [7, 33, 9];
  const results = ["kernels.wasm", "kernels-relaxed.wasm"].map((name) => {
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
    const module = new WebAssembly.Module(readFileSync(${JSON.stringify(folder)} + "/" + name));
    const { packRight, multiplyPacked } = new WebAssembly.Instance(module, { env: { memory } }).exports;
    const at = [4096, 16384, 32768, 65536, 131072];
    for (const [place, length] of [[at[0], m * k], [at[1], k * n]]) {
      new Float32Array(memory.buffer, place, length).forEach((_, x, all) => (all[x] = Math.sin(1 + x * 1.7)));
    }
    packRight(at[1], n, 1, k, n, at[2]);
    multiplyPacked(at[0], k, 1, at[2], at[3], n, m, k, n, 0, at[4]);
    return new Float32Array(memory.buffer, at[3], m * n).slice();
  });
  const plain = [...results[0]];
  const expected = plain.map((_, c) => {
    let sum = 0;
    for (let x = 0; x < k; x++) sum += Math.sin(1 + (Math.floor(c / n) * k + x) * 1.7) * Math.sin(1 + (x * n + (c % n)) * 1.7);
    return sum;
  });
  const apart = (a, b) => Math.max(...a.map((value, c) => Math.abs(value - b[c])));
  console.log(JSON.stringify({ builds: apart(plain, [...results[1]]), truth: apart([...results[1]], expected) }));
`;

describe("the builds of the kernels", () => {
  it.each([
    { why: "with relaxed SIMD", isValid: true, name: "kernels-relaxed.wasm" },
    { why: "without", isValid: false, name: "kernels.wasm" },
  ])("are chosen by what the runtime validates: $why", ({ isValid, name }) => {
    expect(kernelsName(() => isValid)).toBe(name);
  });

  it("ask with a module that is one where relaxed SIMD is known, and none where it is not", () => {
    const probe: Uint8Array[] = [];
    kernelsName((bytes) => probe.push(bytes) > 0);
    const ask = `console.log(WebAssembly.validate(Uint8Array.of(${String(probe[0])})))`;
    const answer = (flags: readonly string[]) =>
      execFileSync(process.execPath, [...flags, "-e", ask])
        .toString()
        .trim();

    expect(answer(relaxed)).toBe("true");
    expect(answer([])).toBe(String(!isOld));
  });

  it("multiply alike", () => {
    const folder = mkdtempSync(join(tmpdir(), "kernels-"));
    try {
      const flags = [...relaxed, "--input-type=module", "-e", script(folder)];
      const { builds, truth } = JSON.parse(execFileSync(process.execPath, flags).toString()) as Record<string, number>;

      expect(builds).toBeLessThan(1e-5);
      expect(truth).toBeLessThan(1e-5);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
