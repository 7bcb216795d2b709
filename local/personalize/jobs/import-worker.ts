/** Entry of the import threads: `workerData` is an ImportTask, the files' bytes arrive as messages (see byte-feed.ts). */
import { parentPort, workerData } from "node:worker_threads";
import { importDataset } from "../data/import-dataset.ts";
import type { ImportTask } from "../data/import-dataset.ts";
import { receiveFiles } from "./byte-feed.ts";
import { reportTo } from "./job-thread.ts";

const { report, finish } = reportTo();

if (!parentPort) throw new Error("import-worker runs as a worker thread only");
await finish(importDataset(workerData as ImportTask, { read: receiveFiles(parentPort), progress: report }));
