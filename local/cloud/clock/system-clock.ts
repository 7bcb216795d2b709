/** The wall's clock; the one file that may read `Date.now` and `setTimeout`. Durations are divided by `timeScale`. */
import type { Clock } from "../ports/clock.ts";
import { sleepOn } from "./jumping-clock.ts";

/** setTimeout's limit is 2^31 - 1 ms; longer waits are taken in steps. */
const longestTimeout = 2 ** 31 - 1;

export function createSystemClock({ timeScale = 1 } = {}): Clock {
  let last = 0;
  const now = () => (last = Math.max(last, Date.now()));
  const deadline = (milliseconds: number) => now() + milliseconds / timeScale;
  const at: Clock["at"] = (due, run) => {
    let handle: NodeJS.Timeout;
    const arm = () => {
      const left = due - now();
      handle = left > longestTimeout ? setTimeout(arm, longestTimeout) : setTimeout(run, Math.max(0, left));
    };
    arm();
    return { cancel: () => clearTimeout(handle) };
  };
  return { now, deadline, at, sleep: (ms, signal) => sleepOn({ at, deadline }, ms, signal), busy: () => () => {} };
}
