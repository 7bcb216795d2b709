/** `kill -9` of a process whose training and kernel threads are at work: the next process goes on from the last checkpoint. */
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { createJumpingClock } from "../../../../local/cloud/clock/jumping-clock.ts";
import { createJobRunner } from "../../../../local/personalize/jobs/create-job-runner.ts";
import { modelFolder } from "../../../../local/personalize/jobs/model-files.ts";
import { buildWorkers } from "../../../support/built-workers.ts";
import type { BuiltWorkers } from "../../../support/built-workers.ts";
import { importToTrainOn, trainingToKill } from "../../../support/killed-training.ts";
import { contents, temporaryFolder } from "../../../support/personalize-data.ts";

const [killed, undisturbed] = [temporaryFolder(), temporaryFolder()];
let workers: BuiltWorkers;
beforeAll(() => {
  workers = buildWorkers({
    "import-worker": "local/personalize/jobs/import-worker.ts",
    "training-process": "local/personalize/jobs/training-process.ts",
    "training-worker": "local/personalize/jobs/training-worker.ts",
    "train-until-killed": "test/support/train-until-killed.ts",
  });
});
afterAll(() => {
  for (const made of [workers, killed, undisturbed]) made.remove();
});

const job = trainingToKill();

/** Epochs as they were reported, and the model's files. */
async function finish(dataDir: string, isImported: boolean) {
  const runner = createJobRunner({
    ...{ clock: createJumpingClock(), dataDir, threads: 2, workerFile: workers.path },
  });
  const epochs: number[] = [];
  if (!isImported) await runner.importDataset(importToTrainOn()).done;
  const { kind } = await runner.train({ ...job, progress: ({ epoch }) => void epochs.push(epoch) }).done;
  await runner.close();
  const files = contents(modelFolder(dataDir, job.solutionVersionArn));
  return { kind, epochs: epochs.filter((epoch) => epoch > 0), files };
}

it("a training killed between two checkpoints goes on from the last one to the very same model", async () => {
  const child = spawnSync(
    process.execPath,
    [workers.path("train-until-killed.mjs"), killed.path, dirname(workers.path("any"))],
    { encoding: "utf8" },
  );
  expect({ signal: child.signal, stderr: child.stderr }).toEqual({ signal: "SIGKILL", stderr: "" });
  const folder = modelFolder(killed.path, job.solutionVersionArn);
  expect([existsSync(folder), existsSync(`${folder}.checkpoints`)]).toEqual([false, true]);

  const [resumed, whole] = [await finish(killed.path, true), await finish(undisturbed.path, false)];

  expect([resumed.kind, whole.kind]).toEqual(["succeeded", "succeeded"]);
  expect(resumed.epochs[0]).toBeGreaterThan(1);
  expect(whole.epochs[0]).toBe(1);
  expect(resumed.epochs.at(-1)).toBe(whole.epochs.at(-1));
  expect(resumed.files).toEqual(whole.files);
  expect(readdirSync(dirname(folder))).toEqual([folder.split("/").at(-1)]);
});
