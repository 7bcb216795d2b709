/**
 * Rows of the table of failures (docs/failures.md) that no other file is about. Each injects the fault into the embedded
 * cloud and asserts what came of it; test/house/failure-table.test.ts knows where the others are.
 */
import { paginateGetExecutionHistory } from "@aws-sdk/client-sfn";
import { DeleteCampaignCommand, DescribeCampaignCommand } from "@aws-sdk/client-personalize";
import { afterEach, describe, expect, it } from "@jest/globals";
import { AwsError } from "../../local/cloud/ports/aws-error.ts";
import type { PhaseDurations } from "../../local/personalize/settings.ts";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { changeMetrics, createFaultPort, type FaultPort } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let port: FaultPort;
afterEach(() => stack.close());

interface Given {
  readonly group?: object;
  readonly solution?: object;
  readonly durations?: Readonly<Record<string, PhaseDurations>>;
}

async function start({ group = {}, solution = {}, durations = {} }: Given = {}) {
  port = createFaultPort();
  let score = 0.2;
  changeMetrics(port, (name, metrics) => ({
    ...metrics,
    normalized_discounted_cumulative_gain_at_25: name === "baseline" ? 0.1 : (score += 0.1),
  }));
  stack = await startStack({
    config: communitiesConfig({ group, solution }),
    fault: port.fault,
    personalize: { durations },
  });
}

const interactions = "club/interactions/a.csv";
const data = { [interactions]: interactionsCsv({ users: 100 }), "club/items/a.csv": itemsCsv() };
const drop = async (files: Record<string, string>) => {
  await stack.drop(files);
  await stack.rest();
  return (await stack.records("club")).at(-1);
};

describe("two events of one file", () => {
  it("row 5: the older one, which arrives after the newer, is ignored by its sequencer", async () => {
    await start();
    await drop(data);
    const executions = (await stack.executions("club")).length;

    const object = { key: interactions, etag: "0", "version-id": "of the day before", sequencer: "00" };
    const detail = { bucket: { name: stack.bucket }, object };
    await stack.begin("club", { source: "aws.s3", "detail-type": "Object Created", detail });
    await stack.rest();

    const late = (await stack.executions("club"))[executions];
    expect(late).toMatchObject({ status: "SUCCEEDED", output: { outcome: "IGNORED" } });
    expect(JSON.stringify(late?.output)).toContain(`a later upload of ${interactions} has been taken up before`);
    expect(await stack.records("club")).toHaveLength(1);
  });
});

describe("a file that is replaced while its import runs", () => {
  it("row 6: is read by a rerun; the record keeps which version this run had pinned", async () => {
    await start();
    port.once("CreateDatasetImportJob", async (_, next) => {
      await stack.drop({ [interactions]: interactionsCsv({ users: 100, seed: 9 }) });
      return next();
    });

    await drop(data);

    const records = await stack.records("club");
    const pinned = records.map(({ inputs }) => inputs.find(({ key }) => key === interactions)?.versionId);
    expect(records.map(({ failure }) => failure)).toEqual([null, null]);
    expect(records[1]?.trigger?.type).toBe("rerun");
    expect(new Set(pinned).size).toBe(2);
  });
});

const campaignArn = "arn:aws:personalize:us-east-1:000000000000:campaign/outrank-club-main";
const serving = async () => {
  const { campaign } = await stack.personalize.send(new DescribeCampaignCommand({ campaignArn }));
  return campaign?.solutionVersionArn;
};
const better = { [interactions]: interactionsCsv({ users: 100, seed: 2 }) };

describe("a campaign that somebody else has a hand in", () => {
  it("row 14: is waited for while another update runs, and then given the new version", async () => {
    await start();
    await drop(data);
    let busy = 2;
    port.on("UpdateCampaign", (_, next) =>
      busy-- > 0 ? Promise.reject(new AwsError("ResourceInUseException", "another update runs")) : next(),
    );

    const record = await drop(better);

    expect(record).toMatchObject({ outcome: "PROMOTE", failure: null });
    expect(await serving()).toBe(record?.contests[0]?.decision?.candidate.solutionVersionArn);
    expect(port.inputs("UpdateCampaign")).toHaveLength(3);
  });

  it("row 15: is made again when it was deleted, counts as a first run, and the record says so", async () => {
    await start();
    const first = await drop(data);
    await stack.personalize.send(new DeleteCampaignCommand({ campaignArn }));
    await stack.rest();

    const record = await drop(better);

    expect(record?.reasonCodes).toEqual(["FIRST_RUN", "BEAT_BASELINE"]);
    expect(record?.warnings.join()).toContain(
      `campaign outrank-club-main is gone; it was given ${first?.contests[0]?.decision?.candidate.solutionVersionArn}`,
    );
    expect(await serving()).toBe(record?.contests[0]?.decision?.candidate.solutionVersionArn);
  });

  it("row 15: is not made again where campaign.createIfMissing is false", async () => {
    await start({ solution: { campaign: { createIfMissing: false } } });
    await drop(data);
    await stack.personalize.send(new DeleteCampaignCommand({ campaignArn }));
    await stack.rest();

    const record = await drop(better);

    expect(record?.failure).toEqual({ error: "CampaignGone", reason: expect.stringContaining("is gone") });
    expect(port.inputs("CreateCampaign")).toHaveLength(1);
  });
});

describe("imports", () => {
  it("row 21: that were silently skipped fail the run: nothing is promoted on half of the data", async () => {
    await start();
    port.on("ListDatasetImportJobs", async ({ datasetArn }, next) =>
      String(datasetArn).endsWith("ITEMS") ? { datasetImportJobs: [] } : next(),
    );

    const record = await drop(data);

    expect(record?.failure).toEqual({
      error: "ImportMissing",
      reason: "There were files of items, and Personalize has no finished import job for them",
    });
    expect(port.inputs("CreateCampaign")).toEqual([]);
  });

  it("row 22: all end before a training starts, however long one of them takes", async () => {
    await start({ durations: { "datasetImportJob.create": { pendingMs: 0, workingMs: 40 * 60_000 } } });
    const ended: number[] = [];
    const started: number[] = [];
    port.on("DescribeDatasetImportJob", async (_, next) => {
      const answer = (await next()) as { datasetImportJob: { status: string } };
      if (answer.datasetImportJob.status === "ACTIVE") ended.push(stack.clock.now());
      return answer;
    });
    port.on("CreateSolutionVersion", (_, next) => (started.push(stack.clock.now()), next()));

    expect((await drop(data))?.failure).toBeNull();

    expect([ended.length, started.length]).toEqual([2, 2]);
    expect(Math.min(...started)).toBeGreaterThanOrEqual(Math.max(...ended));
  });

  it("row 25: of a file that lost more than half of its rows are refused, until a person accepts the loss", async () => {
    await start();
    await drop(data);
    const before = port.inputs("CreateDatasetImportJob").length;
    const [header, ...rows] = interactionsCsv({ users: 200 }).trim().split("\n");
    await drop({ [interactions]: [header, ...rows, ""].join("\n") });
    const short = [header, ...rows.slice(0, 1100), ""].join("\n");

    const refused = await drop({ [interactions]: short });

    expect(refused?.failure).toEqual({
      error: "DataRefused",
      reason: expect.stringMatching(/^interactions: 1100 rows, 54\.2 % fewer than the 2400 of run /),
    });
    expect(port.inputs("CreateDatasetImportJob")).toHaveLength(before + 1);
    await stack.begin("club", { acceptShrink: true });
    await stack.rest();
    expect((await stack.records("club")).at(-1)?.failure).toBeNull();
    expect(port.inputs("CreateDatasetImportJob")).toHaveLength(before + 2);
  });
});

describe("a training of 23 hours", () => {
  it("row 30: stays within Step Functions' limits of 25,000 events and 256 KiB a state", async () => {
    await start({ durations: { "solutionVersion.create": { pendingMs: 0, workingMs: 23 * 3_600_000 } } });

    const record = await drop(data);

    expect(record).toMatchObject({ outcome: "PROMOTE", failure: null });
    let count = 0;
    let largest = 0;
    const executionArn = record?.executionArn;
    for await (const { events = [] } of paginateGetExecutionHistory({ client: stack.sfn }, { executionArn })) {
      count += events.length;
      largest = Math.max(largest, ...events.map((event) => Buffer.byteLength(JSON.stringify(event))));
    }
    expect(count).toBeGreaterThan(2 * 23 * 12 * 3); // a look every five minutes at each of two trainings
    expect(count).toBeLessThan(25_000 / 2);
    expect(largest).toBeLessThan(256 * 1024);
  });
});
