/** Finds the project's folder and the built worker files in it, from source, from `dist/` and from tests alike. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of Outrank's own package.json. Throws when this file was copied out of the project. */
export function projectRoot(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, "utf8")) as { name?: string }).name === "outrank") {
      return folder;
    }
  }
  throw new Error(`No package.json of Outrank above ${import.meta.dirname}: run from inside the project`);
}

/** Path of a built file, e.g. `builtFile("training-worker.mjs")`. `npm run build` makes them; `npm test` builds first. */
export function builtFile(name: string): string {
  const path = join(projectRoot(), "dist", name);
  if (!existsSync(path)) throw new Error(`${path} is missing: run \`npm run build\``);
  return path;
}
