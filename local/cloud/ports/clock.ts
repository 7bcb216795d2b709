/**
 * Time as a port. Nothing in `local/` reads the machine's clock except `local/cloud/clock/system-clock.ts`.
 *
 * Invariants
 *   C1  `now()` never goes back.
 *   C2  `--time-scale` shortens waits (`deadline`, `sleep`), never moves `now()`: timestamps stay the wall's. Limits on
 *       real work (timeouts, expiries) are not waits: they are `now()` plus their length.
 *   C3  The jumping clock of the tests moves only when nobody holds a `busy` token; real work therefore finishes first.
 */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** The instant at which a wait of `milliseconds` started now is over: `now() + milliseconds / timeScale`. */
  deadline(milliseconds: number): number;
  /**
   * Calls `run` once at the instant `epochMilliseconds` (at once, asynchronously, when that is past). A timer of the
   * background is one that time is not waited for: the tests' clock passes it on its way, and does not jump to it.
   */
  at(epochMilliseconds: number, run: () => void, options?: { readonly background?: boolean }): Timer;
  /** Resolves after a scaled wait; rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Declares that real work is going on until the returned function is called (safe to call twice). */
  busy(): () => void;
}

/** Numbers in [0, 1), seeded. */
export type RandomSource = () => number;

/** Unique texts: `uuid()` is a version-4 UUID, `hex(8)` that many lower-case hex digits. */
export interface Ids {
  uuid(): string;
  hex(digits: number): string;
}
