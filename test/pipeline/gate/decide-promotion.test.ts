import { describe, expect, it } from "@jest/globals";
import { profiles, type DecisionPolicy } from "../../../pipeline/config/decision-policy.ts";
import { decidePromotion } from "../../../pipeline/gate/decide-promotion.ts";
import type { Evidence, Incumbent, ReasonCode } from "../../../pipeline/gate/evidence.ts";
import { aVersion, evidence } from "../../support/run-fixtures.ts";

const name = "normalized_discounted_cumulative_gain_at_25";
const { default: standard, demo, strict } = profiles;
const metrics = (ndcg: number, coverage = 0.2) => ({ [name]: ndcg, coverage, precision_at_25: 0.05 });

/** A live version whose record says 0.24 over a baseline of 0.20: lift 0.2. */
const live = (more: Partial<NonNullable<Incumbent["known"]>> = {}): Incumbent => ({
  solutionVersionArn: "arn:aws:personalize:us-east-1:000000000000:solution/live/11111111",
  known: {
    runId: "r",
    metrics: metrics(0.24),
    baselineMetrics: metrics(0.2),
    promotedAt: "2026-11-23T16:00:00.000Z",
    ...more,
  },
});
const stranger: Incumbent = { ...live(), known: null };

interface Case {
  readonly why: string;
  readonly given: Partial<Evidence>;
  readonly outcome: "PROMOTE" | "KEEP";
  readonly codes: readonly ReasonCode[];
}

const candidate = (ndcg: number) => ({ candidate: aVersion("candidate", ndcg) });
const baseline = (ndcg: number) => ({ baseline: aVersion("baseline", ndcg) });
const policy = (changes: Partial<DecisionPolicy>, from = standard) => ({ policy: { ...from, ...changes } });

const cases: readonly Case[] = [
  { why: "a clear win on the first run", given: {}, outcome: "PROMOTE", codes: ["FIRST_RUN", "BEAT_BASELINE"] },
  {
    why: "exactly ten percent is enough",
    given: { ...candidate(0.55), ...baseline(0.5) },
    outcome: "PROMOTE",
    codes: ["FIRST_RUN", "BEAT_BASELINE"],
  },
  {
    why: "nine percent is not",
    given: { ...candidate(0.545), ...baseline(0.5) },
    outcome: "KEEP",
    codes: ["FIRST_RUN", "BASELINE_NOT_BEATEN"],
  },
  {
    why: "a relative win near zero means nothing",
    given: { ...candidate(0.004), ...baseline(0.001) },
    outcome: "KEEP",
    codes: ["FIRST_RUN", "BASELINE_NOT_BEATEN"],
  },
  {
    why: "worse than popular items",
    given: candidate(0.1),
    outcome: "KEEP",
    codes: ["FIRST_RUN", "BASELINE_NOT_BEATEN"],
  },
  {
    why: "a tie keeps, even when the margins are zero",
    given: { ...candidate(0.2), policy: demo },
    outcome: "KEEP",
    codes: ["FIRST_RUN", "BASELINE_NOT_BEATEN"],
  },
  {
    why: "zero against zero is a tie",
    given: { ...candidate(0), ...baseline(0), policy: demo },
    outcome: "KEEP",
    codes: ["FIRST_RUN", "BASELINE_NOT_BEATEN"],
  },
  {
    why: "a baseline of zero leaves the absolute margin",
    given: { ...candidate(0.006), ...baseline(0) },
    outcome: "PROMOTE",
    codes: ["FIRST_RUN", "BEAT_BASELINE"],
  },
  {
    why: "and that margin must be met",
    given: { ...candidate(0.004), ...baseline(0) },
    outcome: "KEEP",
    codes: ["FIRST_RUN", "BASELINE_NOT_BEATEN"],
  },
  {
    why: "NaN is no number",
    given: candidate(Number.NaN),
    outcome: "KEEP",
    codes: ["FIRST_RUN", "METRIC_MISSING", "IMPLAUSIBLE", "BASELINE_NOT_BEATEN"],
  },
  {
    why: "infinity is no number",
    given: candidate(Infinity),
    outcome: "KEEP",
    codes: ["FIRST_RUN", "METRIC_MISSING", "IMPLAUSIBLE", "BASELINE_NOT_BEATEN"],
  },
  {
    why: "a candidate without metrics",
    given: { candidate: aVersion("c", 0, { metrics: {} }) },
    outcome: "KEEP",
    codes: ["FIRST_RUN", "METRIC_MISSING", "IMPLAUSIBLE", "BASELINE_NOT_BEATEN", "GUARDRAIL"],
  },
  {
    why: "a candidate that failed to train",
    given: { candidate: aVersion("c", 0.3, { status: "CREATE FAILED" }) },
    outcome: "KEEP",
    codes: ["FIRST_RUN", "METRIC_MISSING"],
  },
  {
    why: "a baseline that failed to train",
    given: { baseline: aVersion("b", 0.2, { status: "CREATE FAILED", metrics: {} }) },
    outcome: "KEEP",
    codes: ["FIRST_RUN", "BASELINE_STALE", "METRIC_MISSING", "BASELINE_NOT_BEATEN"],
  },
  {
    why: "a baseline of other imports (R2)",
    given: { baseline: aVersion("b", 0.2, { importJobArns: ["job/older"] }) },
    outcome: "KEEP",
    codes: ["FIRST_RUN", "BASELINE_STALE"],
  },
  {
    why: "imports that nobody knows are not the same imports",
    given: {
      candidate: aVersion("c", 0.3, { importJobArns: [] }),
      baseline: aVersion("b", 0.2, { importJobArns: [] }),
    },
    outcome: "KEEP",
    codes: ["FIRST_RUN", "BASELINE_STALE"],
  },
  {
    why: "99 test users are too few",
    given: { sample: { interactions: 5000, users: 999, usersWithTwo: 999 } },
    outcome: "KEEP",
    codes: ["FIRST_RUN", "SAMPLE_TOO_SMALL"],
  },
  {
    why: "100 are enough",
    given: { sample: { interactions: 5000, users: 1000, usersWithTwo: 1000 } },
    outcome: "PROMOTE",
    codes: ["FIRST_RUN", "BEAT_BASELINE"],
  },
  {
    why: "demo is content with 61 (MovieLens-small)",
    given: { policy: demo, sample: { interactions: 100_836, users: 610, usersWithTwo: 610 } },
    outcome: "PROMOTE",
    codes: ["FIRST_RUN", "BEAT_BASELINE"],
  },
  { why: "0.96 is too good to be true", given: candidate(0.96), outcome: "KEEP", codes: ["FIRST_RUN", "IMPLAUSIBLE"] },
  {
    why: "coverage under one percent",
    given: { candidate: aVersion("c", 0.3, { metrics: metrics(0.3, 0.009) }) },
    outcome: "KEEP",
    codes: ["FIRST_RUN", "GUARDRAIL"],
  },
  {
    why: "no hit at all in 25",
    given: { candidate: aVersion("c", 0.3, { metrics: { ...metrics(0.3), precision_at_25: 0 } }) },
    outcome: "KEEP",
    codes: ["FIRST_RUN", "GUARDRAIL"],
  },
  {
    why: "coverage 31 percent below the live version's",
    given: { incumbent: live(), candidate: aVersion("c", 0.3, { metrics: metrics(0.3, 0.138) }) },
    outcome: "KEEP",
    codes: ["GUARDRAIL"],
  },
  {
    why: "coverage 30 percent below is allowed",
    given: {
      incumbent: live({ metrics: metrics(0.24, 0.5) }),
      candidate: aVersion("c", 0.3, { metrics: metrics(0.3, 0.35) }),
    },
    outcome: "PROMOTE",
    codes: ["BEAT_BASELINE"],
  },
  {
    why: "lift 0.5 against a live lift of 0.2",
    given: { incumbent: live() },
    outcome: "PROMOTE",
    codes: ["BEAT_BASELINE"],
  },
  {
    why: "a lower raw number with a higher lift wins: other data",
    given: { incumbent: live({ metrics: metrics(0.72), baselineMetrics: metrics(0.6) }) },
    outcome: "PROMOTE",
    codes: ["BEAT_BASELINE"],
  },
  {
    why: "lift 0.19 may stand against 0.2",
    given: { incumbent: live(), ...candidate(0.2385) },
    outcome: "PROMOTE",
    codes: ["BEAT_BASELINE"],
  },
  {
    why: "lift 0.18 may not",
    given: { incumbent: live(), ...candidate(0.236) },
    outcome: "KEEP",
    codes: ["REGRESSION"],
  },
  {
    why: "the live version wins ties",
    given: { incumbent: live(), ...candidate(0.24) },
    outcome: "KEEP",
    codes: ["REGRESSION"],
  },
  {
    why: "a live version below its baseline is easy to follow",
    given: { incumbent: live({ metrics: metrics(0.1) }) },
    outcome: "PROMOTE",
    codes: ["BEAT_BASELINE"],
  },
  {
    why: "a record without the metric rejects",
    given: { incumbent: live({ metrics: { coverage: 0.2 } }) },
    outcome: "KEEP",
    codes: ["REGRESSION"],
  },
  {
    why: "a live baseline of 0 is compared absolutely: 0.1 against 0.24",
    given: { incumbent: live({ baselineMetrics: metrics(0) }) },
    outcome: "KEEP",
    codes: ["REGRESSION"],
  },
  {
    why: "an unknown live version is skipped by default",
    given: { incumbent: stranger },
    outcome: "PROMOTE",
    codes: ["BEAT_BASELINE"],
  },
  {
    why: "and rejected under strict",
    given: { incumbent: stranger, policy: strict },
    outcome: "KEEP",
    codes: ["REGRESSION"],
  },
  {
    why: "raw mode compares the numbers: 0.3 against 0.72",
    given: {
      incumbent: live({ metrics: metrics(0.72), baselineMetrics: metrics(0.6) }),
      ...policy({ incumbent: { ...standard.incumbent, mode: "raw" } }),
    },
    outcome: "KEEP",
    codes: ["REGRESSION"],
  },
  {
    why: "off means off",
    given: {
      incumbent: live({ metrics: metrics(0.94) }),
      ...policy({ incumbent: { ...standard.incumbent, mode: "off" } }),
    },
    outcome: "PROMOTE",
    codes: ["BEAT_BASELINE"],
  },
  {
    why: "12 hours after a promotion, cooldown 24",
    given: { incumbent: live(), ...policy({ cooldownHours: 24 }) },
    outcome: "KEEP",
    codes: ["COOLDOWN"],
  },
  {
    why: "12 hours after a promotion, cooldown 12",
    given: { incumbent: live(), ...policy({ cooldownHours: 12 }) },
    outcome: "PROMOTE",
    codes: ["BEAT_BASELINE"],
  },
  // m = 0.2, n = 200: standard error sqrt(0.16 / 200) = 0.0283.
  {
    why: "strict wants more than one standard error: 0.025 is less",
    given: { policy: strict, ...candidate(0.225) },
    outcome: "KEEP",
    codes: ["FIRST_RUN", "BASELINE_NOT_BEATEN"],
  },
  {
    why: "0.03 is more",
    given: { policy: strict, ...candidate(0.23) },
    outcome: "PROMOTE",
    codes: ["FIRST_RUN", "BEAT_BASELINE"],
  },
  {
    why: "firstRun always goes live without beating anything",
    given: { ...candidate(0.1), ...policy({ firstRun: "always" }) },
    outcome: "PROMOTE",
    codes: ["FIRST_RUN", "BEAT_BASELINE"],
  },
  {
    why: "but not a second time",
    given: { ...candidate(0.1), incumbent: stranger, ...policy({ firstRun: "always" }) },
    outcome: "KEEP",
    codes: ["BASELINE_NOT_BEATEN"],
  },
  {
    why: "a person may insist",
    given: { ...candidate(0.1), force: { reason: "launch day", actor: "ada" } },
    outcome: "PROMOTE",
    codes: ["FORCED", "FIRST_RUN", "BASELINE_NOT_BEATEN"],
  },
  {
    why: "but not on a candidate that is not there",
    given: {
      candidate: aVersion("c", 0.3, { status: "CREATE FAILED" }),
      force: { reason: "launch day", actor: "ada" },
    },
    outcome: "KEEP",
    codes: ["FIRST_RUN", "METRIC_MISSING"],
  },
  {
    why: "force is not needed by a winner",
    given: { force: { reason: "launch day", actor: "ada" } },
    outcome: "PROMOTE",
    codes: ["FIRST_RUN", "BEAT_BASELINE"],
  },
];

describe("decidePromotion", () => {
  it.each(cases)("$outcome: $why", ({ given, outcome, codes }) => {
    const verdict = decidePromotion(evidence(given));

    expect({ outcome: verdict.outcome, codes: verdict.reasonCodes }).toEqual({ outcome, codes });
  });

  it("writes a line for every rule, also after one that failed", () => {
    const won = decidePromotion(evidence({ incumbent: live() })).rules.map((rule) => rule.name);
    const lost = decidePromotion(
      evidence({ incumbent: live(), candidate: aVersion("c", 0, { metrics: {}, status: "CREATE FAILED" }) }),
    );

    expect(lost.rules.map((rule) => rule.name)).toEqual(won);
    expect(won).toHaveLength(18);
  });

  it("says what was observed and required, in numbers a person can check", () => {
    const rules = decidePromotion(evidence(candidate(0.21))).rules;

    expect(rules.find((rule) => rule.name === "relative lift over the baseline")).toEqual({
      name: "relative lift over the baseline",
      observed: 0.05,
      required: ">= 0.1",
      passed: false,
      skipped: false,
      reason: "0.21 is below 0.22",
      code: "BASELINE_NOT_BEATEN",
    });
  });

  it("puts the baseline on air on a lost first run only when the policy says so", () => {
    const lost = { ...candidate(0.1), ...policy({ firstRunFallback: "popularity" as const }) };

    const first = decidePromotion(evidence(lost));
    const later = decidePromotion(evidence({ ...lost, incumbent: live() }));

    expect(first.promotes).toEqual({ role: "baseline", solutionVersionArn: evidence().baseline.solutionVersionArn });
    expect(later.promotes).toBeNull();
  });

  it("records both lifts", () => {
    const verdict = decidePromotion(evidence({ incumbent: live() }));

    expect([verdict.lift, verdict.incumbentLift]).toEqual([0.5, 0.2]);
  });

  it("warns when the difference could be chance, even where the policy does not ask", () => {
    expect(decidePromotion(evidence(candidate(0.225))).warnings).toEqual([
      "the difference is within 1 standard errors of 200 users",
    ]);
  });
});
