/** Answers that get lost and services that are busy: the call is repeated, and nothing is made twice (R4). */
import { afterEach, describe, expect, it } from "@jest/globals";
import { AwsError } from "../../local/cloud/ports/aws-error.ts";
import { SdkIntegrationError } from "../../local/cloud/ports/sdk-integration-error.ts";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { createFaultPort } from "../support/fault-port.ts";
import { afterFirstRun, inventory } from "../support/inventory.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
afterEach(() => stack.close());

const config = communitiesConfig();
const firstDrop = { "club/interactions/interactions.csv": interactionsCsv(), "club/items/items.csv": itemsCsv() };

const creates = [
  "CreateDatasetGroup",
  "CreateSchema",
  "CreateDataset",
  "CreateSolution",
  "CreateDatasetImportJob",
  "CreateSolutionVersion",
  "CreateCampaign",
];

/** What a caller sees when the connection breaks after the service did what it was asked to. */
const connectionLost = () =>
  new SdkIntegrationError("Personalize.SdkClientException", "Unable to execute HTTP request: Connection reset");

async function losing(next: () => Promise<unknown>): Promise<never> {
  await next();
  throw connectionLost();
}

describe("a lost answer", () => {
  it("of each call that makes something leads to a repeat that finds what is there", async () => {
    const port = createFaultPort();
    for (const operation of creates) port.once(operation, (_, next) => losing(next));
    stack = await startStack({ config, fault: port.fault });

    await stack.drop(firstDrop);
    await stack.rest();

    const records = await stack.records("club");
    expect(records.map(({ outcome, failure }) => ({ outcome, failure }))).toEqual([
      { outcome: "PROMOTE", failure: null },
    ]);
    expect(await inventory(stack)).toEqual(afterFirstRun);
    // each of them was lost once: the first was made, and found again
    const asked = (operation: string) => port.inputs(operation).length;
    expect(Object.fromEntries(creates.map((operation) => [operation, asked(operation)]))).toEqual({
      CreateDatasetGroup: 2,
      CreateSchema: 3,
      CreateDataset: 3,
      CreateSolution: 3,
      CreateDatasetImportJob: 3,
      CreateSolutionVersion: 2, // candidate and baseline: a repeat would be paid for, so the version is looked for instead
      CreateCampaign: 2,
    });
  });

  it("of an update of the campaign ends with the new version live", async () => {
    const port = createFaultPort();
    stack = await startStack({ config, fault: port.fault });
    await stack.drop(firstDrop);
    await stack.rest();
    port.once("UpdateCampaign", (_, next) => losing(next));

    await stack.drop({ "club/interactions/interactions.csv": interactionsCsv({ rowsPerUser: 16 }) });
    await stack.rest();

    const records = await stack.records("club");
    expect(records.map(({ outcome, failure }) => ({ outcome, failure }))).toEqual([
      { outcome: "PROMOTE", failure: null },
      { outcome: "PROMOTE", failure: null },
    ]);
    expect(port.inputs("UpdateCampaign")).toHaveLength(2); // the repeat finds the campaign busy, with our own update
    const asked = new Set(port.inputs("UpdateCampaign").map(({ solutionVersionArn }) => solutionVersionArn));
    expect([...asked]).toEqual([records[1]?.contests[0]?.decision?.candidate.solutionVersionArn]);
    expect(await inventory(stack)).toMatchObject({ solutionVersions: 4, campaigns: 1 });
  });
});

describe("a service that is busy", () => {
  it("is asked again when it throttles the first two of each call (failure row 8)", async () => {
    const port = createFaultPort();
    const busy = ["DescribeDatasetImportJob", "DescribeSolutionVersion", "GetSolutionMetrics", "DescribeCampaign"];
    for (const operation of [...creates, ...busy]) {
      let refused = 0;
      port.on(operation, (_, next) => {
        refused += 1;
        return refused <= 2 ? Promise.reject(new AwsError("ThrottlingException", "Rate exceeded")) : next();
      });
    }
    stack = await startStack({ config, fault: port.fault });

    await stack.drop(firstDrop);
    await stack.rest();

    const records = await stack.records("club");
    expect(records.map(({ outcome, failure }) => ({ outcome, failure }))).toEqual([
      { outcome: "PROMOTE", failure: null },
    ]);
    expect(await inventory(stack)).toEqual(afterFirstRun);
  });

  it("is waited for when no further import or training may start yet (failure row 7)", async () => {
    const port = createFaultPort();
    stack = await startStack({
      config,
      fault: port.fault,
      personalize: {
        quotas: { concurrentImports: 1, concurrentTrainings: 1 },
        durations: {
          "datasetImportJob.create": { pendingMs: 1000, workingMs: 300_000 },
          "solutionVersion.create": { pendingMs: 1000, workingMs: 300_000 },
        },
      },
    });

    await stack.drop(firstDrop);
    await stack.rest();

    const records = await stack.records("club");
    expect(records.map(({ outcome, failure }) => ({ outcome, failure }))).toEqual([
      { outcome: "PROMOTE", failure: null },
    ]);
    expect(port.inputs("CreateDatasetImportJob").length).toBeGreaterThan(2);
    expect(port.inputs("CreateSolutionVersion").length).toBeGreaterThan(2);
    expect(await inventory(stack)).toEqual(afterFirstRun);
  });
});
