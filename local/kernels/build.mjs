/** Compiles local/kernels/assembly to one WebAssembly module with SIMD and shared memory: `<outdir>/kernels.wasm`. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const flags = [
  ...["--optimizeLevel", "3", "--shrinkLevel", "0", "--converge", "--noAssert", "--runtime", "stub"],
  ...["--enable", "simd", "--enable", "threads", "--importMemory", "--sharedMemory"],
  ...["--initialMemory", "1", "--maximumMemory", "65536", "--use", "abort="],
];

/** Throws with the compiler's own report when a source does not compile. The same sources give the same bytes. */
export async function buildKernels(root, outdir) {
  const asc = (await import("assemblyscript/asc")).default;
  const folder = join(root, "local/kernels/assembly");
  const read = (name) => {
    try {
      return readFileSync(join(folder, name), "utf8");
    } catch {
      return null; // the compiler probes several names for one import
    }
  };
  const written = {};
  const { error, stderr } = await asc.main(["index.ts", "--outFile", "kernels.wasm", ...flags], {
    readFile: read,
    writeFile: (name, contents) => (written[name] = contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`local/kernels/assembly does not compile:\n${stderr.toString()}`);
  mkdirSync(outdir, { recursive: true });
  writeFileSync(join(outdir, "kernels.wasm"), written["kernels.wasm"]);
}
