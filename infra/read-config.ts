/** The configuration from disk, for the cdk command and for the embedded cloud: every fault at once, and in which file. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type OutrankConfig, resolveConfig } from "../pipeline/config/outrank-config.ts";

/** A file cannot be read, is no JSON or says what cannot be; the message begins with the file. */
export class ConfigurationUnusable extends Error {
  override readonly name = "ConfigurationUnusable";
}

/** @throws ConfigurationUnusable. The schema files that `file` names are looked for beside it. */
export function readConfig(file: string): OutrankConfig {
  return explained(file, () => resolveConfig(readJson(file), (path) => readJson(resolve(dirname(file), path))));
}

const readJson = (file: string): unknown => explained(file, () => JSON.parse(readFileSync(file, "utf8")) as unknown);

/** Puts the file before an error's message; the innermost file is the one at fault. */
function explained<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigurationUnusable) throw error;
    throw new ConfigurationUnusable(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
