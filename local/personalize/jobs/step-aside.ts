/**
 * Lets the thread that calls it, and those it starts, work only with what others leave of the processors: trainings beside requests. Linux
 * keeps a priority for each thread; other systems have one for the process, which is left alone there.
 */
import { platform, setPriority } from "node:os";

const lowest = 19;

export function stepAside(): void {
  if (platform() !== "linux") return;
  try {
    setPriority(lowest);
  } catch {
    // Where it is forbidden the training goes on as it was.
  }
}
