/**
 * The documented split: 90 % of the users train, 10 % test; of a test user the oldest 90 % of the interactions are the
 * input and the newest 10 % the truth. What the guide leaves open is settled so:
 *
 *   - Only users with two or more interactions can be tested (one to ask with, one to find). A tenth of them is, rounded
 *     to the nearest, at least one.
 *   - Who is tested depends on the user's id and a seed alone: candidate, baseline and next week's versions are judged on
 *     the same people, so that a difference is the models' and not the draw's.
 *   - Of n interactions floor(n / 10) are truth, at least one.
 *   - Test users stay in the training data as users without interactions: their metadata are known, their acts are not.
 *
 * For USER_SEGMENTATION the newest 20 % of every user's interactions are the truth and the rest trains; of n interactions
 * floor(n / 5), at least one where there are two.
 */
import { selectRows } from "../data/select-rows.ts";
import { itemCreation } from "../data/training-data.ts";
import type { LoadedData } from "../data/training-data.ts";

export interface Split {
  /** What the model may learn from; users and items keep their indices. */
  readonly training: LoadedData;
  /** Indices of the test users, ascending. */
  readonly testUsers: Uint32Array;
}

const tenth = 0.1;

/** FNV-1a with a final mix, so that ids that differ in one digit fall far apart. */
export function hashId(id: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) | 0;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** How many of a test user's n interactions are the truth. */
export function truthCount(n: number): number {
  return Math.max(1, Math.floor(n * tenth));
}

/** In the order in which users are drawn for tests; those who cannot be tested are left out. */
function drawn(data: LoadedData, seed: number): number[] {
  const eligible = data.users
    .map((id, u) => ({ u, id, hash: hashId(id, seed) }))
    .filter(({ u }) => (data.offsets[u + 1] as number) - (data.offsets[u] as number) >= 2);
  eligible.sort((a, b) => a.hash - b.hash || (a.id < b.id ? -1 : 1));
  return eligible.map(({ u }) => u);
}

const tenthOf = (users: readonly number[]) => (users.length === 0 ? 0 : Math.max(1, Math.round(users.length * tenth)));

export function chooseTestUsers(data: LoadedData, seed: number): Uint32Array {
  const users = drawn(data, seed);
  return Uint32Array.from(users.slice(0, tenthOf(users))).sort();
}

/** A second tenth, beside the test users: for recipes whose evaluation has to choose something, a threshold say. */
export function chooseValidationUsers(data: LoadedData, seed: number): Uint32Array {
  const users = drawn(data, seed);
  const count = tenthOf(users);
  return Uint32Array.from(users.slice(count, 2 * count)).sort();
}

/** The data with each user's oldest positions up to `keptOf(u, n)` of n; the creation of items is worked out anew. */
export function keepOldest(data: LoadedData, keptOf: (user: number, n: number) => number): LoadedData {
  const offsets = new Uint32Array(data.offsets.length);
  const rows = new Uint32Array(data.item.length);
  let kept = 0;
  for (let u = 0; u < data.users.length; u++) {
    const from = data.offsets[u] as number;
    const to = from + keptOf(u, (data.offsets[u + 1] as number) - from);
    for (let row = from; row < to; row++) rows[kept++] = row;
    offsets[u + 1] = kept;
  }
  const part = selectRows(data, rows.subarray(0, kept), offsets);
  return { ...part, itemCreated: itemCreation(data.declaredCreation, part.item, part.timestamp) };
}

/** @param heldOut users whose interactions nothing is learnt from */
export function withoutUsers(data: LoadedData, heldOut: Iterable<number>): LoadedData {
  const isHeldOut = new Uint8Array(data.users.length);
  for (const u of heldOut) isHeldOut[u] = 1;
  return keepOldest(data, (u, n) => (isHeldOut[u] ? 0 : n));
}

export function splitUsers(data: LoadedData, seed: number): Split {
  const testUsers = chooseTestUsers(data, seed);
  return { training: withoutUsers(data, testUsers), testUsers };
}

/** How many of a user's n interactions are the truth about segments. */
export const segmentTruthCount = (n: number): number => (n < 2 ? 0 : Math.max(1, Math.floor(n / 5)));

export const splitForSegments = (data: LoadedData): LoadedData => keepOldest(data, (_, n) => n - segmentTruthCount(n));
