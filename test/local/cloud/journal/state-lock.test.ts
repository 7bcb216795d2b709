import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockStateDirectory } from "../../../../local/cloud/journal/state-lock.ts";

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), "outrank-lock-"))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("the lock of a state directory", () => {
  it("is held once, with the owner's id in the refusal, and can be taken again after release", () => {
    const release = lockStateDirectory(dir);

    expect(() => lockStateDirectory(dir)).toThrow(`in use by process ${process.pid}`);
    release();
    expect(existsSync(join(dir, "lock"))).toBe(false);
    lockStateDirectory(dir)();
  });

  it("names another living process", async () => {
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const stat = readFileSync(`/proc/${other.pid}/stat`, "utf8");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    writeFileSync(join(dir, "lock"), `${other.pid} ${stat.split(") ")[1]?.split(" ")[19]}@${boot}`);

    expect(() => lockStateDirectory(dir)).toThrow(`in use by process ${other.pid}`);
    other.kill("SIGKILL");
    await once(other, "exit");
    lockStateDirectory(dir)();
  });

  it.each([
    { why: "its process is gone", content: "4194304 1@boot" },
    { why: "its process id now belongs to a process that started later", content: `${process.pid} 1@boot` },
    { why: "it is empty", content: "" },
  ])("is taken over when $why", ({ content }) => {
    writeFileSync(join(dir, "lock"), content);

    const release = lockStateDirectory(dir);

    expect(readFileSync(join(dir, "lock"), "utf8")).toMatch(new RegExp(`^${process.pid} `));
    release();
    expect(readdirSync(dir)).toEqual([]);
  });
});
