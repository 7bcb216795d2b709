/** Before any comparison: is there a candidate, are there enough people behind its numbers, and are they believable? */
import type { Evidence, RuleResult } from "./evidence.ts";
import { check, estimatedTestUsers, metric, skipped } from "./rule.ts";

/** Force does not skip this one. */
export function candidateReady({ candidate, policy }: Evidence): RuleResult[] {
  const primary = metric(candidate.metrics, policy.primaryMetric);
  const ready = candidate.status === "ACTIVE" && candidate.solutionVersionArn !== null;
  return [
    check(ready, "METRIC_MISSING", {
      name: "candidate is ready",
      observed: candidate.status,
      required: "ACTIVE",
      reason: ready ? "the candidate finished training" : (candidate.failureReason ?? "the candidate is not ACTIVE"),
    }),
    check(Number.isFinite(primary), "METRIC_MISSING", {
      name: "candidate has the primary metric",
      observed: Number.isFinite(primary) ? primary : null,
      required: policy.primaryMetric,
      reason: Number.isFinite(primary) ? "reported by the service" : "the service reported no such number",
    }),
  ];
}

export function sampleIsLargeEnough({ sample, policy, incumbent }: Evidence): RuleResult[] {
  const { interactions, usersWithTwo, testUsers } = policy.minSample;
  const estimate = estimatedTestUsers(sample.usersWithTwo);
  const atLeast = (name: string, observed: number, minimum: number): RuleResult =>
    check(observed >= minimum, "SAMPLE_TOO_SMALL", {
      name,
      observed,
      required: `>= ${minimum}`,
      reason: observed >= minimum ? "enough" : `${minimum - observed} short`,
    });
  const enoughTestUsers = atLeast("estimated test users", estimate, testUsers);
  return [
    atLeast("interactions", sample.interactions, interactions),
    atLeast("users with two interactions", sample.usersWithTwo, usersWithTwo),
    incumbent === null && policy.firstRun === "always"
      ? skipped({ ...enoughTestUsers, reason: 'first run, and the policy is firstRun: "always"' })
      : enoughTestUsers,
  ];
}

export function scoreIsPlausible({ candidate, policy }: Evidence): RuleResult[] {
  const primary = metric(candidate.metrics, policy.primaryMetric);
  return [
    check(primary <= policy.sanity.maxMetric, "IMPLAUSIBLE", {
      name: "score is plausible",
      observed: primary,
      required: `<= ${policy.sanity.maxMetric}`,
      reason:
        primary <= policy.sanity.maxMetric ? "no sign of leakage" : "missing, or too good to be true: look for leakage",
    }),
  ];
}
