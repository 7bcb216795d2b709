/** Templates for tests that look at them: synthesized with handlers that have the right names and nothing in them. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../infra/read-config.ts";
import type { OutrankConfig } from "../../pipeline/config/outrank-config.ts";
import { root } from "./sources.ts";

export interface Resource {
  readonly Type: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a template's properties are as many as AWS has types
  readonly Properties: any;
  readonly DeletionPolicy?: string;
}

export type Resources = Readonly<Record<string, Resource>>;

/** Makes a folder of handlers below `folder` and answers its path. */
export function emptyHandlers(folder: string): string {
  const handlers = join(folder, "handlers");
  const names = readdirSync(join(root, "lambdas")).filter((name) => name !== "lib");
  for (const name of names) {
    mkdirSync(join(handlers, name), { recursive: true });
    writeFileSync(join(handlers, name, "index.cjs"), `exports.handler = async () => "${name}";\n`);
  }
  return handlers;
}

export const demoConfig = (): OutrankConfig => readConfig(join(root, "outrank.json"));

/** The demo's group under other names, with its schedule or without. */
export function withGroups(
  ...groups: readonly { readonly name: string; readonly scheduled: boolean }[]
): OutrankConfig {
  const config = demoConfig();
  const [shop] = config.datasetGroups;
  if (shop?.schedule === undefined) throw new Error("the demo's group has a schedule");
  const { schedule, ...rest } = shop;
  const made = groups.map(({ name, scheduled }) => ({ ...rest, name, ...(scheduled ? { schedule } : {}) }));
  return { ...config, datasetGroups: made };
}

export const resourcesIn = (assembly: string): Resources =>
  JSON.parse(readFileSync(join(assembly, "Outrank.template.json"), "utf8")).Resources;

export const ofType = (resources: Resources, type: string): Resource[] =>
  Object.values(resources).filter((resource) => resource.Type === type);
