/** A decision, a contest and a run's record as they come out of a plain promotion, for tests that change one thing about them. */
import { decidePromotion } from "../../pipeline/gate/decide-promotion.ts";
import type { Decision } from "../../pipeline/records/decision.ts";
import type { ContestRecord, RunRecord } from "../../pipeline/records/run-record.ts";
import { plainOptions } from "../../pipeline/planning/run-options.ts";
import { aVersion, evidence, executionArn } from "./run-fixtures.ts";

export const former = "arn:aws:personalize:us-east-1:000000000000:solution/candidate/00000000";
export const campaignArn = "arn:aws:personalize:us-east-1:000000000000:campaign/outrank-shop-for-you";

/** The candidate (0.3) beats baseline (0.2) and former version (0.25, lift 0.25). */
export function aDecision(overrides: Partial<Decision> = {}): Decision {
  const incumbent = {
    solutionVersionArn: former,
    known: {
      runId: "20261117T030000-00000000",
      metrics: aVersion("candidate", 0.25).metrics,
      baselineMetrics: aVersion("baseline", 0.2).metrics,
      promotedAt: "2026-11-17T05:00:00.000Z",
    },
  };
  const given = evidence({ incumbent });
  return {
    schemaVersion: 1,
    runId: "20261124T030000-1a2b3c4d",
    group: "shop",
    solution: "for-you",
    decidedAt: given.decidedAt,
    candidate: given.candidate,
    baseline: given.baseline,
    incumbent,
    sample: given.sample,
    policy: { hash: "0123456789abcdef", values: given.policy },
    direction: "higher is better",
    verdict: decidePromotion(given),
    override: null,
    dryRun: false,
    nextStep: "update",
    afterApproval: "update",
    campaignArn,
    previousSolutionVersionArn: former,
    ...overrides,
  };
}

export const aContest = (overrides: Partial<ContestRecord> = {}): ContestRecord => ({
  solution: "for-you",
  outcome: "PROMOTE",
  reasonCodes: ["BEAT_BASELINE"],
  decision: aDecision(),
  approval: null,
  update: { requestedAt: "2026-11-24T04:01:00.000Z", status: "ACTIVE", failureReason: null },
  smokeTest: { passed: true, reason: "5 users got 25 items each" },
  rolledBack: false,
  isRollBack: false,
  failure: null,
  ...overrides,
});

export const aRecord = (overrides: Partial<RunRecord> = {}): RunRecord => ({
  schemaVersion: 1,
  runId: "20261124T030000-1a2b3c4d",
  executionArn,
  group: "shop",
  trigger: { type: "manual", id: null, objectKey: null, objectVersion: null, objectEtag: null, actor: null },
  options: plainOptions,
  startedAt: "2026-11-24T03:00:00.000Z",
  finishedAt: "2026-11-24T05:00:00.000Z",
  outcome: "PROMOTE",
  reasonCodes: ["BEAT_BASELINE"],
  inputs: [
    {
      dataset: "interactions",
      key: "shop/interactions/2026.csv",
      etag: "e",
      versionId: "v",
      rows: 100_000,
      sizeBytes: 4_000_000,
      importJobArn: "arn:aws:personalize:us-east-1:000000000000:dataset-import-job/one",
    },
  ],
  quality: [],
  warnings: [],
  contests: [aContest()],
  failure: null,
  stages: [],
  cost: null,
  advice: [],
  ...overrides,
});
