/** Bundles worker entry files for a test, so that it runs the sources as they are and not the last build of them. */
import { buildSync } from "esbuild";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../local/cloud/project-root.ts";

export interface BuiltWorkers {
  path(name: string): string;
  remove(): void;
}

/** @param entries name of the built file without its ending -> source path in the project */
export function buildWorkers(entries: Readonly<Record<string, string>>): BuiltWorkers {
  const root = projectRoot();
  const folder = join(root, "node_modules", ".cache", `outrank-workers-${process.pid}`);
  buildSync({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "error",
  });
  return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
