/**
 * The heart of the gate: on the same imports (R2), is the candidate better than showing everybody what is popular, by a
 * margin that matters? Absolute and relative margins go together, because a relative one means nothing near zero.
 */
import type { Evidence, RuleResult } from "./evidence.ts";
import { check, estimatedTestUsers, metric, relativeLift, round, skipped, standardError } from "./rule.ts";

function baselineReady({ baseline, policy }: Evidence): RuleResult[] {
  const primary = metric(baseline.metrics, policy.primaryMetric);
  const ready = baseline.status === "ACTIVE";
  return [
    check(ready, "BASELINE_STALE", {
      name: "baseline is ready",
      observed: baseline.status,
      required: "ACTIVE",
      reason: ready ? "trained in this run" : `no fresh baseline: ${baseline.failureReason ?? "not ACTIVE"}`,
    }),
    check(Number.isFinite(primary), "METRIC_MISSING", {
      name: "baseline has the primary metric",
      observed: Number.isFinite(primary) ? primary : null,
      required: policy.primaryMetric,
      reason: Number.isFinite(primary) ? "reported by the service" : "the service reported no such number",
    }),
  ];
}

function sharesImports({ candidate, baseline }: Evidence): RuleResult[] {
  const known = candidate.importJobArns.length > 0;
  const same = known && [...candidate.importJobArns].sort().join() === [...baseline.importJobArns].sort().join();
  return [
    check(same, "BASELINE_STALE", {
      name: "candidate and baseline share their imports",
      observed: `${candidate.importJobArns.length} and ${baseline.importJobArns.length} import jobs`,
      required: "the same import jobs",
      reason: same ? "trained on the same data" : known ? "trained on different data" : "the imports are not known",
    }),
  ];
}

/** Strictly better, whatever the margins: the incumbent wins ties (R7). */
function isStrictlyBetter(candidate: number, baseline: number): RuleResult[] {
  return [
    check(candidate > baseline, "BASELINE_NOT_BEATEN", {
      name: "better than the baseline",
      observed: candidate,
      required: `> ${baseline}`,
      reason: candidate > baseline ? "better" : candidate === baseline ? "equal, and a tie keeps" : "not better",
    }),
  ];
}

function relativeMargin(candidate: number, baseline: number, margin: number): RuleResult[] {
  const said = { name: "relative lift over the baseline", required: `>= ${margin}` };
  if (baseline === 0) {
    return [
      skipped({ ...said, observed: null, reason: "the baseline is 0: only the absolute margin can be asked for" }),
    ];
  }
  const observed = relativeLift(candidate, baseline);
  const holds = candidate >= baseline * (1 + margin);
  const reason = holds ? "the margin is met" : `${candidate} is below ${round(baseline * (1 + margin))}`;
  return [check(holds, "BASELINE_NOT_BEATEN", { ...said, observed, reason })];
}

function absoluteMargin(candidate: number, baseline: number, margin: number): RuleResult[] {
  const holds = candidate >= baseline + margin;
  return [
    check(holds, "BASELINE_NOT_BEATEN", {
      name: "absolute lift over the baseline",
      observed: candidate - baseline,
      required: `>= ${margin}`,
      reason: holds ? "the margin is met" : `${candidate} is below ${round(baseline + margin)}`,
    }),
  ];
}

function aboveNoise(candidate: number, baseline: number, { sample, policy }: Evidence): RuleResult[] {
  const error = policy.noise.k * standardError(baseline, estimatedTestUsers(sample.usersWithTwo));
  const holds = candidate - baseline > error;
  const said = {
    name: "difference is above the noise",
    observed: candidate - baseline,
    required: `> ${round(error)} (${policy.noise.k} standard errors)`,
    reason: holds ? "unlikely to be chance" : "could be chance with so few test users",
  };
  return [policy.noise.requireAbove ? check(holds, "BASELINE_NOT_BEATEN", said) : skipped(said)];
}

export function beatsBaseline(evidence: Evidence): RuleResult[] {
  const { policy, incumbent } = evidence;
  const candidate = metric(evidence.candidate.metrics, policy.primaryMetric);
  const baseline = metric(evidence.baseline.metrics, policy.primaryMetric);
  const results = [
    ...baselineReady(evidence),
    ...sharesImports(evidence),
    ...isStrictlyBetter(candidate, baseline),
    ...relativeMargin(candidate, baseline, policy.baseline.minRelativeLift),
    ...absoluteMargin(candidate, baseline, policy.baseline.minAbsoluteLift),
    ...aboveNoise(candidate, baseline, evidence),
  ];
  if (incumbent !== null || policy.firstRun !== "always") return results;
  return results.map((result) =>
    skipped({ ...result, reason: `first run, firstRun: "always"; else: ${result.reason}` }),
  );
}
