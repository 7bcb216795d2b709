/**
 * Entry of a training's process (`dist/training-process.mjs`): its first message is a TrainingTask. The training is a worker thread, so that
 * this thread is free to hear when the process that asked for it is gone, and then ends all of it.
 */
import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import type { FromProcess } from "./job-process.ts";
import { modelFolder, trainerFile } from "./model-files.ts";
import { takeOver } from "./take-over.ts";
import type { TrainingTask } from "./training-task.ts";

const tell = (message: FromProcess) =>
  new Promise<void>((resolve) => (process.send ? process.send(message, undefined, {}, () => resolve()) : resolve()));

async function work(task: TrainingTask): Promise<void> {
  const owner = trainerFile(modelFolder(task.dataDir, task.solutionVersionArn));
  mkdirSync(dirname(owner), { recursive: true });
  await takeOver(owner);
  const told: Promise<void>[] = [];
  const worker = new Worker(new URL("training-worker.mjs", import.meta.url), { workerData: task });
  worker.on("message", (message: FromProcess) => told.push(tell(message)));
  worker.once("error", ({ message, stack = message, code }: NodeJS.ErrnoException) =>
    told.push(tell({ kind: "broke", stack, ...(code !== undefined && { code }) })),
  );
  worker.once("exit", () => {
    rmSync(owner, { force: true });
    void Promise.all(told).then(() => process.exit());
  });
}

// A terminal tells the whole group. What becomes of a training the process decides that asked for it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
process.once("message", (task: TrainingTask) => void work(task));
process.once("disconnect", () => process.exit(1));
