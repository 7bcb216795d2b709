import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { profiles } from "../../../pipeline/config/decision-policy.ts";
import { decidePromotion } from "../../../pipeline/gate/decide-promotion.ts";
import { type Evidence, Verdict } from "../../../pipeline/gate/evidence.ts";
import { aVersion, evidence } from "../../support/run-fixtures.ts";

const primary = "normalized_discounted_cumulative_gain_at_25";

/** Metrics as a service in trouble might give them: missing, NaN, infinite, negative, ordinary. */
const value = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double(), fc.constant(Number.NaN));
const metrics = fc.record({ [primary]: value, coverage: value, precision_at_25: value }, { requiredKeys: [] });
const status = fc.constantFrom("ACTIVE", "CREATE FAILED", "CREATE STOPPED", "CREATE IN_PROGRESS");
const imports = fc.constantFrom<string[][]>(["a"], ["a", "b"], []);
const version = fc
  .record({ metrics, status, importJobArns: imports })
  .map((parts) => aVersion("any", 0, { ...parts, metrics: parts.metrics }));
const incumbent = fc.option(
  fc.record({
    solutionVersionArn: fc.constant("arn:live"),
    known: fc.option(
      fc.record({ runId: fc.constant("r"), metrics, baselineMetrics: metrics, promotedAt: fc.constant(null) }),
    ),
  }),
);
const count = fc.nat(20_000);
const cases: fc.Arbitrary<Evidence> = fc
  .record({
    candidate: version,
    baseline: version,
    incumbent,
    sample: fc.record({ interactions: count, users: count, usersWithTwo: count }),
    policy: fc.constantFrom(profiles.default, profiles.strict, profiles.demo),
  })
  .map((parts) => evidence(parts as Partial<Evidence>));

/** Evidence that would win, so that a property about one flaw is not satisfied by another. */
const winner = evidence({ policy: profiles.demo });

describe("decidePromotion, whatever the evidence", () => {
  it("never promotes a candidate whose number is missing, NaN or not above the baseline's (R7)", () => {
    fc.assert(
      fc.property(cases, (given) => {
        if (decidePromotion(given).outcome === "KEEP") return;
        const [ours, theirs] = [given.candidate.metrics[primary], given.baseline.metrics[primary]];
        expect(Number.isFinite(ours) && Number.isFinite(theirs) && Number(ours) > Number(theirs)).toBe(true);
      }),
    );
  });

  it("never promotes versions of different imports (R2)", () => {
    fc.assert(
      fc.property(imports, imports, (ours, theirs) => {
        const candidate = { ...winner.candidate, importJobArns: ours };
        const { outcome } = decidePromotion({
          ...winner,
          candidate,
          baseline: { ...winner.baseline, importJobArns: theirs },
        });
        expect(outcome).toBe(ours.length > 0 && ours.join() === theirs.join() ? "PROMOTE" : "KEEP");
      }),
    );
  });

  it("keeps whenever a rule failed, and promotes only when all passed", () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { outcome, rules } = decidePromotion(given);
        expect(outcome).toBe(rules.every((rule) => rule.passed) ? "PROMOTE" : "KEEP");
      }),
    );
  });

  it("always gives a verdict that survives JSON", () => {
    fc.assert(
      fc.property(cases, (given) => {
        const verdict = decidePromotion(given);
        expect(Verdict.parse(JSON.parse(JSON.stringify(verdict)))).toEqual(verdict);
      }),
    );
  });

  it("never gets worse for the candidate when only its primary metric rises to a plausible value", () => {
    const unit = fc.double({ min: 0, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(unit, unit, unit, (a, b, baseline) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const at = (ndcg: number) =>
          decidePromotion({ ...winner, candidate: aVersion("c", ndcg), baseline: aVersion("b", baseline) }).outcome;
        expect(at(low) === "PROMOTE" && at(high) === "KEEP").toBe(false);
      }),
    );
  });
});
