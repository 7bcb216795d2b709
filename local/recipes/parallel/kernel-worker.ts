/** Entry of a kernel thread (`dist/kernel-worker.mjs`): works on the shared memory that its starter hands over, until told to stop. */
import { parentPort, workerData } from "node:worker_threads";
import { serve, type Assignment } from "./crew.ts";

serve(workerData as Assignment, (message) => parentPort?.postMessage(message)); // started by startCrew
