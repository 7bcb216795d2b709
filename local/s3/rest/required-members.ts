/** Which members of a structure AWS's schema requires: a static schema ends with how many of its leading members are. */
import type { NormalizedSchema } from "@smithy/core/schema";

export function requiredMembers(schema: NormalizedSchema): [string, NormalizedSchema][] {
  const raw = schema.getSchema();
  const count = Array.isArray(raw) && typeof raw[6] === "number" ? raw[6] : 0;
  return schema.isStructSchema() ? [...schema.structIterator()].slice(0, count) : [];
}
