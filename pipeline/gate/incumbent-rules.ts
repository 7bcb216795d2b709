/**
 * Candidate against the live version. Their raw numbers come from different data and are not comparable, so the default
 * compares how far each stood above its own baseline. Also the guardrails, some of which look at the live version.
 */
import type { Guardrail } from "../config/decision-policy.ts";
import type { Evidence, Incumbent, RuleResult } from "./evidence.ts";
import { check, failed, metric, relativeLift, round, skipped } from "./rule.ts";

/** Lowest acceptable value `share` below `reference`, for references of either sign. */
const floorBelow = (reference: number, share: number): number => reference - Math.abs(reference) * share;

/** What is compared, on one scale for both versions. */
function scores({ candidate, baseline, policy }: Evidence, known: NonNullable<Incumbent["known"]>) {
  const name = policy.primaryMetric;
  const ours = metric(candidate.metrics, name);
  const theirs = metric(known.metrics, name);
  if (policy.incumbent.mode === "raw") return { scale: "raw value", ours, theirs };
  const ourBaseline = metric(baseline.metrics, name);
  const theirBaseline = metric(known.baselineMetrics, name);
  if (ourBaseline === 0 || theirBaseline === 0) {
    return { scale: "absolute lift (a baseline is 0)", ours: ours - ourBaseline, theirs: theirs - theirBaseline };
  }
  return { scale: "lift", ours: relativeLift(ours, ourBaseline), theirs: relativeLift(theirs, theirBaseline) };
}

export function holdsAgainstIncumbent(evidence: Evidence): RuleResult[] {
  const { incumbent, policy } = evidence;
  const name = "no regression against the live version";
  const required = `at most ${policy.incumbent.maxRelativeRegression} below the live version's`;
  if (incumbent === null) return [skipped({ name, required, observed: null, reason: "first run: nothing is live" })];
  if (policy.incumbent.mode === "off") {
    return [skipped({ name, required, observed: null, reason: 'switched off: incumbent.mode "off"' })];
  }
  if (incumbent.known === null) {
    const said = { name, required, observed: null, reason: "the live version has no decision record" };
    return [policy.incumbent.onUnknown === "reject" ? failed("REGRESSION", said) : skipped(said)];
  }
  const { scale, ours, theirs } = scores(evidence, incumbent.known);
  const floor = floorBelow(theirs, policy.incumbent.maxRelativeRegression);
  const holds = ours >= floor && ours !== theirs;
  const reason = holds
    ? "holds"
    : ours === theirs
      ? "equal, and the live version wins ties"
      : "fell too far, or is missing";
  return [
    check(holds, "REGRESSION", {
      name,
      observed: ours,
      required: `>= ${round(floor)} and not equal to ${round(theirs)} (${scale})`,
      reason,
    }),
  ];
}

function minimum(rail: Guardrail, value: number, least: number): RuleResult {
  return check(value >= least, "GUARDRAIL", {
    name: `guardrail: ${rail.metric}`,
    observed: value,
    required: `>= ${least}`,
    reason: value >= least ? "within bounds" : "missing or too low",
  });
}

function drop(rail: Guardrail, value: number, share: number, incumbent: Incumbent | null): RuleResult {
  const name = `guardrail: ${rail.metric} against the live version`;
  const required = `at most ${share} below the live version's`;
  if (incumbent === null) return skipped({ name, required, observed: value, reason: "first run: nothing is live" });
  if (incumbent.known === null) {
    return skipped({ name, required, observed: value, reason: "the live version has no decision record" });
  }
  const floor = floorBelow(metric(incumbent.known.metrics, rail.metric), share);
  const reason = value >= floor ? "within bounds" : "missing, or fell too far";
  return check(value >= floor, "GUARDRAIL", { name, observed: value, required: `>= ${round(floor)}`, reason });
}

export function staysWithinGuardrails({ candidate, incumbent, policy }: Evidence): RuleResult[] {
  return policy.guardrails.flatMap((rail) => {
    const value = metric(candidate.metrics, rail.metric);
    return [
      ...(rail.minValue === undefined ? [] : [minimum(rail, value, rail.minValue)]),
      ...(rail.maxRelativeDrop === undefined ? [] : [drop(rail, value, rail.maxRelativeDrop, incumbent)]),
    ];
  });
}

const hour = 3_600_000;

export function isCooledDown({ incumbent, policy, decidedAt }: Evidence): RuleResult[] {
  const name = "cooldown since the last promotion";
  const required = `>= ${policy.cooldownHours} hours`;
  const since = incumbent?.known?.promotedAt ?? null;
  if (policy.cooldownHours === 0 || since === null) {
    const reason = policy.cooldownHours === 0 ? "no cooldown configured" : "no promotion on record";
    return [skipped({ name, required, observed: null, reason })];
  }
  const hours = (Date.parse(decidedAt) - Date.parse(since)) / hour;
  const holds = hours >= policy.cooldownHours;
  return [check(holds, "COOLDOWN", { name, required, observed: hours, reason: holds ? "long enough" : "too soon" })];
}
