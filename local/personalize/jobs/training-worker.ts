/** Entry of the training threads: `workerData` is a TrainingTask, out come progress and one outcome (see job-thread.ts). */
import { workerData } from "node:worker_threads";
import { recipes } from "../../recipes/index.ts";
import { reportTo } from "./job-thread.ts";
import { runTraining } from "./training-task.ts";
import type { TrainingTask } from "./training-task.ts";

const { report, finish } = reportTo();

await finish(
  runTraining(workerData as TrainingTask, {
    recipes,
    signal: new AbortController().signal, // a cancelled training is ended with its thread
    progress: report,
    elapsed: () => performance.now(),
  }),
);
