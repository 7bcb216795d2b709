/**
 * Lists: newest first, at most `maxResults` a page, the rest behind an opaque token. A token names the last row shown and the list
 * it belongs to, so that pages stay right while rows come and go, and a token of another list is refused.
 */
import * as z from "zod";
import { arnIn, those, type ControlPlane } from "./control-plane.ts";
import { InvalidNextTokenException } from "./errors.ts";
import { toWire, type Kind, type Rows } from "./model.ts";

export interface PageRequest {
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

export interface Page<T> {
  readonly items: T[];
  readonly nextToken?: string;
}

const largestPage = 100;

interface Entry {
  readonly created: number;
  readonly id: string;
}

const Token = z.strictObject({ list: z.string(), created: z.number(), id: z.string() });

const encode = (token: z.infer<typeof Token>) => Buffer.from(JSON.stringify(token)).toString("base64url");

function decode(text: string, list: string): Entry {
  try {
    const token = Token.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    if (token.list === list) return token;
  } catch {
    // Not one of ours; refused below like a token of another list.
  }
  throw new InvalidNextTokenException();
}

/** Newest first; equal instants by id, so that the order is total. */
const inOrder = (a: Entry, b: Entry) => b.created - a.created || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Pure: one page of the entries. `list` tells lists apart: the operation and its filter. */
export function pageOf<T extends Entry>(entries: readonly T[], list: string, request: PageRequest): Page<T> {
  const after = request.nextToken === undefined ? undefined : decode(request.nextToken, list);
  const rest = entries.filter((entry) => !after || inOrder(entry, after) > 0).sort(inOrder);
  const items = rest.slice(0, request.maxResults ?? largestPage);
  const last = items.at(-1);
  if (!last || rest.length <= items.length) return { items };
  return { items, nextToken: encode({ list, created: last.created, id: last.id }) };
}

/** One page of a kind's rows, cut down to the members of its summary. */
export function listRows<K extends Kind, Summary>(
  plane: ControlPlane,
  kind: K,
  {
    filter,
    where,
    members,
    ...request
  }: PageRequest & {
    /** What the caller filtered by; undefined = everything. */
    readonly filter?: string | undefined;
    readonly where?: (row: Rows[K]) => boolean;
    readonly members: readonly (keyof Rows[K] & keyof Summary)[];
  },
): Page<Summary> {
  const rows = those(plane, kind, filter === undefined || !where ? () => true : where);
  const entries = rows.map((row) => ({ created: row.creationDateTime, id: arnIn(kind, row), row }));
  const page = pageOf(entries, `${kind} ${filter ?? ""}`, request);
  return { ...page, items: page.items.map(({ row }) => summaryOf<Summary>(row, members)) };
}

/** The named members of a row, those that have a value. */
export const summaryOf = <Summary>(row: object, members: readonly PropertyKey[]): Summary =>
  toWire<Summary>(Object.fromEntries(Object.entries(row).filter(([key]) => members.includes(key))));
