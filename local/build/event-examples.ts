/** One example of each event, as docs/events.md shows it. Typed by the events' own schemas, and read by them in a test. */
import type { ModelKept } from "../../pipeline/events/model-kept.ts";
import type { ModelPromoted } from "../../pipeline/events/model-promoted.ts";
import type { RunFailed } from "../../pipeline/events/run-failed.ts";
import type { RunFinished } from "../../pipeline/events/run-finished.ts";
import type { StageFinished } from "../../pipeline/events/stage-finished.ts";

const account = "us-east-1:123456789012";
const solution = `arn:aws:personalize:${account}:solution/outrank-shop-for-you-0a1b2c`;
const runId = "20261124T030000-1a2b3c4d";

const origin = {
  schemaVersion: 1,
  group: "shop",
  runId,
  executionArn: `arn:aws:states:${account}:execution:outrank-shop:weekly`,
  record: { bucket: "outrank-databucket", key: `outrank/shop/runs/${runId}.json` },
  dryRun: false,
} as const;

const nDCG = "normalized_discounted_cumulative_gain_at_25";

const contest = {
  solution: "for-you",
  campaignArn: `arn:aws:personalize:${account}:campaign/outrank-shop-for-you`,
  primaryMetric: nDCG,
  incumbentLift: 0.42,
  baseline: {
    solutionVersionArn: `arn:aws:personalize:${account}:solution/outrank-shop-baseline-3d4e5f/5a5a5a5a`,
    recipe: "aws-popularity-count",
    metrics: { coverage: 0.01, [nDCG]: 0.1 },
  },
  incumbent: { solutionVersionArn: `${solution}/1f1f1f1f`, metrics: { coverage: 0.3, [nDCG]: 0.142 } },
};

const candidate = { solutionVersionArn: `${solution}/9f8e7d6c`, recipe: "aws-user-personalization-v2" };

export const modelPromoted: ModelPromoted = {
  ...origin,
  ...contest,
  reasonCodes: ["BEAT_BASELINE"],
  lift: 0.55,
  candidate: { ...candidate, metrics: { coverage: 0.35, [nDCG]: 0.155 } },
  newSolutionVersionArn: candidate.solutionVersionArn,
  oldSolutionVersionArn: contest.incumbent.solutionVersionArn,
  role: "candidate",
  promotedAt: "2026-11-24T05:12:40.000Z",
};

export const modelKept: ModelKept = {
  ...origin,
  ...contest,
  reasonCodes: ["REGRESSION"],
  lift: 0.2,
  candidate: { ...candidate, metrics: { coverage: 0.35, [nDCG]: 0.12 } },
  liveSolutionVersionArn: contest.incumbent.solutionVersionArn,
  failedRules: [
    {
      name: "no regression against the live version",
      required: ">= 0.399 and not equal to 0.42 (lift)",
      reason: "the live version's lift was higher",
    },
  ],
  keptAt: "2026-11-24T05:12:40.000Z",
};

export const runFinished: RunFinished = {
  ...origin,
  outcome: "PROMOTE",
  reasonCodes: ["BEAT_BASELINE"],
  startedAt: "2026-11-24T03:00:00.000Z",
  finishedAt: "2026-11-24T05:12:40.000Z",
  contests: [{ solution: "for-you", outcome: "PROMOTE" }],
};

export const runFailed: RunFailed = {
  ...origin,
  failure: { error: "DataRefused", reason: "interactions.csv: the header has no TIMESTAMP" },
  startedAt: "2026-11-24T03:00:00.000Z",
  failedAt: "2026-11-24T03:03:10.000Z",
  contests: [],
};

export const stageFinished: StageFinished = {
  ...origin,
  stage: "CONTESTS_JUDGED",
  contests: [{ solution: "for-you", verdict: "PROMOTE", lift: 0.55, decidedAt: "2026-11-24T04:58:01.000Z" }],
};
