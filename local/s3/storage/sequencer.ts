/**
 * Numbers S3's changes: fixed-width hexadecimal, strictly increasing over the life of the store, so that two events of
 * one key can be ordered by comparing text. Built on the clock, so that it grows even where all rows were deleted.
 */
import type { Clock } from "../../cloud/ports/clock.ts";

const width = 18;

export interface Sequencer {
  next(): string;
  /** Declares a number that was given out in an earlier life of the store. */
  seen(sequence: string): void;
}

export function createSequencer(clock: Pick<Clock, "now">): Sequencer {
  let last = 0n;
  const later = (a: bigint, b: bigint) => (a > b ? a : b);
  return {
    next: () => {
      last = later(last + 1n, BigInt(Math.floor(clock.now())) << 20n);
      return last.toString(16).toUpperCase().padStart(width, "0");
    },
    seen: (sequence) => {
      last = later(last, BigInt(`0x${sequence}`));
    },
  };
}
