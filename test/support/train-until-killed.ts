/**
 * A process of its own that imports and trains in worker threads, and kills itself with SIGKILL in the midst of an epoch, once two
 * checkpoints were left: kernel threads, training thread and all. Tests bundle it and start it: `node train-until-killed.mjs DIR WORKERS`.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createJumpingClock } from "../../local/cloud/clock/jumping-clock.ts";
import { createJobRunner } from "../../local/personalize/jobs/create-job-runner.ts";
import { modelFolder } from "../../local/personalize/jobs/model-files.ts";
import { importToTrainOn, trainingToKill } from "./killed-training.ts";

const [dataDir = "", workers = ""] = process.argv.slice(2);
const runner = createJobRunner({
  ...{ clock: createJumpingClock(), dataDir, threads: 2 },
  workerFile: (name) => join(workers, name),
});
await runner.importDataset(importToTrainOn()).done;
const checkpoints = `${modelFolder(dataDir, trainingToKill().solutionVersionArn)}.checkpoints`;

function dieAfterTwo(): void {
  const sealed = readdirSync(checkpoints, { recursive: true, encoding: "utf8" }).filter((name) => /\/\d+$/.test(name));
  if (sealed.some((name) => Number(name.split("/").at(-1)) >= 2)) process.kill(process.pid, "SIGKILL");
}

await runner.train(trainingToKill({ progress: ({ epoch }) => epoch >= 2 && dieAfterTwo() })).done;
