/**
 * Builds `dist/`: the command line, the worker threads' entry files, the Lambda handlers' bundles and the WebAssembly
 * kernels. Skips what is newer than all of its sources, so that calling it before every command costs milliseconds, and takes
 * over from the last build the parts whose sources say the same.
 */
import { reusing } from "./parts.mjs";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Entry files of programs and worker threads: name in `dist/` -> source. A missing source is left out. */
const entries = {
  cli: "local/cli/main.ts",
  bench: "bench/main.ts",
  synth: "infra/app.ts",
  "synth-worker": "local/cli/synth-worker.ts",
  docs: "local/build/write-docs.ts",
  "example-01-your-own-stack": "examples/01-your-own-stack/app.ts",
  "lambda-worker": "local/lambda/worker.ts",
  "training-process": "local/personalize/jobs/training-process.ts",
  "training-worker": "local/personalize/jobs/training-worker.ts",
  "import-worker": "local/personalize/jobs/import-worker.ts",
  "deletion-worker": "local/personalize/jobs/deletion-worker.ts",
  "kernel-worker": "local/recipes/parallel/kernel-worker.ts",
  "jsonata-worker": "local/step-functions/language/jsonata-worker.ts",
};

const sourceFolders = ["pipeline", "lambdas", "infra", "local", "bench", "state-machines", "examples"];

/** The newest modification time, in milliseconds, of any file under a folder. */
function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) latest = Math.max(latest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
  }
  return latest;
}

function isFresh(root, stamp) {
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  const sources = sourceFolders.map((f) => join(root, f)).filter((f) => existsSync(f));
  return [...sources.map(newest), statSync(join(root, "package-lock.json")).mtimeMs].every((time) => time <= built);
}

async function buildPrograms(esbuild, root, outdir) {
  const present = Object.entries(entries).filter(([, source]) => existsSync(join(root, source)));
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(present),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: true,
    logLevel: "warning",
  });
}

/**
 * One self-contained file per Lambda: `dist/lambdas/<name>/index.cjs`, the AWS SDK bundled at our pinned version.
 * `.cjs` is CommonJS wherever the file lies; what `.js` is would be decided by any package.json above it.
 */
async function buildLambdas(esbuild, root, outdir) {
  const folder = join(root, "lambdas");
  if (!existsSync(folder)) return;
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "wire.ts")));
  if (names.length === 0) return;
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map((name) => [`${name}/index`, `lambdas/${name}/wire.ts`])),
    outdir: join(outdir, "lambdas"),
    outExtension: { ".js": ".cjs" },
    bundle: true,
    minify: true,
    keepNames: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    mainFields: ["module", "main"],
    legalComments: "none",
    logLevel: "warning",
  });
}

async function buildKernels(root, outdir) {
  const kernels = join(root, "local/kernels/build.mjs");
  if (existsSync(kernels)) await (await import(kernels)).buildKernels(root, outdir);
}

/** Builds everything under `root` into `root/dist` when a source is newer than the last build. */
export async function buildAll(root) {
  const dist = join(root, "dist");
  const stamp = join(dist, ".built");
  if (isFresh(root, stamp)) return;
  const started = new Date();
  const esbuild = await import("esbuild");
  const fresh = join(root, `dist.${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  try {
    const part = reusing(root, dist, fresh);
    await part("kernels", ["local/kernels/assembly", "local/kernels/build.mjs"], (outdir) =>
      buildKernels(root, outdir),
    );
    await part("lambdas", ["lambdas", "pipeline"], (outdir) => buildLambdas(esbuild, root, outdir));
    await buildPrograms(esbuild, root, fresh);
    writeFileSync(join(fresh, ".built"), "");
    utimesSync(join(fresh, ".built"), started, started);
    // Another process may have been first; its build is as good, and it may be using it by now.
    if (!isFresh(root, stamp)) replace(root, dist, fresh, stamp);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Puts the fresh build in place with two renames; where another process was first, its build is as good. */
function replace(root, dist, fresh, stamp) {
  const old = `${fresh}.old`;
  try {
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(fresh, dist);
  } catch (error) {
    if (!isFresh(root, stamp)) throw error;
  } finally {
    rmSync(old, { recursive: true, force: true });
  }
}
