/**
 * The histories of the users asked for last. As long as nothing new is streamed for a user the answer is the very same object,
 * so that a model may keep what it worked out from it (local/recipes/network/model.ts keeps the scores).
 */
import type { History } from "../../recipes/recipe.ts";
import type { StreamedEvent } from "../job-runner.ts";

interface Remembered {
  readonly history: History | undefined;
  /** What was streamed when it was read: lists only ever grow, in place. */
  readonly streamed: readonly StreamedEvent[];
  readonly length: number;
  /** The newest of these: what comes later in time is added behind it. */
  readonly last: StreamedEvent | undefined;
  readonly revision: number;
}

const bytesRemembered = 32 * 2 ** 20;
const mostUsers = 4096;

/** How many users' histories to keep, when a model keeps a score for each of `items` with each. */
export const usersRemembered = (items: number): number =>
  Math.max(16, Math.min(mostUsers, Math.floor(bytesRemembered / (4 * Math.max(1, items)))));

export interface Reading {
  /** The whole history, stored and streamed. */
  read(userId: string, streamed: readonly StreamedEvent[]): History | undefined;
  /** The history with these events after it; undefined where they do not simply come after it. */
  extend?(history: History, news: readonly StreamedEvent[]): History | undefined;
}

/**
 * @param streamedFor the user's streamed events, one list as long as the process knows the user
 * @param revision what was read counts until this changes
 */
export function rememberHistories(
  capacity: number,
  streamedFor: (userId: string) => readonly StreamedEvent[],
  { read, extend = () => undefined }: Reading,
  revision: () => number = () => 0,
): (userId: string) => History | undefined {
  const users = new Map<string, Remembered>(); // least recently asked for first
  return (userId) => {
    const streamed = streamedFor(userId);
    const known = users.get(userId);
    users.delete(userId);
    const now = { streamed, length: streamed.length, last: streamed.at(-1), revision: revision() };
    const isCurrent = known?.streamed === streamed && known.length === now.length && known.revision === now.revision;
    const continued = isCurrent || !known ? undefined : continuation(known, now, extend);
    const found = isCurrent ? known : { ...now, history: continued ?? read(userId, streamed) };
    users.set(userId, found);
    if (users.size > capacity) users.delete(users.keys().next().value as string);
    return found.history;
  };
}

/** The history with what was streamed since, when all of that came in behind; undefined when it is to be read anew. */
function continuation(
  { history, streamed, length, last, revision }: Remembered,
  now: Omit<Remembered, "history">,
  extend: NonNullable<Reading["extend"]>,
): History | undefined {
  const isSame = history !== undefined && revision === now.revision && (length === 0 || streamed === now.streamed);
  if (!isSame || now.length <= length || (length > 0 && now.streamed[length - 1] !== last)) return undefined;
  return extend(history, now.streamed.slice(length));
}
