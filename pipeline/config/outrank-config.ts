/**
 * outrank.json as a whole. `resolveConfig` is the only reader of the raw file: it puts schema files in place, fills in
 * every default, and reports all faults at once, each with its path.
 */
import * as z from "zod";
import { Api } from "./api.ts";
import { cleanupMachine } from "../naming/names.ts";
import { DatasetGroup, Name } from "./dataset-group.ts";
import { Encryption } from "./encryption.ts";
import { Events } from "./events.ts";
import { Notifications } from "./notifications.ts";
import { Tags } from "./tags.ts";

function duplicates(names: readonly string[]): number[] {
  return names.flatMap((name, position) => (names.indexOf(name) < position ? [position] : []));
}

export const OutrankConfig = z
  .strictObject({
    $schema: z.string().optional().describe("for editors"),
    project: Name.max(16).default("outrank").describe("begins the name of everything that is created"),
    tags: Tags.default({}).describe("on everything in the stack, and on what the runs create in Personalize"),
    encryption: Encryption.optional().describe("absent: AWS's own keys lock the data"),
    notifications: Notifications.prefault({}).describe("of every group"),
    api: Api.optional().describe("an HTTP API with IAM authorisation"),
    events: Events.prefault({}).describe("what other systems are told"),
    datasetGroups: z.array(DatasetGroup).min(1).describe("each has its own machine, triggers and folder in the bucket"),
  })
  .superRefine(({ project, datasetGroups }, context) => {
    const complain = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    for (const at of duplicates(datasetGroups.map((group) => group.name))) {
      complain(["datasetGroups", at, "name"], `a second group named "${datasetGroups[at]?.name}"`);
    }
    datasetGroups.forEach((group, index) => {
      if (datasetGroups.some((other) => cleanupMachine(other.name) === group.name)) {
        complain(["datasetGroups", index, "name"], `"${group.name}" is how another group's cleanup machine is called`);
      }
      if (project.length + 1 + group.name.length > 32) {
        complain(
          ["datasetGroups", index, "name"],
          `"${project}-${group.name}" is longer than 32 characters; shorten one`,
        );
      }
      for (const at of duplicates(group.solutions.map((solution) => solution.name))) {
        complain(["datasetGroups", index, "solutions", at, "name"], "a second solution of this name in the group");
      }
      for (const at of duplicates(group.solutions.map((solution) => solution.campaign.name ?? solution.name))) {
        complain(["datasetGroups", index, "solutions", at, "campaign"], "a second campaign of this name in the group");
      }
    });
  });
export type OutrankConfig = z.infer<typeof OutrankConfig>;
/** What a person may write: defaults left out. */
export type OutrankConfigInput = z.input<typeof OutrankConfig>;

/** outrank.json is not valid; `faults` holds one line per fault, `path: what is wrong`. */
export class ConfigurationRefused extends Error {
  override readonly name = "ConfigurationRefused";
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`outrank.json has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:\n  ${faults.join("\n  ")}`);
    this.faults = faults;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Puts the content of the file in the place of every `"schema": "path"`. Leaves anything malformed for zod to name. */
function withSchemaFiles(raw: unknown, readJson: (path: string) => unknown): unknown {
  if (Array.isArray(raw)) return raw.map((entry) => withSchemaFiles(entry, readJson));
  if (!isObject(raw)) return raw;
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [
      key,
      key === "schema" && typeof value === "string" ? readJson(value) : withSchemaFiles(value, readJson),
    ]),
  );
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}.${String(part)}`), "$");

/** @param readJson parses a schema file named in the configuration; its own errors pass through. */
export function resolveConfig(raw: unknown, readJson: (path: string) => unknown): OutrankConfig {
  const parsed = OutrankConfig.safeParse(withSchemaFiles(raw, readJson));
  if (parsed.success) return parsed.data;
  throw new ConfigurationRefused(parsed.error.issues.map((issue) => `${pathOf(issue.path)}: ${issue.message}`));
}
