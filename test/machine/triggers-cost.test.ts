/** Step Functions bills each state that is entered: what a weekly run costs, at the poll intervals that ship. */
import { afterEach, describe, expect, it } from "@jest/globals";
import { paginateGetExecutionHistory } from "@aws-sdk/client-sfn";
import type { PhaseDurations } from "../../local/personalize/settings.ts";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { changeMetrics, createFaultPort } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

const minutes = (count: number): PhaseDurations => ({ pendingMs: 30_000, workingMs: count * 60_000 - 30_000 });

let stack: Stack;
afterEach(() => stack.close());

async function statesEntered(executionArn: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { events = [] } of paginateGetExecutionHistory({ client: stack.sfn }, { executionArn })) {
    names.push(...events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []));
  }
  return names;
}

describe("a weekly run", () => {
  it("that imports two datasets in 12 minutes, trains 45 and goes live in 5 enters at most 150 states", async () => {
    const port = createFaultPort();
    let score = 0.2;
    changeMetrics(port, (name, metrics) => ({
      ...metrics,
      normalized_discounted_cumulative_gain_at_25: name === "baseline" ? 0.1 : (score += 0.1),
    }));
    const durations = {
      "datasetImportJob.create": minutes(12),
      "solutionVersion.create": minutes(45),
      "campaign.create": minutes(10),
      "campaign.update": minutes(5),
    };
    stack = await startStack({ config: communitiesConfig(), fault: port.fault, personalize: { durations } });
    await stack.drop({ "club/interactions/a.csv": interactionsCsv({ users: 100 }), "club/items/a.csv": itemsCsv() });
    await stack.rest();

    await stack.drop({
      "club/interactions/a.csv": interactionsCsv({ users: 100, seed: 2 }),
      "club/items/a.csv": itemsCsv().replace("Item 1,", "Item One,"),
    });
    await stack.rest();

    const [, second] = await stack.records("club");
    expect(second).toMatchObject({ outcome: "PROMOTE", failure: null });
    expect(port.inputs("CreateDatasetImportJob")).toHaveLength(4);
    const entered = await statesEntered(second?.executionArn ?? "");
    expect(entered.filter((name) => name === "Wait for the import")).toHaveLength(2 * 4); // 12 minutes, every three
    expect(entered.filter((name) => name === "Wait for the training")).toHaveLength(2 * 9); // 45 minutes, every five
    expect(entered.length).toBeLessThanOrEqual(150);
  });
});
