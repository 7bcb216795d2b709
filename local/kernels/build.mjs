/**
 * Compiles local/kernels/assembly to WebAssembly with SIMD and shared memory, in two builds: `kernels.wasm`, and
 * `kernels-relaxed.wasm` for runtimes with relaxed SIMD, where a multiply-add is one operation.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const flags = [
  ...["--optimizeLevel", "3", "--shrinkLevel", "0", "--converge", "--noAssert", "--runtime", "stub"],
  ...["--enable", "simd", "--enable", "threads", "--importMemory", "--sharedMemory"],
  ...["--initialMemory", "1", "--maximumMemory", "65536", "--use", "abort="],
];

const builds = { "kernels.wasm": [], "kernels-relaxed.wasm": ["--enable", "relaxed-simd"] };

/**
 * Throws with the compiler's own report when a source does not compile. The same sources give the same bytes.
 *
 * @param {readonly string[]} names of the builds to make
 */
export async function buildKernels(root, outdir, names = Object.keys(builds)) {
  const asc = (await import("assemblyscript/asc")).default;
  const folder = join(root, "local/kernels/assembly");
  const read = (name) => {
    try {
      return readFileSync(join(folder, name), "utf8");
    } catch {
      return null; // the compiler probes several names for one import
    }
  };
  mkdirSync(outdir, { recursive: true });
  for (const outFile of names) {
    const written = {};
    const { error, stderr } = await asc.main(["index.ts", "--outFile", outFile, ...flags, ...builds[outFile]], {
      readFile: read,
      writeFile: (name, contents) => (written[name] = contents),
      listFiles: () => [],
    });
    if (error) throw new Error(`local/kernels/assembly does not compile:\n${stderr.toString()}`);
    writeFileSync(join(outdir, outFile), written[outFile]);
  }
}
