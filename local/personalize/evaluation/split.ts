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
 */
import type { Column, TrainingData } from "../../recipes/recipe.ts";
import { itemCreation } from "../data/training-data.ts";
import type { LoadedData } from "../data/training-data.ts";

export interface Split {
  /** What the model may learn from; users and items keep their indices. */
  readonly training: TrainingData;
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

export function chooseTestUsers(data: TrainingData, seed: number): Uint32Array {
  const eligible = data.users
    .map((id, u) => ({ u, id, hash: hashId(id, seed) }))
    .filter(({ u }) => (data.offsets[u + 1] as number) - (data.offsets[u] as number) >= 2);
  eligible.sort((a, b) => a.hash - b.hash || (a.id < b.id ? -1 : 1));
  const count = eligible.length === 0 ? 0 : Math.max(1, Math.round(eligible.length * tenth));
  return Uint32Array.from(eligible.slice(0, count), ({ u }) => u).sort();
}

function takeRows(column: Column, rows: Uint32Array): Column {
  if (column.kind === "number")
    return { ...column, values: Float64Array.from(rows, (row) => column.values[row] as number) };
  if (column.kind === "text") return { ...column, values: Array.from(rows, (row) => column.values[row] as string) };
  const offsets = new Uint32Array(rows.length + 1);
  const codes: number[] = [];
  rows.forEach((row, k) => {
    for (let at = column.offsets[row] as number; at < (column.offsets[row + 1] as number); at++) {
      codes.push(column.codes[at] as number);
    }
    offsets[k + 1] = codes.length;
  });
  return { ...column, offsets, codes: Uint32Array.from(codes) };
}

export function splitUsers(data: LoadedData, seed: number): Split {
  const testUsers = chooseTestUsers(data, seed);
  const isTest = new Uint8Array(data.users.length);
  for (const u of testUsers) isTest[u] = 1;
  const offsets = new Uint32Array(data.offsets.length);
  const rows = new Uint32Array(data.item.length);
  let kept = 0;
  for (let u = 0; u < data.users.length; u++) {
    if (!isTest[u])
      for (let row = data.offsets[u] as number; row < (data.offsets[u + 1] as number); row++) rows[kept++] = row;
    offsets[u + 1] = kept;
  }
  const chosen = rows.subarray(0, kept);
  const item = Uint32Array.from(chosen, (row) => data.item[row] as number);
  const timestamp = Float64Array.from(chosen, (row) => data.timestamp[row] as number);
  const { declaredCreation, ...rest } = data;
  const training: TrainingData = {
    ...rest,
    offsets,
    item,
    timestamp,
    eventType: Uint16Array.from(chosen, (row) => data.eventType[row] as number),
    eventValue: Float32Array.from(chosen, (row) => data.eventValue[row] as number),
    contextColumns: data.contextColumns.map((column) => takeRows(column, chosen)),
    itemCreated: itemCreation(declaredCreation, item, timestamp),
  };
  return { training, testUsers };
}
