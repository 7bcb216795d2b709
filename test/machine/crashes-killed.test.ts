/** A real process with a real SIGKILL during import, training and campaign update; the next process finishes the run. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuiltWorkers, buildWorkers } from "../support/built-workers.ts";
import { communitiesConfig } from "../support/communities.ts";
import { inventory } from "../support/inventory.ts";
import { startStack } from "../support/stack.ts";

const folder = mkdtempSync(join(tmpdir(), "outrank-killed-"));
let built: BuiltWorkers;

describe("a process killed with SIGKILL", () => {
  beforeAll(() => {
    built = buildWorkers({ "run-until-killed": "test/support/run-until-killed.ts" });
  });
  afterAll(() => {
    built.remove();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  it.each([
    { during: "the import", moment: "CreateDatasetImportJob", runs: 1 },
    { during: "the training", moment: "CreateSolutionVersion", runs: 1 },
    { during: "the update of the campaign", moment: "UpdateCampaign", runs: 2 },
  ])("during $during leaves a run that the next process finishes, with nothing made twice", async (row) => {
    const own = mkdtempSync(join(folder, "case-"));
    const child = spawnSync(process.execPath, [built.path("run-until-killed.mjs"), own, row.moment], {
      encoding: "utf8",
    });
    expect({ signal: child.signal, stderr: child.signal ? "" : child.stderr }).toEqual({
      signal: "SIGKILL",
      stderr: "",
    });

    const start = Number(readFileSync(join(own, "died-at"), "utf8"));
    const stack = await startStack({ config: communitiesConfig(), stateDir: join(own, "state"), start, seed: 8 });
    try {
      await stack.rest();

      const records = await stack.records("club");
      expect(records.map(({ outcome, failure }) => ({ outcome, failure }))).toEqual(
        Array.from({ length: row.runs }, () => ({ outcome: "PROMOTE", failure: null })),
      );
      expect(await inventory(stack)).toEqual({
        datasetGroups: 1,
        schemas: 2,
        datasets: 2,
        importJobs: row.runs + 1,
        solutions: 2,
        solutionVersions: 2 * row.runs,
        campaigns: 1,
      });
    } finally {
      await stack.close();
    }
  });
});
