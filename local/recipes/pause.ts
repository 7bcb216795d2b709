/** Lets the event loop turn during long work, so that an abort and other messages arrive, and then honours the abort. */
import { setImmediate } from "node:timers/promises";

export async function pause(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
