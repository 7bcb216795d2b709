/**
 * Each wait ends at its deadline from the configuration, to the second, whatever its poll interval: the service never finishes,
 * the run fails, says what it waited for and which member bounds it, and gives the lease back (R8, R6). The fifth deadline, of
 * uploads that never settle, stands in triggers-uploads.test.ts.
 */
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterEach, describe, expect, it } from "@jest/globals";
import { AwsError } from "../../local/cloud/ports/aws-error.ts";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { changeMetrics, createFaultPort, type FaultPort, notices } from "../support/fault-port.ts";
import { inventory } from "../support/inventory.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let port: FaultPort;
afterEach(() => stack.close());

const drop = {
  "club/interactions/interactions.csv": interactionsCsv({ users: 100 }),
  "club/items/items.csv": itemsCsv(),
};

async function start(deadlines: object): Promise<void> {
  port = createFaultPort();
  stack = await startStack({ config: communitiesConfig({ group: { deadlines } }), fault: port.fault });
}

/** When calls of this operation were made, in milliseconds of the stack's clock. */
function instantsOf(operation: string, answer = (_: object, next: () => Promise<unknown>) => next()): number[] {
  const instants: number[] = [];
  port.on(operation, (input, next) => {
    instants.push(stack.clock.now());
    return answer(input, next);
  });
  return instants;
}

/** The answer with `changes` in its one member, e.g. another status. */
const stuckAs = (changes: object) => async (_: object, next: () => Promise<unknown>) => {
  const answer = (await next()) as Record<string, object>;
  return Object.fromEntries(Object.entries(answer).map(([member, value]) => [member, { ...value, ...changes }]));
};

const holdsLease = async (): Promise<boolean> => {
  const list = new ListObjectsV2Command({ Bucket: stack.bucket, Prefix: "outrank/club/lease.json" });
  return ((await stack.s3.send(list)).KeyCount ?? 0) > 0;
};

/** Execution, record and notice say the same, and the lease is free. */
async function expectFailure(error: string, reason: string): Promise<void> {
  const failed = (await stack.executions("club")).filter(({ status }) => status === "FAILED");
  const record = (await stack.records("club")).at(-1);
  expect(failed).toEqual([expect.objectContaining({ error, cause: expect.stringContaining(reason) })]);
  expect(record).toMatchObject({ outcome: "FAILED", failure: { error, reason: expect.stringContaining(reason) } });
  expect(notices(port).at(-1)?.Message).toContain(reason);
  expect(await holdsLease()).toBe(false);
}

const seconds = (from: number | undefined, to: number | undefined) => ((to ?? NaN) - (from ?? NaN)) / 1000;

describe("a run waits no longer than its configuration says (R8)", () => {
  it.each([
    {
      ...{ what: "a dataset group", deadlines: { resourcesMinutes: 10 }, waited: 600 },
      ...{ starts: "CreateDatasetGroup", looks: "DescribeDatasetGroup", status: "CREATE PENDING" },
      ...{ error: "ResourcesTookTooLong", reason: "Not ready at the deadline (deadlines.resourcesMinutes)" },
    },
    {
      ...{ what: "a dataset", deadlines: { resourcesMinutes: 20 }, waited: 1200 },
      ...{ starts: "CreateDatasetGroup", looks: "DescribeDataset", status: "CREATE IN_PROGRESS" },
      ...{ error: "ResourcesTookTooLong", reason: "Not ready at the deadline (deadlines.resourcesMinutes)" },
    },
    {
      ...{ what: "an import job", deadlines: { importHours: 1 }, waited: 3600 },
      ...{ starts: "CreateDatasetImportJob", looks: "DescribeDatasetImportJob", status: "CREATE IN_PROGRESS" },
      ...{ error: "ImportTookTooLong", reason: "was still CREATE IN_PROGRESS at its deadline (deadlines.importHours)" },
    },
    {
      ...{ what: "a training", deadlines: { trainingHours: 3 }, waited: 10_800 },
      ...{ starts: "CreateSolutionVersion", looks: "DescribeSolutionVersion", status: "CREATE IN_PROGRESS" },
      ...{ error: "TrainingFailed", reason: "still CREATE IN_PROGRESS at its deadline (deadlines.trainingHours)" },
    },
    {
      ...{ what: "a new campaign", deadlines: { campaignHours: 1 }, waited: 3600 },
      ...{ starts: "CreateCampaign", looks: "DescribeCampaign", status: "CREATE IN_PROGRESS" },
      ...{
        error: "CampaignTookTooLong",
        reason: "was still CREATE IN_PROGRESS at its deadline (deadlines.campaignHours)",
      },
    },
  ])("for $what: $waited seconds", async ({ deadlines, starts, looks, status, waited, error, reason }) => {
    await start(deadlines);
    const started = instantsOf(starts);
    const looked = instantsOf(looks, stuckAs({ status }));

    await stack.drop(drop);
    await stack.rest();

    await expectFailure(error, reason);
    const [first] = started;
    expect(seconds(first, looked.at(-1))).toBe(waited);
  });

  it.each([
    {
      ...{ what: "a place for an import", deadlines: { importHours: 1 }, hours: 1, asked: "CreateDatasetImportJob" },
      ...{ error: "ImportTookTooLong", reason: "No place came free for the import of" },
    },
    {
      ...{ what: "a place for a training", deadlines: { trainingHours: 2 }, hours: 2, asked: "CreateSolutionVersion" },
      ...{ error: "TrainingFailed", reason: "no place came free until its deadline (deadlines.trainingHours)" },
    },
    {
      ...{ what: "quota for a dataset", deadlines: { resourcesMinutes: 2 }, hours: 1 / 30, asked: "CreateDataset" },
      ...{ error: "ResourcesTookTooLong", reason: "LimitExceededException" },
    },
  ])("for $what: $hours hours, and a poll", async ({ deadlines, hours, asked, error, reason }) => {
    await start(deadlines);
    const instants = instantsOf(asked, () => Promise.reject(new AwsError("LimitExceededException", "all taken")));

    await stack.drop(drop);
    await stack.rest();

    await expectFailure(error, reason);
    const waited = seconds(instants[0], instants.at(-1));
    expect(waited).toBeGreaterThanOrEqual(hours * 3600 - 15);
    expect(waited).toBeLessThanOrEqual(hours * 3600 + 1.5 * 300); // a poll is drawn from half to one and a half
  });

  it("for a campaign's update: 3600 seconds, and the old version goes on serving", async () => {
    await start({ campaignHours: 1 });
    let score = 0.2;
    changeMetrics(port, (solution, metrics) => ({
      ...metrics,
      normalized_discounted_cumulative_gain_at_25: solution === "baseline" ? 0.1 : (score += 0.05),
    }));
    await stack.drop(drop);
    await stack.rest();
    const live = (await stack.records("club"))[0]?.contests[0]?.decision?.candidate.solutionVersionArn;
    let wanted: unknown;
    const started = instantsOf("UpdateCampaign", async (input, next) => {
      wanted = (input as { solutionVersionArn?: string }).solutionVersionArn;
      return next();
    });
    const looked = instantsOf("DescribeCampaign", async (input, next) => {
      if (wanted === undefined) return next();
      const latestCampaignUpdate = { solutionVersionArn: wanted, status: "CREATE IN_PROGRESS" };
      return stuckAs({ solutionVersionArn: live, latestCampaignUpdate })(input, next);
    });

    await stack.drop({ "club/interactions/interactions.csv": interactionsCsv({ users: 100, rowsPerUser: 16 }) });
    await stack.rest();

    await expectFailure(
      "CampaignTookTooLong",
      "was still CREATE IN_PROGRESS at its deadline (deadlines.campaignHours)",
    );
    expect(seconds(started[0], looked.at(-1))).toBe(3600);
    expect(started).toHaveLength(1);
  });

  it("for somebody else's update of the campaign: 3600 seconds, and it is left alone", async () => {
    await start({ campaignHours: 1 });
    let score = 0.2;
    changeMetrics(port, (solution, metrics) => ({
      ...metrics,
      normalized_discounted_cumulative_gain_at_25: solution === "baseline" ? 0.1 : (score += 0.05),
    }));
    await stack.drop(drop);
    await stack.rest();
    const tried = instantsOf("UpdateCampaign", () =>
      Promise.reject(new AwsError("ResourceInUseException", "the campaign is being updated")),
    );
    const theirs = { solutionVersionArn: "arn:aws:personalize:::theirs", status: "CREATE IN_PROGRESS" };
    port.on("DescribeCampaign", stuckAs({ latestCampaignUpdate: theirs }));

    await stack.drop({ "club/interactions/interactions.csv": interactionsCsv({ users: 100, rowsPerUser: 16 }) });
    await stack.rest();

    const still =
      "an update to arn:aws:personalize:::theirs was still CREATE IN_PROGRESS at the deadline (deadlines.campaignHours)";
    await expectFailure("CampaignBusy", still);
    expect(tried.length).toBeGreaterThan(1);
    expect(seconds(tried[0], tried.at(-1))).toBe(3600 - 90); // a look at 3600 ends it without another try
  });

  it("for a baseline: 10800 seconds; then nothing can be compared, and the live version stays", async () => {
    await start({ trainingHours: 3 });
    const looked: number[] = [];
    port.on("DescribeSolutionVersion", (input, next) => {
      if (!String(input["solutionVersionArn"]).includes("baseline")) return next();
      looked.push(stack.clock.now());
      return stuckAs({ status: "CREATE IN_PROGRESS" })(input, next);
    });
    const started = instantsOf("CreateSolutionVersion");

    await stack.drop(drop);
    await stack.rest();

    const [record] = await stack.records("club");
    expect(record).toMatchObject({
      outcome: "KEEP",
      failure: null,
      reasonCodes: expect.arrayContaining(["BASELINE_STALE"]),
    });
    expect(record?.contests[0]?.decision?.baseline?.failureReason).toContain("deadlines.trainingHours");
    expect(seconds(started[0], looked.at(-1))).toBe(10_800);
    expect(await inventory(stack)).toMatchObject({ campaigns: 0 });
  });

  it("and stops a late training where the configuration says so: billed up to there, and no longer (failure row 11)", async () => {
    await start({ trainingHours: 3, stopLateTraining: true });
    const stopped = instantsOf("StopSolutionVersionCreation");
    const started = instantsOf("CreateSolutionVersion");
    port.on("DescribeSolutionVersion", stuckAs({ status: "CREATE IN_PROGRESS" }));

    await stack.drop(drop);
    await stack.rest();

    await expectFailure("TrainingFailed", "so the service was asked to stop it");
    expect(stopped).toHaveLength(2); // candidate and baseline
    expect(seconds(started[0], stopped[0])).toBe(10_800);
  });
});
