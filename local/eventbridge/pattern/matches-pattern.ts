/**
 * Does an event match a pattern? Paths are tried in alphabetical order; what is chosen for one path binds the array
 * elements for all later ones, so that two fields of objects in a list must come from the same object.
 */
import type { Branch, EventPattern, PathTest } from "./compile-pattern.ts";
import { fieldsOf, joinMemberships, type EventFields, type Membership } from "./event-fields.ts";

export function matchesPattern(pattern: EventPattern, event: object): boolean {
  const fields = fieldsOf(event);
  return pattern.branches.some((branch) => matchesFrom(branch, 0, fields, new Map()));
}

function matchesFrom(branch: Branch, index: number, fields: EventFields, membership: Membership): boolean {
  const path = branch[index];
  if (!path) return true;
  for (const next of choices(path, fields, membership)) {
    if (matchesFrom(branch, index + 1, fields, next)) return true;
  }
  return false;
}

/** Every way to satisfy one path, as the array elements it binds. */
function* choices(
  { path, tests, mayBeAbsent }: PathTest,
  fields: EventFields,
  soFar: Membership,
): Generator<Membership> {
  const reachable = (fields.get(path) ?? []).flatMap((field) => {
    const joined = joinMemberships(soFar, field.membership);
    return joined ? [{ value: field.value, joined }] : [];
  });
  if (mayBeAbsent && reachable.length === 0) yield soFar;
  // Values that bind the same elements lead to the same rest; a long list of plain values is tried once.
  const tried = new Set<string>();
  for (const { value, joined } of reachable) {
    if (!tests.some((test) => test(value))) continue;
    const key = JSON.stringify([...joined]);
    if (tried.has(key)) continue;
    tried.add(key);
    yield joined;
  }
}
