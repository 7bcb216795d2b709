/** The project's own source files, for the house tests that read them. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export const root = join(import.meta.dirname, "..", "..");

export interface Source {
  /** Path from the project's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const skipped = /(^|\/)(node_modules|dist|dist\.\d+|cdk\.out|\.outrank|\.git)(\/|$)/;

/** Every file below the folders whose name ends like one of `endings`. */
export function sourcesIn(folders: readonly string[], endings: readonly string[]): Source[] {
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { withFileTypes: true, recursive: true }))
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((path) => !skipped.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}
