/** What write-the-record adds about money: the run's cost with the service's own hours, and advice. */
import { describe, expect, it } from "@jest/globals";
import { makeHandler } from "../../lambdas/write-the-record/handler.ts";
import type { Ledger } from "../../lambdas/write-the-record/spending.ts";
import { recordKey } from "../../pipeline/naming/bucket-layout.ts";
import { RunRecord } from "../../pipeline/records/run-record.ts";
import { decidePromotion } from "../../pipeline/gate/decide-promotion.ts";
import { memoryBucket } from "../support/memory-bucket.ts";
import { aRun, aVersion, configInput, evidence, executionArn, sha256 } from "../support/run-fixtures.ts";
import { silentLedger } from "../support/silent-ledger.ts";

const now = "2026-11-24T05:00:00.000Z";
const run = aRun();
const shown = evidence({ candidate: aVersion("candidate", 0.3, { recipe: "aws-hrnn" }) });
const decision = {
  ...{ schemaVersion: 1, runId: run.id, group: "shop", solution: "for-you", ...shown, decidedAt: now },
  ...{ policy: { hash: "0", values: shown.policy }, direction: "higher is better", verdict: decidePromotion(shown) },
  ...{ override: null, dryRun: false, nextStep: "create", afterApproval: "create" },
  ...{ campaignArn: "arn", previousSolutionVersionArn: null },
};
const file = (type: string, rows: number, sizeBytes: number) => ({
  input: {
    ...{ type, fingerprint: "f" },
    files: [{ key: `shop/${type}/a.csv`, etag: "e", versionId: null, sizeBytes, lastModified: now }],
  },
  report: { files: [{ key: `shop/${type}/a.csv`, rows }] },
});
const files = [file("interactions", 1_000_000, 2 ** 30), file("items", 10, 2 ** 20)];
const work = {
  inputs: files.map(({ input }) => input),
  imports: [{ type: "interactions", jobArn: "job/1" }],
  contests: [{ solution: "for-you", outcome: "PROMOTE", decision }],
  quality: ["interactions", "items"].map((type) => ({ type, ruleset: type, rules: 3, broken: [] })),
};

async function told(ledger: Partial<Ledger>, changes: object = {}, ofRun = run) {
  const bucket = memoryBucket();
  const place = { busName: "outrank", bucket: "data" };
  const handler = makeHandler({ bucket, group: "shop", digest: sha256, ledger: { ...silentLedger, ...ledger }, place });
  const execution = { arn: executionArn, startedAt: run.startedAt };
  const report = await handler({ run: ofRun, work: { ...work, ...changes }, now, execution });
  return { report, record: RunRecord.parse(bucket.json(recordKey("shop", run.id))) };
}

describe("the cost in a run's record and notice", () => {
  it("has the hours that the service bills, and what was imported", async () => {
    const { report, record } = await told({ trainingHours: async (arn) => (arn.includes("candidate") ? 10 : 1) });
    const lines = Object.fromEntries(record.cost!.lines.map(({ what, quantity }) => [what, quantity]));

    expect(lines).toMatchObject({
      "data import": 1, // the interactions; the items were held already
      "training of for-you (aws-hrnn)": 10,
      "training of baseline (aws-popularity-count)": 1,
    });
    expect(record.inputs.map(({ sizeBytes }) => sizeBytes)).toEqual([2 ** 30, 2 ** 20]);
    // 0.05 + 10 x 0.24 + 0.24 + 2 datasets' quality 0.3667 + steps and calls 0.0053
    expect(report.message).toContain("\nThis run cost about 3.06 USD (list prices of 2026-11-24): data import 0.05, ");
    expect(report.message).toContain(
      "training of for-you (aws-hrnn) 2.40, training of baseline (aws-popularity-count) 0.24",
    );
  });

  it("names trainings that the service says nothing of", async () => {
    const trainingHours = () => Promise.reject(new Error("no"));
    const { record } = await told({ trainingHours });

    expect(record.cost?.notCounted).toEqual([
      "training of for-you (aws-hrnn): its billed hours are not known",
      "training of baseline (aws-popularity-count): its billed hours are not known",
    ]);
  });

  it("is next to nothing when nothing was imported or trained", async () => {
    const { report, record } = await told({}, { isUnchanged: true, imports: null, contests: null, quality: null });

    expect(record.cost?.usd).toBeLessThan(0.01);
    expect(report.message).toContain("This run cost less than 0.01 USD (list prices of 2026-11-24)\n");
  });

  it("leaves out a version that was trained, and paid for, before this run", async () => {
    const candidate = { ...decision.candidate, trainedAt: "2026-11-17T03:30:00.000Z" };
    const recalled = { ...decision, candidate };
    const { record } = await told({}, { contests: [{ solution: "for-you", outcome: "PROMOTE", decision: recalled }] });

    expect(JSON.stringify(record.cost)).not.toContain("training of for-you");
    expect(record.cost?.notCounted).toEqual([
      "training of baseline (aws-popularity-count): its billed hours are not known",
    ]);
  });

  it("says so when trainings may have begun of which the failed run tells nothing", async () => {
    const { record } = await told({}, { contests: null, trouble: { Error: "TrainingFailed", Cause: "out of luck" } });

    expect(record.outcome).toBe("FAILED");
    expect(record.cost?.notCounted).toEqual(["trainings that were begun before the run failed"]);
  });
});

describe("the advice in a run's record and notice", () => {
  const campaign = async () => ({ minProvisionedTPS: 1, createdAt: "2026-01-01T00:00:00.000Z" });

  it("tells of an idle campaign, asked about for the configured days", async () => {
    const asked: number[][] = [];
    const requests = async (_: string, from: number, to: number) => {
      asked.push([from, to]);
      return [];
    };
    const { report, record } = await told({ campaign, requests });

    expect(asked).toEqual([[Date.parse("2026-11-10T05:00:00.000Z"), Date.parse(now)]]);
    expect(record.advice).toEqual([expect.stringMatching(/^campaign outrank-shop-for-you had 0 requests in 14 days/)]);
    expect(report.message).toContain("\nAdvice:\n  campaign outrank-shop-for-you had 0 requests");
  });

  it("is silent about a campaign that is not there", async () => {
    expect((await told({})).record.advice).toEqual([]);
  });

  it("is not given where it is switched off, and then nobody is asked", async () => {
    const config = configInput();
    const off = aRun({}, { datasetGroups: [{ ...config.datasetGroups[0]!, advice: { enabled: false } }] });
    const nobody = () => Promise.reject(new Error("asked"));
    const { record } = await told({ campaign: nobody, requests: nobody }, {}, off);

    expect(record.advice).toEqual([]);
  });

  it("that cannot be given is said, and fails nothing", async () => {
    const requests = () => Promise.reject(Object.assign(new Error("not today"), { name: "AccessDenied" }));
    const { report, record } = await told({ campaign, requests });

    expect(report.failure).toBeNull();
    expect(record.advice).toEqual([
      "no advice on campaign outrank-shop-for-you, for its use could not be read: AccessDenied: not today",
    ]);
  });
});
