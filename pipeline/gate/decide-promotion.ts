/**
 * The one place where "wins" is defined. Pure: the same evidence gives the same verdict.
 *
 * Order: candidate's status, sample, sanity, baseline, guardrails, live version, cooldown, override. (Approval, when the
 * policy asks for it, comes after a PROMOTE and outside: it takes a person.) All rules must pass; every rule leaves a
 * line in the verdict, also when an earlier one failed. A missing number, NaN or a tie never promotes (R7).
 */
import type { Evidence, ReasonCode, RuleResult, Verdict } from "./evidence.ts";
import { beatsBaseline } from "./baseline-rules.ts";
import { holdsAgainstIncumbent, isCooledDown, staysWithinGuardrails } from "./incumbent-rules.ts";
import { candidateReady, sampleIsLargeEnough, scoreIsPlausible } from "./readiness-rules.ts";
import { estimatedTestUsers, metric, relativeLift, type Rule, round, standardError } from "./rule.ts";

const rulesAfterReadiness: readonly Rule[] = [
  sampleIsLargeEnough,
  scoreIsPlausible,
  beatsBaseline,
  staysWithinGuardrails,
  holdsAgainstIncumbent,
  isCooledDown,
];

const orNull = (value: number): number | null => (Number.isFinite(value) ? round(value) : null);

function warningsOf({ policy, sample, candidate, baseline, incumbent }: Evidence): string[] {
  const name = policy.primaryMetric;
  const difference = metric(candidate.metrics, name) - metric(baseline.metrics, name);
  const users = estimatedTestUsers(sample.usersWithTwo);
  const error = policy.noise.k * standardError(metric(baseline.metrics, name), users);
  return [
    policy.incumbent.mode === "raw" && "raw metrics of versions trained on different data were compared",
    incumbent?.known === null && `no decision record for the live version ${incumbent.solutionVersionArn}`,
    difference > 0 &&
      difference <= error &&
      `the difference is within ${policy.noise.k} standard errors of ${users} users`,
  ].filter((warning) => warning !== false);
}

const codesOf = (rules: readonly RuleResult[]): ReasonCode[] => [
  ...new Set(rules.flatMap((rule) => (rule.code === null ? [] : [rule.code]))),
];

/** On a first run that the candidate lost, the policy may put the baseline itself on air. */
function fallback({ incumbent, policy, baseline }: Evidence): Verdict["promotes"] {
  const wanted = incumbent === null && policy.firstRunFallback === "popularity" && baseline.status === "ACTIVE";
  if (!wanted || baseline.solutionVersionArn === null) return null;
  return { role: "baseline", solutionVersionArn: baseline.solutionVersionArn };
}

export function decidePromotion(evidence: Evidence): Verdict {
  const readiness = candidateReady(evidence);
  const others = rulesAfterReadiness.flatMap((rule) => rule(evidence));
  const { candidate, baseline, incumbent, policy, force } = evidence;
  const arn = candidate.solutionVersionArn;
  const isReady = candidate.status === "ACTIVE" && arn !== null;
  const rules = [...readiness, ...others];
  const wins = isReady && rules.every((rule) => rule.passed);
  const isForced = !wins && isReady && force !== null;
  const promotes =
    isReady && (wins || isForced) ? ({ role: "candidate", solutionVersionArn: arn } as const) : fallback(evidence);
  const name = policy.primaryMetric;
  const known = incumbent?.known ?? null;
  return {
    outcome: promotes === null ? "KEEP" : "PROMOTE",
    reasonCodes: [
      ...(isForced ? (["FORCED"] as const) : []),
      ...(incumbent === null ? (["FIRST_RUN"] as const) : []),
      ...(wins ? (["BEAT_BASELINE"] as const) : codesOf(rules)),
    ],
    rules,
    promotes,
    lift: orNull(relativeLift(metric(candidate.metrics, name), metric(baseline.metrics, name))),
    incumbentLift: known && orNull(relativeLift(metric(known.metrics, name), metric(known.baselineMetrics, name))),
    warnings: warningsOf(evidence),
  };
}
