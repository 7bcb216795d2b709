/** Which process it is, beyond its id: ids are used again. */
import { readFileSync } from "node:fs";

/** Is it still the process that was described? */
export function isAlive(pid: number, description: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return describeProcess(pid) === description;
}

/** `<pid> <start time>`: ids are reused, after a reboot or in a container even the same one at once. */
export function describeProcess(pid: number): string {
  return `${pid} ${startTime(pid)}`;
}

/** The kernel's start tick of a process and this boot's id; "-" where there is no /proc, "ended" for a zombie. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const afterName = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (afterName[0] === "Z" || afterName[0] === "X") return "ended";
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${afterName[19] ?? "-"}@${boot}`;
  } catch {
    return "-"; // not Linux: the process id alone has to do
  }
}
