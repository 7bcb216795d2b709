/** judge-the-candidate and write-the-record over two runs, as the machine calls them: what the first leaves, the second reads. */
import { plainOptions } from "../../pipeline/planning/run-options.ts";
import { describe, expect, it } from "@jest/globals";
import { makeHandler as makeJudge } from "../../lambdas/judge-the-candidate/handler.ts";
import { makeHandler as makeRecord } from "../../lambdas/write-the-record/handler.ts";
import { championKey, judgedKey, recordKey, runPageKey } from "../../pipeline/naming/bucket-layout.ts";
import type { ImportJob } from "../../pipeline/planning/imports.ts";
import type { Run } from "../../pipeline/planning/run.ts";
import { RunRecord } from "../../pipeline/records/run-record.ts";
import { memoryBucket } from "../support/memory-bucket.ts";
import { silentLedger } from "../support/silent-ledger.ts";
import { aRun, executionArn, sha256 } from "../support/run-fixtures.ts";

const primary = "normalized_discounted_cumulative_gain_at_25";
const trainedAt = "2026-11-24T03:30:00.000Z";
const sample = { interactions: 100_000, users: 2_000, usersWithTwo: 2_000 };

const job = (name: string, finishedAt: string, mode = "FULL"): ImportJob => ({
  arn: `job/${name}`,
  name,
  status: "ACTIVE",
  mode,
  createdAt: Date.parse(finishedAt) - 1,
  finishedAt: Date.parse(finishedAt),
});

function world(jobs: readonly ImportJob[] = [job("first", "2026-11-24T03:10:00.000Z")]) {
  const bucket = memoryBucket();
  const judge = makeJudge({ bucket, digest: sha256, listImportJobs: async () => [...jobs] });
  const record = makeRecord({
    ...{ bucket, group: "shop", digest: sha256, ledger: silentLedger },
    place: { busName: "outrank", bucket: "data" },
  });
  return { bucket, judge, record };
}

interface Trained {
  readonly id: string;
  readonly ndcg: number;
  readonly status?: string;
  readonly at?: string;
}

const version = (key: string, { id, ndcg, status = "ACTIVE", at = trainedAt }: Trained) => ({
  key,
  solutionVersionArn: `arn:aws:personalize:us-east-1:000000000000:solution/${key}/${id}`,
  recipe: "any",
  status,
  failureReason: status === "ACTIVE" ? null : "no luck",
  trainedAt: at,
  metrics: status === "ACTIVE" ? { [primary]: ndcg, coverage: 0.2, precision_at_25: 0.05 } : {},
});

function judgeInput(run: Run, candidate: Trained, baseline: Trained, live: string | null) {
  const contest = run.contests[0]!;
  return {
    run,
    contest,
    campaign: live === null ? null : { solutionVersionArn: live, status: "ACTIVE" },
    versions: [version(contest.candidateKey, candidate), version(contest.baselineKey, baseline)],
    samples: { "for-you": sample },
    inputs: [{ type: "interactions" }],
    now: "2026-11-24T04:00:00.000Z",
  };
}

const execution = { arn: executionArn, startedAt: "2026-11-24T03:00:00.000Z" };

describe("judging and recording", () => {
  it("remembers a promoted version's lift, and holds the next candidate against it", async () => {
    const { bucket, judge, record } = world();
    const run = aRun();
    const decision = await judge(judgeInput(run, { id: "00000001", ndcg: 0.3 }, { id: "b1", ndcg: 0.2 }, null));
    const contests = [{ solution: "for-you", outcome: "PROMOTE", decision }];
    await record({ run, work: { contests, fingerprint: "f1" }, now: "2026-11-24T05:00:00.000Z", execution });

    const live = decision.candidate.solutionVersionArn;
    const next = await judge(judgeInput(aRun(), { id: "00000002", ndcg: 0.25 }, { id: "b2", ndcg: 0.2 }, live));

    expect(decision.nextStep).toBe("create");
    expect(bucket.json(championKey("shop", "for-you"))).toMatchObject({ solutionVersionArn: live, runId: run.id });
    expect(bucket.json(judgedKey("shop"))).toMatchObject({ fingerprint: "f1", runId: run.id });
    expect(next.incumbent?.known).toMatchObject({ runId: run.id, promotedAt: "2026-11-24T05:00:00.000Z" });
    expect([next.verdict.lift, next.verdict.incumbentLift]).toEqual([0.25, 0.5]);
    expect([next.verdict.reasonCodes, next.nextStep]).toEqual([["REGRESSION"], "keep"]);
  });

  it("writes the decision down before it answers (R1)", async () => {
    const { bucket, judge } = world();

    const decision = await judge(judgeInput(aRun(), { id: "00000001", ndcg: 0.3 }, { id: "b1", ndcg: 0.2 }, null));

    const solution = aRun().trainings[0]?.solutionName;
    expect(bucket.json(`outrank/shop/versions/${solution}/00000001.json`)).toEqual(
      JSON.parse(JSON.stringify(decision)),
    );
  });

  it("keeps when an import came between the two trainings (R2)", async () => {
    const jobs = [job("first", "2026-11-24T03:10:00.000Z"), job("between", "2026-11-24T03:20:00.000Z")];
    const { judge } = world(jobs);
    const early = { id: "b1", ndcg: 0.2, at: "2026-11-24T03:15:00.000Z" };

    const { verdict } = await judge(judgeInput(aRun(), { id: "00000001", ndcg: 0.3 }, early, null));

    expect([verdict.outcome, verdict.reasonCodes]).toEqual(["KEEP", ["FIRST_RUN", "BASELINE_STALE"]]);
  });

  it("counts what was added to the last full import, and nothing before it", async () => {
    const jobs = [
      job("old", "2026-11-24T01:00:00.000Z"),
      job("full", "2026-11-24T02:00:00.000Z"),
      job("added", "2026-11-24T03:00:00.000Z", "INCREMENTAL"),
      job("later", "2026-11-24T03:45:00.000Z"),
    ];
    const { judge } = world(jobs);

    const { candidate } = await judge(judgeInput(aRun(), { id: "1", ndcg: 0.3 }, { id: "b", ndcg: 0.2 }, null));

    expect([...new Set(candidate.importJobArns)]).toEqual(["job/added", "job/full"]);
  });

  it.each([
    {
      why: "the candidate did not train",
      given: { status: "CREATE FAILED" },
      run: aRun(),
      live: null,
      nextStep: "fail",
    },
    {
      why: "a dry run won",
      given: {},
      run: aRun({ options: { ...plainOptions, dryRun: true } }),
      live: null,
      nextStep: "keep",
    },
    { why: "there is a campaign", given: {}, run: aRun(), live: "arn:by-hand", nextStep: "update" },
  ])("answers $nextStep when $why", async ({ given, run, live, nextStep }) => {
    const { judge } = world();

    const decision = await judge(judgeInput(run, { id: "1", ndcg: 0.3, ...given }, { id: "b", ndcg: 0.2 }, live));

    expect(decision.nextStep).toBe(nextStep);
  });

  it("warns when the campaign serves what this pipeline did not promote", async () => {
    const { bucket, judge } = world();
    await bucket.write(championKey("shop", "for-you"), {
      solutionVersionArn: "arn:ours",
      runId: "r",
      since: trainedAt,
      previousSolutionVersionArn: null,
    });

    const { verdict } = await judge(judgeInput(aRun(), { id: "1", ndcg: 0.3 }, { id: "b", ndcg: 0.2 }, "arn:by-hand"));

    expect(verdict.warnings).toContain("the campaign serves arn:by-hand, but this pipeline last promoted arn:ours");
  });

  it("frees the service's reason from a Lambda's wrapping, and moves no pointer for a failed run (R6)", async () => {
    const { bucket, record } = world();
    const run = aRun();
    const Cause = JSON.stringify({ errorType: "DataRefused", errorMessage: "no rows", trace: ["..."] });

    const report = await record({ run, work: { trouble: { Error: "DataRefused", Cause } }, now: trainedAt, execution });

    expect(report.failure).toEqual({ error: "DataRefused", reason: "no rows" });
    expect(report.subject).toBe("Outrank shop: the run failed: no rows");
    expect(report.metricData.find((datum) => datum.MetricName === "RunFailed")?.Value).toBe(1);
    expect(RunRecord.parse(bucket.json(recordKey("shop", run.id))).outcome).toBe("FAILED");
    expect(bucket.keys("outrank/shop/judged")).toEqual([]);
  });

  it("records a run that could not be planned under the id it would have had", async () => {
    const { bucket, record } = world();

    const { output } = await record({
      run: null,
      work: { trouble: { Error: "InputRefused", Cause: "?" } },
      now: trainedAt,
      execution,
    });

    expect(output.runId).toBe(aRun().id);
    expect(bucket.keys("outrank/shop/runs/")).toEqual([runPageKey("shop", aRun().id), recordKey("shop", aRun().id)]);
  });

  it("lets a dry run leave no trace that a later run counts by", async () => {
    const { bucket, judge, record } = world();
    const run = aRun({ options: { ...plainOptions, dryRun: true } });
    const decision = await judge(judgeInput(run, { id: "1", ndcg: 0.3 }, { id: "b", ndcg: 0.2 }, null));

    const contests = [{ solution: "for-you", outcome: "KEEP", decision }];
    const report = await record({ run, work: { contests, fingerprint: "f" }, now: trainedAt, execution });

    expect(bucket.keys("outrank/shop/judged")).toEqual([]);
    expect(report.message).toContain("Dry run: nothing was changed. No campaign serves yet.");
  });
});
