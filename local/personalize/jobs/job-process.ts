/**
 * A job in a process of its own, as job-thread.ts has it in a thread: for work that takes minutes, gigabytes and whole processors. Its memory
 * goes back when it ends, its garbage is collected by threads that step aside as it does, and where memory runs out nobody else falls.
 */
import type { JobHandle, JobOutcome } from "../job-runner.ts";
import { outOfMemory, type FromJob, type JobOptions } from "./job-thread.ts";
import { spawnAside } from "./step-aside.ts";

/** What the process says: its thread's messages, and what its thread died of. */
export type FromProcess = FromJob<unknown> | { readonly kind: "broke"; readonly stack: string; readonly code?: string };

const mostStderr = 4000;

/** What a terminal or a service manager sends to a whole group: we are about to end as well, and the job is to go on at the next start. */
const toTheGroup: readonly (NodeJS.Signals | null)[] = ["SIGINT", "SIGTERM", "SIGHUP"];
const graceMilliseconds = 5000;

/** Starts the process. `done` resolves after it is gone, so that nothing of it writes any more. */
export function startProcess<Result, Progress>({ file, task, progress }: JobOptions<Progress>): JobHandle<Result> {
  const child = spawnAside(file);
  let outcome: JobOutcome<Result> | undefined;
  let broke: Error | undefined;
  let cancelled = false;
  let stderr = "";
  child.stderr?.on("data", (text: Buffer) => (stderr = `${stderr}${text.toString()}`.slice(-mostStderr)));
  child.on("message", (message: FromProcess) => {
    if (message.kind === "progress" && !cancelled) progress(message.progress as Progress);
    if (message.kind === "outcome") outcome = message.outcome as JobOutcome<Result>;
    if (message.kind === "broke" && message.code === "ERR_WORKER_OUT_OF_MEMORY") outcome = outOfMemory;
    else if (message.kind === "broke") broke = new Error(message.stack);
  });
  let isOver = () => {};
  const done = new Promise<JobOutcome<Result>>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      isOver = () => resolve({ kind: "cancelled" });
      const nobodyKnows = () =>
        reject(new Error(`${file} ended with ${signal ?? `code ${code}`} and without an outcome. ${stderr}`.trim()));
      if (broke) reject(broke);
      else if (outcome) resolve(outcome);
      else if (cancelled) isOver();
      else if (signal === "SIGKILL" || signal === "SIGABRT") resolve(outOfMemory);
      else if (toTheGroup.includes(signal)) setTimeout(nobodyKnows, graceMilliseconds).unref();
      else nobodyKnows();
    });
  });
  child.send(task as object, () => {}); // a child that is gone already is told of by its exit
  const cancel = () => {
    cancelled = true;
    child.kill("SIGKILL");
    isOver();
  };
  return { done, cancel };
}
