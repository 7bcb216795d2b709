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
  readonly revision: number;
}

const bytesRemembered = 32 * 2 ** 20;
const mostUsers = 4096;

/** How many users' histories to keep, when a model keeps a score for each of `items` with each. */
export const usersRemembered = (items: number): number =>
  Math.max(16, Math.min(mostUsers, Math.floor(bytesRemembered / (4 * Math.max(1, items)))));

/**
 * @param streamedFor the user's streamed events, one list as long as the process knows the user
 * @param read the whole history, stored and streamed
 * @param revision what was read counts until this changes
 */
export function rememberHistories(
  capacity: number,
  streamedFor: (userId: string) => readonly StreamedEvent[],
  read: (userId: string, streamed: readonly StreamedEvent[]) => History | undefined,
  revision: () => number = () => 0,
): (userId: string) => History | undefined {
  const users = new Map<string, Remembered>(); // least recently asked for first
  return (userId) => {
    const streamed = streamedFor(userId);
    const known = users.get(userId);
    users.delete(userId);
    const now = { streamed, length: streamed.length, revision: revision() };
    const isCurrent = known?.streamed === streamed && known.length === now.length && known.revision === now.revision;
    const found = isCurrent ? known : { ...now, history: read(userId, streamed) };
    users.set(userId, found);
    if (users.size > capacity) users.delete(users.keys().next().value as string);
    return found.history;
  };
}
