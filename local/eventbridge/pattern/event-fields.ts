/**
 * An event as its leaves: dotted path, value, and from which element of which array it comes. Objects in arrays carry
 * their element; plain values in arrays carry none, so that two patterns on one list need not agree on the element.
 */
export type Leaf = string | number | boolean | null;

/** Array (numbered as met) -> element. */
export type Membership = ReadonlyMap<number, number>;

export interface EventField {
  readonly value: Leaf;
  readonly membership: Membership;
}

export type EventFields = ReadonlyMap<string, readonly EventField[]>;

export function fieldsOf(event: object): EventFields {
  const fields = new Map<string, EventField[]>();
  let arrays = 0;
  function visit(value: unknown, path: string, membership: Membership): void {
    if (Array.isArray(value)) {
      const array = arrays++;
      value.forEach((element: unknown, index) => {
        const isPlain = typeof element !== "object" || element === null;
        visit(element, path, isPlain ? membership : new Map([...membership, [array, index]]));
      });
    } else if (typeof value === "object" && value !== null) {
      for (const [key, member] of Object.entries(value))
        visit(member, path === "" ? key : `${path}.${key}`, membership);
    } else {
      const found = fields.get(path);
      const field = { value: value as Leaf, membership };
      if (found) found.push(field);
      else fields.set(path, [field]);
    }
  }
  visit(event, "", new Map());
  return fields;
}

/** Both memberships together, or undefined when they name different elements of one array. */
export function joinMemberships(soFar: Membership, more: Membership): Membership | undefined {
  if (more.size === 0) return soFar;
  for (const [array, index] of more) {
    const known = soFar.get(array);
    if (known !== undefined && known !== index) return undefined;
  }
  return new Map([...soFar, ...more]);
}
