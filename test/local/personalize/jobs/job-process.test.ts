/** Jobs in processes of their own, with real processes: what they say, how they end, how they step aside. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";
import { describeProcess, isAlive } from "../../../../local/cloud/ports/process-identity.ts";
import { startProcess } from "../../../../local/personalize/jobs/job-process.ts";
import { takeOver } from "../../../../local/personalize/jobs/take-over.ts";
import { buildWorkers } from "../../../support/built-workers.ts";
import type { BuiltWorkers } from "../../../support/built-workers.ts";
import { temporaryFolder } from "../../../support/personalize-data.ts";

const folder = temporaryFolder();
let workers: BuiltWorkers;
beforeAll(() => {
  workers = buildWorkers({ "odd-job": "test/support/odd-job.ts" });
});
afterAll(() => {
  workers.remove();
  folder.remove();
});

const start = (task: string, progress: (value: unknown) => void = () => {}) =>
  startProcess<object, unknown>({ file: workers.path("odd-job.mjs"), task, progress });
const memory = { kind: "failed", failureReason: "The data need more memory than this machine gives to one job." };

describe("a job in a process", () => {
  it("reports, and ends with what it found, whatever the types", async () => {
    const seen: unknown[] = [];
    const outcome = await start("succeed", (value) => seen.push(value)).done;

    expect(outcome).toEqual({ kind: "succeeded", result: { since: new Date(0), none: undefined } });
    expect(seen).toEqual([0.5]);
  });

  it("throws what its thread threw, with its stack", async () => {
    await expect(start("break").done).rejects.toThrow(/^TypeError: x is not a function\n {4}at recipe\.ts:1$/);
  });

  it.each(["overfill", "abort"])("fails for want of memory when it ends by %s", async (deed) => {
    expect(await start(deed).done).toEqual(memory);
  });

  it("that leaves without a word is named, with the last that it said", async () => {
    await expect(start("leave").done).rejects.toThrow(
      /odd-job\.mjs ended with code 3 and without an outcome\. the disk is on fire$/,
    );
  });

  it("is cancelled at once, whatever it is doing", async () => {
    const handle = start("stay", (pid) => {
      handle.cancel();
      started = describeProcess(Number(pid));
      id = Number(pid);
    });
    let started = "";
    let id = 0;

    expect(await handle.done).toEqual({ kind: "cancelled" });
    expect(isAlive(id, started)).toBe(false);
  });

  it("that a terminal ends together with us is cancelled when we come to it", async () => {
    let stop: ReturnType<typeof start> | undefined;
    let [id, started] = [0, ""];
    const told = new Promise<void>((resolve) => {
      const handle = start("stay", (pid) => {
        [id, started] = [Number(pid), describeProcess(Number(pid))];
        process.kill(id, "SIGINT");
        resolve();
      });
      stop = handle;
    });
    await told;
    while (isAlive(id, started)) await new Promise((resolve) => setImmediate(resolve));
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve)); // its end is heard of
    stop?.cancel();

    expect(await stop?.done).toEqual({ kind: "cancelled" });
  });

  it("works only when nobody else does, as far as the system lets it", async () => {
    if (platform() !== "linux") return;
    const outcome = await start("priority").done;
    const idle = { nice: "0", policy: "5" };
    const lowest = { nice: "19", policy: "0" };

    expect([idle, lowest]).toContainEqual(outcome.kind === "succeeded" && outcome.result);
  });
});

describe("whoever takes over a file", () => {
  const path = join(folder.path, "model.process");
  const orphan = () => spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });

  it("ends the process that it names, and is named instead", async () => {
    if (platform() !== "linux") return;
    const child = orphan();
    const ended = once(child, "exit");
    writeFileSync(path, describeProcess(child.pid ?? 0));

    await takeOver(path);

    expect(await ended).toEqual([null, "SIGKILL"]);
    expect(readFileSync(path, "utf8")).toBe(describeProcess(process.pid));
  });

  it("leaves a stranger alone that has the same id by now", async () => {
    const child = orphan();
    writeFileSync(path, `${child.pid} 1@another-boot`);

    await takeOver(path);

    expect(child.exitCode).toBeNull();
    expect(child.kill("SIGKILL")).toBe(true);
  });

  it("needs no file to begin with", async () => {
    const fresh = join(folder.path, "fresh.process");
    await takeOver(fresh);

    expect(readFileSync(fresh, "utf8")).toBe(describeProcess(process.pid));
  });
});
