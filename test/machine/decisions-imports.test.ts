/** A fair contest: both sides learn from the same imports (R2), from versions that are our own (R5). */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  CreateDatasetImportJobCommand,
  type CreateDatasetImportJobCommandInput,
  CreateSolutionVersionCommand,
  DescribeSolutionCommand,
  ListDatasetImportJobsCommand,
  ListSolutionsCommand,
  UpdateCampaignCommand,
  UpdateSolutionCommand,
} from "@aws-sdk/client-personalize";
import { AwsError } from "../../local/cloud/ports/aws-error.ts";
import { communitiesConfig, interactionsCsv, itemsCsv } from "../support/communities.ts";
import { changeMetrics, createFaultPort, type FaultPort } from "../support/fault-port.ts";
import { type Stack, startStack } from "../support/stack.ts";

const arn = (kind: string, name: string) => `arn:aws:personalize:us-east-1:000000000000:${kind}/${name}`;
const campaignArn = arn("campaign", "outrank-club-main");

let stack: Stack;
let port: FaultPort;
beforeEach(async () => {
  port = createFaultPort();
  const solution = { recipe: "aws-popularity-count", rollback: { smokeTest: { enabled: false } } };
  // Nothing here trains by itself but what a test wants to.
  stack = await startStack({ config: communitiesConfig({ solution }), fault: port.fault, personalize });
  changeMetrics(port, (name) => ({
    ...{ coverage: 0.5, precision_at_25: 0.04 },
    normalized_discounted_cumulative_gain_at_25: name === "baseline" ? 0.1 : 0.3,
  }));
});
afterEach(() => stack.close());

const personalize = { automaticTraining: false };

async function firstDrop() {
  await stack.drop({
    "club/interactions/interactions.csv": interactionsCsv({ users: 100 }),
    "club/items/items.csv": itemsCsv(),
  });
  await stack.rest();
  return lastRecord();
}

async function secondRun() {
  await stack.begin("club");
  await stack.rest();
  return lastRecord();
}

async function lastRecord() {
  const record = (await stack.records("club")).at(-1);
  if (!record) throw new Error("no run was recorded");
  return record;
}

async function solutionArn(): Promise<string> {
  const { solutions = [] } = await stack.personalize.send(new ListSolutionsCommand({}));
  return solutions.find(({ name }) => name?.startsWith("outrank-club-main"))?.solutionArn ?? "";
}

describe("candidate and baseline", () => {
  it("list the same import jobs, those of this very run (R2)", async () => {
    const record = await firstDrop();

    const decision = record.contests[0]?.decision;
    const { datasetImportJobs = [] } = await stack.personalize.send(new ListDatasetImportJobsCommand({}));
    const jobs = datasetImportJobs.map(({ datasetImportJobArn }) => datasetImportJobArn).sort();
    expect(jobs).toHaveLength(2);
    expect(decision?.candidate.importJobArns).toEqual(jobs);
    expect(decision?.baseline.importJobArns).toEqual(jobs);
    expect(record.inputs.map(({ importJobArn }) => importJobArn).sort()).toEqual(jobs);
  });

  it("with somebody's import between the starts of their trainings are not compared: nothing goes live (R2) (failure row 16)", async () => {
    let started = 0;
    port.on("CreateSolutionVersion", async (_, next) => {
      if (++started === 1) return next();
      if (started === 2) await importByHand();
      const { datasetImportJobs = [] } = await stack.personalize.send(new ListDatasetImportJobsCommand({}));
      if (datasetImportJobs.every(({ status }) => status === "ACTIVE")) return next();
      throw new AwsError("ThrottlingException", "Rate exceeded"); // the state tries again a little later
    });

    const record = await firstDrop();

    expect(record).toMatchObject({ outcome: "KEEP", failure: null });
    expect(record.reasonCodes).toContain("BASELINE_STALE");
    const rules = record.contests[0]?.decision?.verdict.rules.filter((rule) => !rule.passed);
    expect(rules).toMatchObject([
      { name: "candidate and baseline share their imports", reason: "trained on different data" },
    ]);
    expect(port.inputs("CreateCampaign")).toEqual([]);
  });

  async function importByHand(): Promise<void> {
    const own = port.inputs("CreateDatasetImportJob")[0] as unknown as CreateDatasetImportJobCommandInput;
    await stack.personalize.send(new CreateDatasetImportJobCommand({ ...own, jobName: "by-hand" }));
  }
});

describe("versions of our own (R5)", () => {
  it("come from solutions that do not train by themselves", async () => {
    await firstDrop();

    const created = port.inputs("CreateSolution");
    expect(created).toHaveLength(2);
    for (const input of created) expect(input).toMatchObject({ performAutoTraining: false });
  });

  it("are the ones that go live, however new somebody else's may be", async () => {
    await firstDrop();
    let foreign: string | undefined;
    port.once("GetSolutionMetrics", async (_, next) => {
      const request = { solutionArn: await solutionArn(), name: "by-hand" };
      foreign = (await stack.personalize.send(new CreateSolutionVersionCommand(request))).solutionVersionArn;
      return next();
    });

    const record = await secondRun();

    expect(foreign).toBeDefined();
    const used = [
      ...record.contests.map(({ decision }) => decision?.candidate.solutionVersionArn),
      ...port.inputs("GetSolutionMetrics", "UpdateCampaign").map(({ solutionVersionArn }) => solutionVersionArn),
    ];
    expect(used).not.toContain(foreign);
  });

  it("are kept so: automatic training that somebody switched on is switched off again, with a warning (failure row 18)", async () => {
    await firstDrop();
    const request = { solutionArn: await solutionArn(), performAutoTraining: true };
    await stack.personalize.send(new UpdateSolutionCommand(request));
    await stack.rest();

    const record = await secondRun();

    expect(record.failure).toBeNull();
    expect(record.warnings.join()).toContain("had automatic training switched on; switched off");
    const { solution } = await stack.personalize.send(new DescribeSolutionCommand(request));
    expect(solution?.performAutoTraining).toBe(false);
  });

  it.each([
    { why: "was told to follow the latest version", latest: false },
    { why: "was given $LATEST", latest: true },
  ])(
    "are not put on a campaign that $why: the run is refused before any training (failure row 19)",
    async ({ latest }) => {
      await firstDrop();
      const solutionVersionArn = latest ? `${await solutionArn()}/$LATEST` : undefined;
      const campaignConfig = { syncWithLatestSolutionVersion: true };
      await stack.personalize.send(new UpdateCampaignCommand({ campaignArn, solutionVersionArn, campaignConfig }));
      await stack.rest();
      const trained = port.inputs("CreateSolutionVersion").length;

      const record = await secondRun();

      expect(record).toMatchObject({ outcome: "FAILED", failure: { error: "ResourceRefused" } });
      expect(record.failure?.reason).toContain("goes around the gate");
      expect(port.inputs("CreateSolutionVersion")).toHaveLength(trained);
    },
  );

  it("are told from one that somebody put on the campaign by hand: the record warns and names it as the former", async () => {
    await firstDrop();
    const request = { solutionArn: await solutionArn(), name: "by-hand" };
    const { solutionVersionArn } = await stack.personalize.send(new CreateSolutionVersionCommand(request));
    await stack.rest();
    await stack.personalize.send(new UpdateCampaignCommand({ campaignArn, solutionVersionArn }));
    await stack.rest();

    const record = await secondRun();

    const decision = record.contests[0]?.decision;
    expect(decision?.incumbent).toEqual({ solutionVersionArn, known: null });
    expect(decision?.previousSolutionVersionArn).toBe(solutionVersionArn);
    expect(record.warnings.join("\n")).toContain("but this pipeline last promoted");
    expect(record.warnings.join("\n")).toContain("no decision record for the live version");
  });
});
