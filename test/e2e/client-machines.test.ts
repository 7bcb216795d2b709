/**
 * State machines of others around Personalize, made and run by programs that know nothing of where they run: the shapes are those of the
 * public pipelines on Step Functions, the calls go through `arn:aws:states:::aws-sdk:personalize:*`.
 */
import { describe, expect, it } from "@jest/globals";
import { sharedAccount, withBoto } from "../support/client-programs.ts";

const account = sharedAccount();
const boto = withBoto();

describe("a program that makes state machines", () => {
  it("runs one with a check and a Choice for all stages, fails on what is there, and takes all down with another", async () => {
    expect(await account.run(process.execPath, ["stages.mjs"])).toEqual({
      ...{ stage: "campaign", items: ["0", "1", "2"], created: 10 },
      ...{ again: "PipelineFailed", gone: "Personalize.ResourceNotFoundException" },
    });
  }, 120_000);

  boto.test(
    `runs machines that start machines, twice, and makes only what is new${boto.note}`,
    async () => {
      expect(await account.run("python3", ["nested_machines.py"])).toEqual({
        ...{ imports: ["SUCCEEDED", "SUCCEEDED"], campaign: true, inference: [3, 3], segments: [5, 5] },
        "after two": { datasets: 2, imports: 4, solutions: 2, versions: 4 },
        children: ["SUCCEEDED", "SUCCEEDED"],
      });
    },
    180_000,
  );

  boto.test(
    `maintains a solution on a schedule, with UPDATE trainings, segments, tags, a recommender and a cleanup${boto.note}`,
    async () => {
      expect(await account.run("python3", ["schedules.py"])).toEqual({
        ...{ tags: [{ tagKey: "stage", tagValue: "test" }], modes: ["FULL", "UPDATE"], updates: true, live: true },
        ...{ segment: true, recommender: 4, schema: "record" },
        tree: [
          ...["batch_segment_job", "campaign", "dataset", "dataset_import_job"],
          ...["solution", "solution_version"],
        ],
      });
    },
    180_000,
  );
});
