/** Work that waits now and then: the clock is held while there is work, and free to go on while it waits. */
import type { Clock } from "../../cloud/ports/clock.ts";

/** @param work gets `wait`, with which it rests for so many (scaled) milliseconds. */
export async function withWaits<T>(
  clock: Clock,
  signal: AbortSignal,
  work: (wait: (milliseconds: number) => Promise<void>) => Promise<T>,
): Promise<T> {
  let release = clock.busy();
  try {
    return await work(async (milliseconds) => {
      const over = clock.sleep(milliseconds, signal);
      release();
      try {
        await over;
      } finally {
        release = clock.busy();
      }
    });
  } finally {
    release();
  }
}
