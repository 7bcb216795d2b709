/**
 * A job in a worker thread, seen from both sides: the thread reports progress and ends with one outcome; whoever started
 * it may end it at any moment. Ending means terminating, which is safe because a job's work shows only when its sealed
 * folder is renamed into place, and quick whatever the thread is computing.
 */
import { parentPort, Worker } from "node:worker_threads";
import { UnlearnableDataError } from "../../recipes/learnable.ts";
import { DataFailure } from "../data/data-failure.ts";
import type { JobHandle, JobOutcome } from "../job-runner.ts";

/** What a job says. */
export type FromJob<Result> =
  | { readonly kind: "progress"; readonly progress: unknown }
  | { readonly kind: "outcome"; readonly outcome: JobOutcome<Result> };

/** What the data do not allow becomes an outcome; anything else is a bug and is thrown on. */
export async function outcomeOf<Result>(work: Promise<Result>): Promise<JobOutcome<Result>> {
  try {
    return { kind: "succeeded", result: await work };
  } catch (error) {
    if (error instanceof DataFailure || error instanceof UnlearnableDataError) {
      return { kind: "failed", failureReason: error.message };
    }
    throw error;
  }
}

/** In the thread: how to report, and how to end. */
export function reportTo() {
  const port = parentPort;
  if (!port) throw new Error("A job's worker file runs as a worker thread only");
  return {
    report: (progress: unknown) => port.postMessage({ kind: "progress", progress }),
    finish: async (work: Promise<unknown>) => {
      port.postMessage({ kind: "outcome", outcome: await outcomeOf(work) });
      port.close();
    },
  };
}

/** The kernel or the engine ended it; nothing else does. */
export const outOfMemory = {
  kind: "failed",
  failureReason: "The data need more memory than this machine gives to one job.",
} as const;

export interface JobOptions<Progress> {
  /** Path of the built file. */
  readonly file: string;
  readonly task: unknown;
  readonly progress: (progress: Progress) => void;
}

export interface ThreadOptions<Progress> extends JobOptions<Progress> {
  /** Gets the thread before it says anything, e.g. to feed it. */
  readonly started?: (worker: Worker) => void;
}

/** Starts the thread. `done` resolves after the thread is gone, so that nothing of it writes any more. */
export function startThread<Result, Progress>(options: ThreadOptions<Progress>): JobHandle<Result> {
  const worker = new Worker(options.file, { workerData: options.task });
  let outcome: JobOutcome<Result> | undefined;
  let cancelled = false;
  const done = new Promise<JobOutcome<Result>>((resolve, reject) => {
    worker.on("message", (message: FromJob<Result>) => {
      if (message.kind === "progress" && !cancelled) options.progress(message.progress as Progress);
      if (message.kind === "outcome") outcome = message.outcome;
    });
    worker.once("error", (error: Error & { code?: string }) => {
      if (error.code !== "ERR_WORKER_OUT_OF_MEMORY") return reject(error);
      outcome = outOfMemory;
    });
    worker.once("exit", (code) => {
      if (outcome) resolve(outcome);
      else if (cancelled) resolve({ kind: "cancelled" });
      else reject(new Error(`${options.file} ended with code ${code} and without an outcome`));
    });
  });
  options.started?.(worker);
  const cancel = () => {
    cancelled = true;
    void worker.terminate();
  };
  return { done, cancel };
}

/** The same where it is called: for tests, and as a fallback where threads are not wanted. */
export function startHere<Result>(run: (signal: AbortSignal) => Promise<Result>): JobHandle<Result> {
  const controller = new AbortController();
  const done = outcomeOf(run(controller.signal)).catch((error: unknown): JobOutcome<Result> => {
    if (controller.signal.aborted) return { kind: "cancelled" };
    throw error;
  });
  return { done, cancel: () => controller.abort(new Error("The job was cancelled")) };
}
