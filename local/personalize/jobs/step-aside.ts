/**
 * A process that works only with what others leave of the processors: trainings beside requests. It is started that way and not told so
 * afterwards, since on Linux a priority belongs to a thread, and the engine's own threads, which collect garbage, are there first.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { platform, setPriority } from "node:os";

const lowest = 19;

/**
 * The scheduling class SCHED_IDLE (sched(7)), by util-linux's chrt: a thread of the lowest priority still makes a request wait for the end
 * of its turn, some milliseconds; one of this class does not. Where it is not to be had, the lowest priority.
 */
const whenIdle = 'chrt -i 0 true 2>/dev/null && exec chrt -i 0 "$@"; exec nice -n 19 "$@"';

/** Starts a built file on this Node, with a channel for messages; what it says on stderr can be read. */
export function spawnAside(file: string): ChildProcess {
  const node = [process.execPath, file] as const;
  const [command, ...args] = platform() === "linux" ? ["/bin/sh", "-c", whenIdle, "sh", ...node] : node;
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe", "ipc"], serialization: "advanced" });
  if (platform() !== "linux" && child.pid !== undefined) lower(child.pid);
  return child;
}

function lower(pid: number): void {
  try {
    setPriority(pid, lowest);
  } catch {
    // Where it is forbidden the work goes on as it was.
  }
}
