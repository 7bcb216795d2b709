/**
 * Each alarm, tripped by what it is for: runs that fail, runs that do not come, models that do not change. The mails and
 * webhooks of the configuration hear of it. The steps of the story follow each other on one stack.
 */
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { communitiesConfig, interactionsCsv } from "../support/communities.ts";
import { changeMetrics, createFaultPort, type FaultPort, type MetricsByName } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { AccessDeniedException } from "../../local/cloud/ports/aws-error.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const primary = "normalized_discounted_cumulative_gain_at_25";
const good = { coverage: 0.5, precision_at_25: 0.04, [primary]: 0.3 };
const poor = { coverage: 0.5, precision_at_25: 0.04, [primary]: 0.1 };

let stack: Stack;
let port: FaultPort;
let cloudWatch: CloudWatchClient;
let server: Server;
let stateDir: string;
/** Bodies of what the webhook was sent. */
let heard: { text: string; subject: string }[];

beforeAll(async () => {
  heard = [];
  server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      heard.push(JSON.parse(Buffer.concat(pieces).toString()) as (typeof heard)[number]);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const webhooks = [`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`];
  port = createFaultPort();
  stateDir = mkdtempSync(join(tmpdir(), "outrank-alarms-"));
  const smokeTest = { enabled: false };
  const config = communitiesConfig({
    group: { notifications: { emails: ["ann@example.org"], webhooks } },
    solution: { recipe: "aws-user-personalization", rollback: { smokeTest } },
  });
  stack = await startStack({ config, fault: port.fault, stateDir });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  cloudWatch = new CloudWatchClient({ endpoint: stack.cloud.url, region: stack.cloud.region, credentials });
});
afterAll(async () => {
  cloudWatch.destroy();
  await stack.close();
  await new Promise((resolve) => server.close(resolve));
  rmSync(stateDir, { recursive: true, force: true, maxRetries: 3 });
});

/** Names of the alarms that are on, a while later. */
async function alarming(wait = 2 * minute): Promise<string[]> {
  await stack.clock.sleep(wait);
  await stack.rest();
  const { MetricAlarms: alarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ StateValue: "ALARM" }));
  return alarms.map(({ AlarmName = "" }) => AlarmName.replace("outrank-club-", "")).sort();
}

/** One run with these numbers for the candidate; the baseline's are poor. */
async function runWith(candidate: MetricsByName, input: unknown = {}): Promise<void> {
  const restore = changeMetrics(port, (name) => (name === "baseline" ? poor : candidate));
  await stack.begin("club", input);
  await stack.rest();
  restore();
}

const failing = async (): Promise<void> => {
  const restore = port.on("CreateSolutionVersion", async () => {
    throw new AccessDeniedException("role", "personalize:CreateSolutionVersion", "solution");
  });
  await stack.begin("club");
  await stack.rest();
  restore();
};

describe("the alarms", () => {
  it("are off while all goes well, and mail box and webhook hear how the run ended", async () => {
    const restore = changeMetrics(port, (name) => (name === "baseline" ? poor : good));
    await stack.drop({ "club/interactions/interactions.csv": interactionsCsv({ users: 100 }) });
    await stack.rest();
    restore();

    expect((await stack.records("club")).map(({ outcome }) => outcome)).toEqual(["PROMOTE"]);
    expect(await alarming()).toEqual([]);
    expect(heard.map(({ subject }) => subject)).toEqual(["Outrank club: a new model is live"]);
    expect(heard[0]?.text).toContain("BEAT_BASELINE");
    const mails = readdirSync(join(stateDir, "outbox"));
    expect(mails).toHaveLength(1);
    expect(readFileSync(join(stateDir, "outbox", mails[0] ?? ""), "utf8")).toContain(
      "To: ann@example.org\nSubject: Outrank club: a new model is live\n",
    );
  });

  it("tell that a rejected candidate ended the item updates of the live version, until one goes live", async () => {
    await runWith(poor);
    const kept = await alarming();
    await runWith({ ...good, [primary]: 0.4 });

    expect(kept).toEqual(["item-updates-main"]);
    expect(await alarming()).toEqual([]);
  });

  it("tell of a failed run until one succeeds, and say so in words that people read", async () => {
    heard = [];
    await failing();
    const failed = await alarming();
    const words = heard.map(({ text }) => text);
    await runWith({ ...good, [primary]: 0.45 });

    expect(failed).toEqual(["execution-failed", "run-failed"]);
    expect(words).toContainEqual(
      expect.stringMatching(/^\*ALARM: "outrank-club-run-failed" in us-east-1\*\nclub: The last run failed\./),
    );
    expect(await alarming()).toEqual([]);
  });

  it("tell that runs fail and none has succeeded for seven days", async () => {
    await stack.clock.sleep(8 * day);
    await failing();

    expect(await alarming()).toEqual(["execution-failed", "no-success", "run-failed"]);
  });

  it("tell that runs go on and none has promoted for thirty days", async () => {
    await stack.clock.sleep(25 * day);
    await runWith(poor);

    expect(await alarming()).toEqual(["item-updates-main", "no-promotion"]);
  });

  it("tell that an upload started no run, and that a function fails again and again", async () => {
    const before = await alarming(day);
    const restore = port.on("StartExecution", async () => {
      throw new AccessDeniedException("role", "states:StartExecution", "machine");
    });
    await stack.drop({ "club/interactions/interactions.csv": interactionsCsv({ users: 101 }) });
    await stack.rest();
    restore();
    const undelivered = await alarming();
    for (let times = 0; times < 3; times++) await stack.begin("club", { nonsense: times });
    await stack.rest();

    expect(undelivered.filter((name) => !before.includes(name))).toEqual(["upload-not-delivered"]);
    expect(await alarming()).toContain("errors-plan-the-run");
  });
});
