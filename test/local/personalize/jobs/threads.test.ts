import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createJumpingClock } from "../../../../local/cloud/clock/jumping-clock.ts";
import type { ImportFile, ImportJob, JobRunner, TrainingJob } from "../../../../local/personalize/job-runner.ts";
import { createJobRunner } from "../../../../local/personalize/jobs/create-job-runner.ts";
import { buildWorkers } from "../../../support/built-workers.ts";
import type { BuiltWorkers } from "../../../support/built-workers.ts";
import {
  contents,
  csv,
  manyRows,
  plainInteractions,
  temporaryFolder,
  textFile,
  typedInteractions,
} from "../../../support/personalize-data.ts";

const group = "arn:aws:personalize:us-east-1:000000000000:dataset-group/shop";
const datasetArn = "arn:aws:personalize:us-east-1:000000000000:dataset/shop/INTERACTIONS";
const header = "USER_ID,ITEM_ID,TIMESTAMP";
const start = 1_700_000_000;

let workers: BuiltWorkers;
let folder = temporaryFolder();
let runner: JobRunner;

beforeAll(() => {
  workers = buildWorkers({
    "import-worker": "local/personalize/jobs/import-worker.ts",
    "training-process": "local/personalize/jobs/training-process.ts",
    "training-worker": "local/personalize/jobs/training-worker.ts",
  });
});
afterAll(() => workers.remove());
beforeEach(() => {
  folder = temporaryFolder();
  runner = createJobRunner({ clock: createJumpingClock(), dataDir: folder.path, threads: 1, workerFile: workers.path });
});
afterEach(async () => {
  await runner.close();
  folder.remove();
});

function importJob(more: Partial<ImportJob> = {}): ImportJob {
  return {
    jobArn: "arn:job/one",
    datasetArn,
    datasetGroupArn: group,
    datasetType: "INTERACTIONS",
    schema: plainInteractions,
    mode: "FULL",
    dataLocation: "s3://bucket/x.csv",
    files: [textFile("x.csv", csv(header, manyRows({ start, users: 300 })))],
    progress: () => {},
    ...more,
  };
}

function trainingJob(recipe: string, more: Partial<TrainingJob> = {}): TrainingJob {
  return {
    solutionVersionArn: `arn:aws:personalize:us-east-1:000000000000:solution/${recipe}/0123abcd`,
    datasetGroupArn: group,
    datasets: [{ datasetArn, datasetType: "INTERACTIONS", schema: plainInteractions }],
    recipe,
    parameters: {
      popularity_discount_factor: "0.5",
      min_cointeraction_count: "3",
      min_user_history_length_percentile: "0.005",
      max_user_history_length_percentile: "0.995",
      min_item_interaction_count_percentile: "0.01",
      max_item_interaction_count_percentile: "0.9",
    },
    excludedColumns: {},
    seed: 1,
    trainingMode: "FULL",
    progress: () => {},
    ...more,
  };
}

describe("in worker threads", () => {
  it("an import counts for a metric attribution, and says so again when it runs again", async () => {
    const rows = manyRows({ start }).map((row) => [...row, "view", "2.5", ""]);
    const job = importJob({
      schema: typedInteractions,
      files: [textFile("x.csv", csv(`${header},EVENT_TYPE,EVENT_VALUE,DEVICE`, rows))],
      attribution: {
        metrics: [
          {
            name: "worth",
            eventType: "view",
            measure: { kind: "sum", dataset: "INTERACTIONS", column: "EVENT_VALUE" },
          },
        ],
        sources: {},
      },
    });
    const sums = async () => {
      const outcome = await runner.importDataset(job).done;
      const { attributed = [] } = outcome.kind === "succeeded" ? outcome.result : {};
      return [attributed.length > 1, attributed.reduce((all, { sum }) => all + sum, 0)];
    };

    expect([await sums(), await sums()]).toEqual([
      [true, 1200 * 2.5],
      [true, 1200 * 2.5],
    ]);
  });

  it("an import reads several files larger than a message, and the rows are there", async () => {
    const text = csv(header, manyRows({ start, users: 9000 }));
    const pieces = Array.from({ length: Math.ceil(text.length / 50_000) }, (_, n) =>
      text.slice(n * 50_000, (n + 1) * 50_000),
    );
    const large: ImportFile = {
      key: "large.csv",
      sizeBytes: text.length,
      open: () => Promise.resolve(Readable.from(pieces.map((piece) => Buffer.from(piece)))),
    };
    const second = textFile("second.csv", csv(header, manyRows({ start: start - 1_000_000 })));
    const seen: number[] = [];

    const outcome = await runner.importDataset(
      importJob({ files: [large, second], progress: ({ rows }) => void seen.push(rows) }),
    ).done;

    expect(text.length).toBeGreaterThan(2 << 20);
    expect(outcome).toEqual({ kind: "succeeded", result: { rows: 109_200, rowsStored: 109_200 } });
    expect(seen.at(-1)).toBe(109_200);
    expect(runner.interactionsOf(group, "u0")).toHaveLength(24);
    expect(runner.interactionsOf(group, "u8999")).toHaveLength(12);
  });

  it("failures keep their words: bad data, a refused bucket, a stream that breaks", async () => {
    const reasonOf = async (file: ImportFile) => {
      const outcome = await runner.importDataset(importJob({ files: [file] })).done;
      return outcome.kind === "failed" ? outcome.failureReason : outcome.kind;
    };
    const breaking = new Readable({
      read() {
        this.push(Buffer.from(`${header}\nu1,i1,1\n`));
        this.destroy(new Error("the connection broke"));
      },
    });

    expect(await reasonOf(textFile("x.csv", `${header}\nu1,i1\n`))).toContain("Row 2 of x.csv");
    expect(await reasonOf({ key: "x", sizeBytes: 1, open: () => Promise.reject(new Error("Access Denied.")) })).toBe(
      "Access Denied.",
    );
    expect(await reasonOf({ key: "x", sizeBytes: 1, open: () => Promise.resolve(breaking) })).toBe(
      "the connection broke",
    );
    expect(runner.hasBulkData(datasetArn)).toBe(false);
  });

  it("an import that waits for bytes is cancelled at once and leaves nothing", async () => {
    let opened = () => {};
    const reading = new Promise<void>((resolve) => (opened = resolve));
    const endless = { key: "x", sizeBytes: 1, open: () => (opened(), Promise.resolve(new Readable({ read() {} }))) };
    const handle = runner.importDataset(importJob({ files: [endless] }));
    await reading;
    handle.cancel();

    expect(await handle.done).toEqual({ kind: "cancelled" });
    expect(runner.hasBulkData(datasetArn)).toBe(false);
    expect(readdirSync(folder.path, { recursive: true }).filter((name) => String(name).endsWith(".new"))).toEqual([]);
  });

  it("recipes train, are measured and can be served", async () => {
    await runner.importDataset(importJob()).done;
    const jobs = ["aws-popularity-count", "aws-sims"].map((recipe) => trainingJob(recipe));
    const outcomes = await Promise.all(jobs.map((job) => runner.train(job).done));

    for (const [n, outcome] of outcomes.entries()) {
      expect(outcome).toMatchObject({ kind: "succeeded", result: { users: 300, items: 40, interactions: 3600 } });
      const serving = await runner.openModel(jobs[n]?.solutionVersionArn ?? "");
      expect(serving.model.recipe).toBe(jobs[n]?.recipe);
      expect(serving.history("u5")?.item).toHaveLength(12);
    }
  });

  it("a training that was ended by force and runs again makes the same model, byte for byte", async () => {
    await runner.importDataset(importJob()).done;
    const job = trainingJob("aws-sims");
    await runner.train(job).done;
    const undisturbed = contents(join(folder.path, "models"));
    await runner.forgetModel(job.solutionVersionArn);

    const handle = runner.train(job);
    setImmediate(() => handle.cancel());
    expect(await handle.done).toEqual({ kind: "cancelled" });
    expect(readdirSync(join(folder.path, "models"))).toEqual([]);
    await runner.train(job).done;

    expect(contents(join(folder.path, "models"))).toEqual(undisturbed);
  });

  it("a missing build is named with its remedy", async () => {
    const bare = createJobRunner({
      clock: createJumpingClock(),
      dataDir: folder.path,
      threads: 1,
      workerFile: () => {
        throw new Error("dist/import-worker.mjs is missing: run `npm run build`");
      },
    });

    await expect(bare.importDataset(importJob()).done).rejects.toThrow("npm run build");
    await bare.close();
  });
});
