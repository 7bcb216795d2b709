/**
 * One process at a time works on a model. A process that was killed may leave a child behind which has not noticed yet; whoever comes next
 * ends it, so that no two write the same files.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { describeProcess, isAlive } from "../../cloud/ports/process-identity.ts";

const lookMilliseconds = 5;

/** Ends the process that the file names, if it is still there, and names this one instead. The file goes with what it stands beside. */
export async function takeOver(path: string): Promise<void> {
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const pid = Number(before.split(" ")[0]);
  // Where start times are not known another process may have the id by now: there a child ends by itself.
  while (before.includes("@") && isAlive(pid, before)) {
    process.kill(pid, "SIGKILL");
    await wait(lookMilliseconds);
  }
  writeFileSync(path, describeProcess(process.pid));
}
