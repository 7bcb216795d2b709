/** Every kind of failure ends as FAILED with the service's own reason, recorded, told of, and the lease given back (R6). */
import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { DescribeCampaignCommand, StopSolutionVersionCreationCommand } from "@aws-sdk/client-personalize";
import { StopExecutionCommand } from "@aws-sdk/client-sfn";
import { afterEach, describe, expect, it } from "@jest/globals";
import { AwsError } from "../../local/cloud/ports/aws-error.ts";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { createFaultPort, type FaultPort, notices } from "../support/fault-port.ts";
import { inventory } from "../support/inventory.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let port: FaultPort;
afterEach(() => stack.close());

const config = communitiesConfig();
const interactions = "club/interactions/interactions.csv";
const firstDrop = { [interactions]: interactionsCsv(), "club/items/items.csv": itemsCsv() };

async function start(options: Partial<Parameters<typeof startStack>[0]> = {}): Promise<void> {
  port = createFaultPort();
  stack = await startStack({ config, fault: port.fault, ...options });
}

/** The first execution that did work, its record and its notice all give this reason, and the lease is free. */
async function expectFailed(error: string, reason: string | RegExp): Promise<void> {
  const failed = (await stack.executions("club")).find(({ status }) => status === "FAILED");
  expect(failed?.error).toBe(error);
  const says = (text: string | undefined) =>
    typeof reason === "string" ? expect(text).toContain(reason) : expect(text).toMatch(reason);
  says(failed?.cause);
  const record = (await stack.records("club")).find(({ outcome }) => outcome === "FAILED");
  expect(record?.failure?.error).toBe(error);
  says(record?.failure?.reason);
  says(notices(port).find(({ Message }) => Message.includes("failed"))?.Message);
  expect(await holdsLease()).toBe(false);
}

async function holdsLease(): Promise<boolean> {
  const { KeyCount = 0 } = await stack.s3.send(
    new ListObjectsV2Command({ Bucket: stack.bucket, Prefix: "outrank/club/lease.json" }),
  );
  return KeyCount > 0;
}

/** A file put in place of the checked one just before Personalize reads it. */
function swapBeforeTheImport(body: string): void {
  port.once("CreateDatasetImportJob", async (_, next) => {
    await stack.s3.send(new PutObjectCommand({ Bucket: stack.bucket, Key: interactions, Body: body }));
    return next();
  });
}

describe("an import that fails", () => {
  it("because the file became unreadable after the check ends the run with the job's reason (failure row 9)", async () => {
    await start();
    swapBeforeTheImport("USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE\nu1,i1,yesterday,view\n");

    await stack.drop(firstDrop);
    await stack.rest();

    await expectFailed("ImportFailed", /The import of interactions from s3:.* failed: .*TIMESTAMP/);
    expect(await inventory(stack)).toMatchObject({ solutionVersions: 0, campaigns: 0 });
  });
});

describe("a training that fails", () => {
  it("because the data became too few after the check ends the run with the version's reason", async () => {
    await start();
    swapBeforeTheImport(interactionsCsv({ users: 20, rowsPerUser: 60 }));

    await stack.drop(firstDrop);
    await stack.rest();

    await expectFailed("TrainingFailed", /The training of main ended as CREATE FAILED: \S+/);
    expect(await inventory(stack)).toMatchObject({ campaigns: 0 });
  });

  it("because a person stopped it ends the run, and the next one trains anew (failure row 10)", async () => {
    await start({
      personalize: { durations: { "solutionVersion.create": { pendingMs: 600_000, workingMs: 600_000 } } },
    });
    let isStopped = false;
    port.on("DescribeSolutionVersion", async ({ solutionVersionArn }, next) => {
      if (!isStopped && !String(solutionVersionArn).includes("baseline")) {
        isStopped = true;
        const stop = new StopSolutionVersionCreationCommand({ solutionVersionArn: String(solutionVersionArn) });
        await stack.personalize.send(stop);
      }
      return next();
    });

    await stack.drop(firstDrop);
    await stack.rest();

    await expectFailed("TrainingFailed", "The training of main ended as CREATE STOPPED");

    await stack.begin("club");
    await stack.rest();
    expect((await stack.records("club")).at(-1)?.outcome).toBe("PROMOTE");
  });

  it("of the baseline keeps the live version: there is nothing to compare with (failure row 12)", async () => {
    await start();
    port.on("DescribeSolutionVersion", async ({ solutionVersionArn }, next) => {
      const answer = (await next()) as { solutionVersion: object };
      if (!String(solutionVersionArn).includes("baseline")) return answer;
      return { solutionVersion: { ...answer.solutionVersion, status: "CREATE FAILED", failureReason: "out of luck" } };
    });

    await stack.drop(firstDrop);
    await stack.rest();

    const [record] = await stack.records("club");
    expect(record).toMatchObject({ outcome: "KEEP", failure: null });
    expect(record?.contests[0]?.decision?.baseline).toMatchObject({
      status: "CREATE FAILED",
      failureReason: "out of luck",
    });
    expect(await inventory(stack)).toMatchObject({ campaigns: 0 });
  });
});

describe("a campaign that cannot be changed", () => {
  it("ends the first run with the campaign's reason", async () => {
    await start();
    port.on("DescribeCampaign", async (_, next) => {
      const answer = (await next()) as { campaign: object };
      return { campaign: { ...answer.campaign, status: "CREATE FAILED", failureReason: "no hosts left" } };
    });

    await stack.drop(firstDrop);
    await stack.rest();

    await expectFailed("CampaignFailed", "no hosts left");
  });

  it("goes on serving the old version, and the notice says so (failure row 13)", async () => {
    await start();
    await stack.drop(firstDrop);
    await stack.rest();
    const live = (await stack.records("club"))[0]?.contests[0]?.decision?.candidate.solutionVersionArn ?? "";
    let wanted: unknown;
    port.on("UpdateCampaign", (input) => {
      wanted = input["solutionVersionArn"];
      return Promise.resolve({ campaignArn: input["campaignArn"] });
    });
    port.on("DescribeCampaign", async (_, next) => {
      const { campaign } = (await next()) as { campaign: object };
      if (wanted === undefined) return { campaign };
      const latestCampaignUpdate = { solutionVersionArn: wanted, status: "CREATE FAILED", failureReason: "no hosts" };
      return { campaign: { ...campaign, latestCampaignUpdate } };
    });

    await stack.drop({ [interactions]: interactionsCsv({ rowsPerUser: 16 }) });
    await stack.rest();

    await expectFailed("CampaignFailed", "no hosts");
    expect(notices(port).at(-1)?.Message).toContain(`${live.slice(live.indexOf("solution/"))} goes on serving`);
    const campaignArn = (await stack.records("club"))[0]?.contests[0]?.decision?.campaignArn;
    const { campaign } = await stack.personalize.send(new DescribeCampaignCommand({ campaignArn }));
    expect(campaign?.solutionVersionArn).toBe(live);
  });
});

describe("when telling of it fails", () => {
  it("by the notice, the run is recorded as it went, ends as failed and gives the lease back (failure row 24)", async () => {
    await start();
    port.on("Publish", () => Promise.reject(new AwsError("InvalidParameter", "Invalid parameter: Subject")));

    await stack.drop(firstDrop);
    await stack.rest();

    const failed = (await stack.executions("club")).find(({ status }) => status === "FAILED");
    expect(failed?.cause).toContain("Invalid parameter: Subject");
    expect((await stack.records("club")).map(({ outcome }) => outcome)).toEqual(["PROMOTE"]);
    expect(await holdsLease()).toBe(false);
  });

  it("by the record, the notice says so, the run ends as failed and gives the lease back (failure row 23)", async () => {
    await start();
    port.on("Invoke", ({ FunctionName }, next) =>
      String(FunctionName).includes("WriteTheRecord")
        ? Promise.reject(new AwsError("ResourceNotFoundException", "Function not found"))
        : next(),
    );

    await stack.drop(firstDrop);
    await stack.rest();

    const failed = (await stack.executions("club")).find(({ status }) => status === "FAILED");
    expect(failed?.cause).toContain("Function not found");
    expect(notices(port).at(-1)?.Subject).toBe("Outrank: a run failed and could not be recorded");
    expect(await holdsLease()).toBe(false);
  });
});

describe("a run that a person stops", () => {
  it("leaves its lease to the next one, which takes it over and imports nothing again (failure row 2)", async () => {
    await start();
    port.once("DescribeSolutionVersion", async (_, next) => {
      const [running] = (await stack.executions("club")).filter(({ status }) => status === "RUNNING");
      await stack.sfn.send(new StopExecutionCommand({ executionArn: running?.arn }));
      return next();
    });
    await stack.drop(firstDrop);
    await stack.rest();
    expect(await holdsLease()).toBe(true);

    await stack.begin("club");
    await stack.rest();

    expect((await stack.records("club")).map(({ outcome }) => outcome)).toEqual(["PROMOTE"]);
    expect(await inventory(stack)).toMatchObject({ importJobs: 2, campaigns: 1 });
    expect(await holdsLease()).toBe(false);
  });
});
