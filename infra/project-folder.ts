/** Where the project lies: from source, from `dist/` and from tests alike. infra/ names code by path, never imports it. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export function projectFolder(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, "utf8")) as { name?: string }).name === "outrank") {
      return folder;
    }
  }
  throw new Error(`No package.json of Outrank above ${import.meta.dirname}: run from inside the project`);
}

/** Where `npm run build` puts the bundled Lambdas, one folder each. */
export const builtHandlers = (): string => join(projectFolder(), "dist", "lambdas");

/** The bundled code of one Lambda. */
export function handlerFolder(handlers: string, name: string): string {
  const folder = join(handlers, name);
  if (!existsSync(join(folder, "index.cjs"))) throw new Error(`${folder} is not built: run \`npm run build\``);
  return folder;
}

export const definitionFile = (name: string): string => join(projectFolder(), "state-machines", `${name}.asl.json`);
