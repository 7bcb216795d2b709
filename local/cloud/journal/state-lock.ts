/**
 * One process per state directory. The lock is a file with the owner's process id and start time; an owner that died
 * without releasing it (kill -9, power) is recognised by either and the lock is taken over.
 */
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeProcess, isAlive } from "../ports/process-identity.ts";

const lockName = "lock";

/** Takes the directory's lock and returns its release. Throws an error naming the process that holds it. */
export function lockStateDirectory(dir: string): () => void {
  const path = join(dir, lockName);
  const mine = describeProcess(process.pid);
  for (;;) {
    if (createExclusively(path, mine)) return () => release(path, mine);
    const holder = readIfThere(path);
    if (holder === undefined) continue;
    const pid = Number(holder.split(" ")[0]);
    if (isAlive(pid, holder)) {
      throw new Error(
        `The state directory ${dir} is in use by process ${pid}: stop that process, or choose another directory with --state`,
      );
    }
    setAside(path, holder);
  }
}

/** Appears with its content at once: a reader never sees a lock without an owner. */
function createExclusively(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

/** Removes a stale lock; puts it back if another process replaced it by a live one in between. */
function setAside(path: string, stale: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return;
    throw error;
  }
  if (readIfThere(aside) !== stale) renameSync(aside, path);
  else rmSync(aside, { force: true });
}

function release(path: string, mine: string): void {
  if (readIfThere(path) === mine) rmSync(path, { force: true });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}

function isErrno(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === code;
}
