/** The notice says what a run cost and where money could be saved, from what the service itself counted. */
import { GetRecommendationsCommand } from "@aws-sdk/client-personalize-runtime";
import { afterEach, describe, expect, it } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CostReport } from "../../local/cli/commands/cost.ts";
import { dispatch } from "../../local/cli/main.ts";
import type { OutrankConfigInput } from "../../pipeline/config/outrank-config.ts";
import { communitiesConfig, interactionsCsv } from "../support/communities.ts";
import { createFaultPort, type FaultPort, notices } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let port: FaultPort;
afterEach(() => stack.close());

const day = 86_400_000;
const campaignArn = "arn:aws:personalize:us-east-1:000000000000:campaign/outrank-club-main";

/** Asks as an application would, all within one moment. */
async function ask(times: number): Promise<void> {
  const release = stack.clock.hold();
  for (let n = 0; n < times; n++) {
    await stack.runtime.send(new GetRecommendationsCommand({ campaignArn, userId: `u${n % 100}` }));
  }
  release();
}

/** The advice of a run by hand that trains and changes nothing. */
async function adviceNow(): Promise<readonly string[]> {
  await stack.begin("club", { dryRun: true });
  await stack.rest();
  return (await stack.records("club")).at(-1)?.advice ?? ["no record"];
}

/** What `outrank cost` says of the next run, and where it knows the sizes from. */
async function foreseen(config: OutrankConfigInput): Promise<{ readonly data: string; readonly interactions: number }> {
  const folder = mkdtempSync(join(tmpdir(), "outrank-cost-"));
  const file = join(folder, "outrank.json");
  const [club] = config.datasetGroups;
  const solutions = [{ name: "main", recipe: "aws-user-personalization-v2" }]; // billed by the interactions
  writeFileSync(file, JSON.stringify({ ...config, datasetGroups: [{ ...club, solutions }] }));
  const lines: string[] = [];
  const io = {
    ...{ out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line) },
    ...{ tty: false, columns: 100, env: {}, cwd: folder, stop: new AbortController().signal },
  };
  await dispatch(["cost", "--config", file, "--endpoint", stack.cloud.url, "--json"], io);
  rmSync(folder, { recursive: true, force: true });
  const { data = "", run } = (JSON.parse(lines.join("")) as CostReport).groups[0] ?? {};
  const training = run?.lines.find(({ price }) => price === "trainedInteractions");
  return { data, interactions: training?.quantity ?? 0 };
}

describe("the advice in a notice", () => {
  it("follows what the campaign is asked: too young to say, idle, kept ready for too much, not to be read", async () => {
    port = createFaultPort();
    const config = communitiesConfig({ solution: { campaign: { minProvisionedTPS: 10 } } });
    stack = await startStack({ config, fault: port.fault });
    await stack.drop({ "club/interactions/a.csv": interactionsCsv({ users: 100 }) });
    await stack.rest();
    const [first] = await stack.records("club");
    expect(first).toMatchObject({ outcome: "PROMOTE", advice: [] });
    expect(await foreseen(config)).toEqual({ data: `sizes of run ${first?.runId}`, interactions: 1200 });

    await stack.clock.sleep(20 * day); // the smoke test's own requests are out of sight
    const [idle, ...others] = await adviceNow();
    expect(others).toEqual([]);
    expect(idle).toMatch(/^campaign outrank-club-main had 0 requests in 14 days: it costs about 1,461\.17 USD a month/);
    const message = String(notices(port).at(-1)?.["Message"]);
    expect(message).toContain(`Advice:\n  ${idle}`);
    expect(message).toMatch(/\nThis run cost (about \d+\.\d\d|less than 0\.01) USD \(list prices of 2026-11-24\)/);

    await ask(150); // half a request a second, over five minutes
    expect(await adviceNow()).toEqual([
      expect.stringMatching(
        / 10 requests a second, .* had 0\.5: "minProvisionedTPS": 1 would save up to 1,315\.05 USD/,
      ),
    ]);

    port.on("GetMetricData", () => Promise.reject(new Error("CloudWatch is away")));
    expect(await adviceNow()).toEqual([expect.stringContaining("no advice on campaign outrank-club-main")]);
    expect((await stack.records("club")).at(-1)).toMatchObject({ outcome: "KEEP", failure: null });
  });
});
