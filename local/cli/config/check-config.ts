/**
 * Reads a configuration as a deployment would and says all that is wrong at once: of the file, of the schema files it
 * names, of expressions that only Scheduler would refuse. Reading files is the caller's; the rest is pure.
 */
import { ConfigurationRefused, type OutrankConfig, resolveConfig } from "../../../pipeline/config/outrank-config.ts";
import { expressionFault } from "./due-times.ts";
import { schedulesOf } from "./explain-config.ts";

export type Checked =
  | { readonly faults: readonly string[]; readonly config?: undefined }
  | { readonly faults: readonly []; readonly config: OutrankConfig };

/** @param readJson parses a schema file; what it throws becomes a fault at the schema's path */
export function checkConfig(raw: unknown, readJson: (path: string) => unknown): Checked {
  const unreadable = schemaFilesOf(raw).flatMap(({ path, file }) => {
    const fault = faultOf(() => readJson(file));
    return fault === undefined ? [] : [{ path, fault: `${path}: ${fault}` }];
  });
  try {
    const config = resolveConfig(raw, (file) => (faultOf(() => readJson(file)) === undefined ? readJson(file) : null));
    const faults = unreadable.length > 0 ? unreadable.map(({ fault }) => fault) : expressionFaults(config);
    return faults.length > 0 ? { faults } : { faults: [], config };
  } catch (error) {
    if (!(error instanceof ConfigurationRefused)) throw error;
    // That nothing stands in an unreadable schema's place follows from its own fault.
    const own = error.faults.filter((fault) => !unreadable.some(({ path }) => fault.startsWith(`${path}:`)));
    return { faults: [...unreadable.map(({ fault }) => fault), ...own] };
  }
}

function faultOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Every `"schema": "file"` with its path. */
function schemaFilesOf(value: unknown, path = "$"): { path: string; file: string }[] {
  if (Array.isArray(value)) return value.flatMap((entry, at) => schemaFilesOf(entry, `${path}[${at}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === "schema" && typeof member === "string"
      ? [{ path: `${path}.schema`, file: member }]
      : schemaFilesOf(member, `${path}.${key}`),
  );
}

const expressionFaults = ({ datasetGroups }: OutrankConfig): string[] =>
  datasetGroups.flatMap((group, at) =>
    schedulesOf(group).flatMap(({ path, schedule }) => {
      const fault = expressionFault(schedule);
      return fault === undefined ? [] : [`$.datasetGroups[${at}].${path}.expression: ${fault}`];
    }),
  );
