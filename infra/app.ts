/** What cdk.json runs: outrank.json -> cdk.out. */
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type OutrankConfig, resolveConfig } from "../pipeline/config/outrank-config.ts";
import { projectFolder } from "./project-folder.ts";
import { synthesize } from "./synthesize.ts";

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));

/** Reads a configuration file; the schema files it names are looked for beside it. */
export const readConfig = (file: string): OutrankConfig =>
  resolveConfig(readJson(file), (path) => readJson(resolve(dirname(file), path)));

export function main([file = join(projectFolder(), "outrank.json")]: readonly string[]): number {
  synthesize({ config: readConfig(file), validate: true });
  return 0;
}
