/**
 * Which events each window of a batch reads. An epoch is one stream of whole histories in shuffled order, cut into windows of S events, so that
 * nothing is padded but the stream's end; a history that a cut divides goes on in the next window without its beginning, at
 * another place in every epoch.
 */
import { shuffle, type Random } from "../network/random.ts";

/** Events that predict something, by user: user u predicts item[n + 1] from n for n in [offsets[u], offsets[u + 1] - 1). */
export interface Stream {
  readonly event: Uint32Array; // index of the event at each place
  readonly begin: Uint32Array; // place where the history at each place begins
}

export function streamOf(offsets: Uint32Array, users: Uint32Array, random: Random): Stream {
  const order = users.slice();
  shuffle(order, random);
  const length = order.reduce((sum, u) => sum + predictions(offsets, u), 0);
  const [event, begin] = [new Uint32Array(length), new Uint32Array(length)];
  let place = 0;
  for (const u of order) {
    const first = place;
    for (let n = 0; n < predictions(offsets, u); n++) {
      event[place] = offsets[u]! + n;
      begin[place++] = first;
    }
  }
  return { event, begin };
}

export const predictions = (offsets: Uint32Array, user: number): number =>
  Math.max(0, offsets[user + 1]! - offsets[user]! - 1);
