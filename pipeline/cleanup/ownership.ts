/**
 * What of a dataset group Outrank made. Only what Personalize lists under this dataset group is ever asked about, so a
 * name's beginning is enough; schemas belong to no group, and theirs must be ours to the last letter.
 */
import { datasetTypes } from "../config/avro-schema.ts";
import { shortType } from "../naming/names.ts";
import type { Found } from "./found.ts";

export const isOurs = ({ name }: Pick<Found, "name">, prefix: string): boolean =>
  name === prefix || name.startsWith(`${prefix}-`);

/** `outrank-shop-items-0a1b2c3d`, and not `outrank-shop-items-items-0a1b2c3d` of a group named shop-items. */
export function isOurSchema(name: string, prefix: string): boolean {
  return datasetTypes.map(shortType).some((type) => {
    const start = `${prefix}-${type}-`;
    return name.startsWith(start) && /^[0-9a-f]{8}$/.test(name.slice(start.length));
  });
}

/** `outrank-shop-main-0a1b2c`: a solution as the planner names them, whatever its configuration was. */
export const isOurSolution = (name: string, prefix: string): boolean =>
  name.startsWith(`${prefix}-`) && /^[a-z][a-z0-9-]*-[0-9a-f]{6}$/.test(name.slice(prefix.length + 1));

export const foreignIn = (found: readonly Found[], prefix: string): Found[] =>
  found.filter((thing) => thing.kind !== "schema" && !isOurs(thing, prefix));

/** Somebody else works in this dataset group; a person must decide. */
export class ForeignResources extends Error {
  override readonly name = "ForeignResources";
  constructor(group: string, foreign: readonly Found[]) {
    super(
      `Not made by Outrank, but in the dataset group of ${group}: ` +
        `${foreign.map(({ kind, name }) => `${kind} ${name}`).join(", ")}. Nothing was deleted. Delete them yourself, or set ` +
        `cleanup.mayDeleteForeign in outrank.json, deploy, and start with {"includeForeign": true}`,
    );
  }
}
