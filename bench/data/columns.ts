/** Events and metadata as columns, the way a recipe sees them, without files in between. */
import type { Column } from "../../local/recipes/recipe.ts";
import { categoricalColumn } from "../../local/recipes/features/categories.ts";
import type { LoadedData } from "../../local/personalize/data/training-data.ts";

export interface Event {
  readonly user: string;
  readonly item: string;
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly eventType: string;
}

/** What is known of one item or user: a number, or categories as `A|B`. */
export type Facts = Readonly<Record<string, string | number>>;

export interface KnownThings {
  readonly items?: ReadonlyMap<string, Facts>;
  readonly users?: ReadonlyMap<string, Facts>;
  /** Epoch seconds by item id; an item that is not here came with its first event. */
  readonly itemCreated?: ReadonlyMap<string, number>;
}

function codesOf(names: readonly string[]): Map<string, number> {
  const codes = new Map<string, number>();
  for (const name of names) if (!codes.has(name)) codes.set(name, codes.size);
  return codes;
}

/** One column per name that any of the facts has, aligned with `ids`. */
function metadataOf(ids: readonly string[], facts: ReadonlyMap<string, Facts>): Column[] {
  const [first] = facts.values();
  return Object.entries(first ?? {}).map(([name, example]): Column => {
    const values = ids.map((id) => facts.get(id)?.[name]);
    if (typeof example === "number") {
      return { name, kind: "number", values: Float64Array.from(values, (value) => Number(value ?? NaN)) };
    }
    return categoricalColumn(
      name,
      values.map((value) => String(value ?? "")),
      ids.length,
    );
  });
}

/** Events of a user in order of time, ties in the given order; users and items in order of first mention. */
export function columnsOf(events: readonly Event[], known: KnownThings = {}): LoadedData {
  const users = codesOf(events.map(({ user }) => user));
  const items = codesOf(events.map(({ item }) => item));
  const eventTypes = codesOf(events.map(({ eventType }) => eventType));
  const ordered = events
    .map((event) => ({ ...event, u: users.get(event.user) ?? 0, i: items.get(event.item) ?? 0 }))
    .sort((a, b) => a.u - b.u || a.timestamp - b.timestamp); // stable
  const offsets = new Uint32Array(users.size + 1);
  for (const { u } of ordered) offsets[u + 1]!++;
  for (let u = 0; u < users.size; u++) offsets[u + 1]! += offsets[u]!;
  const [userIds, itemIds] = [[...users.keys()], [...items.keys()]];
  const declaredCreation = Float64Array.from(itemIds, (id) => known.itemCreated?.get(id) ?? NaN);
  const itemCreated = declaredCreation.map((declared) => (Number.isNaN(declared) ? Infinity : declared));
  for (const { i, timestamp } of ordered) {
    if (Number.isNaN(declaredCreation[i]!)) itemCreated[i] = Math.min(itemCreated[i]!, timestamp);
  }
  return {
    ...{ users: userIds, items: itemIds, eventTypes: [...eventTypes.keys()], offsets, itemCreated, declaredCreation },
    item: Uint32Array.from(ordered, ({ i }) => i),
    timestamp: Float64Array.from(ordered, ({ timestamp }) => timestamp),
    eventType: Uint16Array.from(ordered, ({ eventType }) => eventTypes.get(eventType) ?? 0),
    eventValue: new Float32Array(events.length).fill(NaN),
    contextColumns: [],
    itemColumns: metadataOf(itemIds, known.items ?? new Map()),
    userColumns: metadataOf(userIds, known.users ?? new Map()),
  };
}
