/** Each stage may have its own schedule: uploads import, one schedule trains, another runs the batch jobs. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { createFaultPort, type FaultPort } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let port: FaultPort;
const fired: string[] = [];

beforeEach(async () => {
  port = createFaultPort();
  fired.length = 0;
  const group = {
    cadence: {
      onUpload: "import",
      train: { expression: "cron(0 3 ? * SUN *)" },
      batch: { expression: "cron(0 6 ? * SUN *)" },
    },
    followUp: { batchInference: [{ name: "mail", solution: "main", when: "always" }] },
  };
  stack = await startStack({ config: communitiesConfig({ group }), fault: port.fault, start: Date.UTC(2026, 0, 9) });
  port.on("StartExecution", async (input, next) => {
    const { trigger, stages = [] } = JSON.parse(String(input["input"])) as { trigger?: string; stages?: string[] };
    const stage = stages.join();
    if (trigger === "schedule") {
      fired.push(`${stage} ${new Date(stack.clock.now()).toISOString()}`);
      // A recurring schedule would keep the jumping clock going for ever.
      const Name = `outrank-club-${stage}`;
      await stack.cloud.calls.call("scheduler", "DeleteSchedule", { Name }, { kind: "account" });
    }
    return next();
  });
});
afterEach(() => stack.close());

describe("a cadence by stage", () => {
  it("imports on upload, trains on Sunday at three, and runs the batch jobs at six", async () => {
    await stack.drop({
      "club/interactions/a.csv": interactionsCsv({ users: 100 }),
      "club/items/a.csv": itemsCsv(),
      "club/batch/mail/input.json": '{"userId":"u1"}\n',
    });
    await stack.rest();

    expect(fired).toEqual(["train 2026-01-11T03:00:00.000Z", "batch 2026-01-11T06:00:00.000Z"]);
    const records = await stack.records("club");
    expect(records.map(({ outcome, failure }) => [outcome, failure])).toEqual([
      ["IMPORTED", null],
      ["PROMOTE", null],
      ["BATCHED", null],
    ]);
    const [imported, trained] = records.map(({ finishedAt }) => finishedAt);
    expect(imported?.slice(0, 10)).toBe("2026-01-09");
    expect(trained?.slice(0, 13)).toBe("2026-01-11T03");
    expect(port.inputs("CreateDatasetImportJob")).toHaveLength(2); // none twice
    expect(port.inputs("CreateSolutionVersion")).toHaveLength(2);
    expect(port.inputs("CreateBatchInferenceJob")).toHaveLength(1);
  });
});
