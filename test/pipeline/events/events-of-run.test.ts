/** What other systems are told of a run: every event in its documented form, and as PutEvents takes it. */
import { describe, expect, it } from "@jest/globals";
import { eventsOfRun } from "../../../pipeline/events/events-of-run.ts";
import { ModelKept } from "../../../pipeline/events/model-kept.ts";
import { ModelPromoted } from "../../../pipeline/events/model-promoted.ts";
import { RunFailed } from "../../../pipeline/events/run-failed.ts";
import { RunFinished } from "../../../pipeline/events/run-finished.ts";
import { StageFinished } from "../../../pipeline/events/stage-finished.ts";
import type { RunRecord } from "../../../pipeline/records/run-record.ts";
import { aContest, aDecision, aRecord, campaignArn, former } from "../../support/record-fixtures.ts";
import { executionArn } from "../../support/run-fixtures.ts";

const place = { busName: "outrank", bucket: "data", recordKey: "outrank/shop/runs/r.json" };
const schemas = { ModelKept, ModelPromoted, RunFailed, RunFinished, StageFinished } as const;

const told = (record: RunRecord) =>
  eventsOfRun(record, place).map(({ DetailType, Detail, ...entry }) => {
    const schema = schemas[DetailType as keyof typeof schemas];
    const detail: unknown = JSON.parse(Detail);
    // Nothing beside what is documented.
    expect(schema.parse(detail)).toEqual(detail);
    return { type: DetailType, detail: detail as Record<string, unknown>, ...entry };
  });

const types = (record: RunRecord): string[] =>
  told(record).map(({ type, detail }) => (type === "StageFinished" ? String(detail["stage"]) : type));

const stages = ["DATA_ACCEPTED", "DATA_IMPORTED", "VERSIONS_TRAINED", "CONTESTS_JUDGED"];
const kept = aContest({ outcome: "KEEP", update: null, smokeTest: null });
const failure = { error: "ImportFailed", reason: "line 3" };
const nothing = { contests: [], reasonCodes: [] };

interface Case {
  readonly why: string;
  readonly record: RunRecord;
  readonly types: readonly string[];
}

const cases: readonly Case[] = [
  { why: "it promoted", record: aRecord(), types: ["RunFinished", "ModelPromoted", ...stages] },
  {
    why: "it kept",
    record: aRecord({ outcome: "KEEP", contests: [kept] }),
    types: ["RunFinished", "ModelKept", ...stages],
  },
  {
    why: "there was nothing new",
    record: aRecord({ outcome: "UNCHANGED", inputs: [], ...nothing }),
    types: ["RunFinished"],
  },
  {
    why: "it imported only",
    record: aRecord({ outcome: "IMPORTED", ...nothing }),
    types: ["RunFinished", "DATA_ACCEPTED", "DATA_IMPORTED"],
  },
  {
    why: "the data were refused",
    record: aRecord({
      outcome: "FAILED",
      failure: { error: "DataRefused", reason: "no rows" },
      inputs: [],
      ...nothing,
    }),
    types: ["RunFailed"],
  },
  {
    why: "the rows were counted and Glue's rules were broken",
    record: aRecord({
      ...{ outcome: "FAILED", failure: { error: "DataQualityFailed", reason: "RowCount" }, ...nothing },
      inputs: aRecord().inputs.map((input) => ({ ...input, importJobArn: null })),
    }),
    types: ["RunFailed"],
  },
  {
    why: "one contest failed beside one that promoted",
    record: aRecord({
      ...{ outcome: "FAILED", failure },
      contests: [aContest(), aContest({ solution: "more", outcome: "FAILED", failure, decision: null })],
    }),
    types: ["RunFailed", "ModelPromoted", ...stages],
  },
];

describe("the events of a run", () => {
  it.each(cases)("are these when $why", ({ record, types: expected }) => {
    expect(types(record)).toEqual(expected);
  });

  it("name the versions, the campaign, the numbers and the record of a promotion: enough to begin an experiment", () => {
    const [, promoted] = told(aRecord());

    expect(promoted).toMatchObject({
      ...{ Source: "outrank", EventBusName: "outrank", Resources: [campaignArn, executionArn] },
      detail: {
        ...{ schemaVersion: 1, group: "shop", runId: "20261124T030000-1a2b3c4d", executionArn, dryRun: false },
        record: { bucket: "data", key: "outrank/shop/runs/r.json" },
        ...{ solution: "for-you", campaignArn, reasonCodes: ["BEAT_BASELINE"], role: "candidate" },
        newSolutionVersionArn: "arn:aws:personalize:us-east-1:000000000000:solution/candidate/0a1b2c3d",
        oldSolutionVersionArn: former,
        ...{ primaryMetric: "normalized_discounted_cumulative_gain_at_25", lift: 0.5, incumbentLift: 0.25 },
        candidate: { recipe: "aws-user-personalization-v2", metrics: { coverage: 0.2 } },
        baseline: { recipe: "aws-popularity-count", metrics: { coverage: 0.2 } },
        incumbent: { solutionVersionArn: former, metrics: { coverage: 0.2 } },
      },
    });
  });

  it("say which rules stood in the way of a candidate", () => {
    const decision = aDecision();
    const rules = decision.verdict.rules.map((rule, at) => (at === 3 ? { ...rule, passed: false } : rule));
    const contest = { ...kept, decision: { ...decision, verdict: { ...decision.verdict, rules } } };

    const [, event] = told(aRecord({ outcome: "KEEP", contests: [contest] }));

    expect(event?.detail).toMatchObject({
      liveSolutionVersionArn: former,
      failedRules: [{ name: rules[3]?.name, required: rules[3]?.required, reason: rules[3]?.reason }],
    });
  });

  it("are no more than PutEvents takes, and leave out stages before models", () => {
    const contests = Array.from({ length: 8 }, (_, at) => aContest({ solution: `s${at}` }));

    expect(types(aRecord({ contests }))).toEqual(["RunFinished", ...contests.map(() => "ModelPromoted"), stages[0]]);
  });

  it("are all of the one form that the machine builds when a run could not be recorded", () => {
    const built = {
      ...{ schemaVersion: 1, group: null, runId: null, executionArn, record: null, failure, dryRun: false },
      ...{ startedAt: "2026-11-24T03:00:00.000Z", failedAt: "2026-11-24T05:00:00.000Z", contests: [] },
    };

    expect(RunFailed.parse(built)).toEqual(built);
  });
});
