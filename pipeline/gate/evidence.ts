/**
 * What the gate is shown, and what it answers. Evidence crosses from a Lambda's fetches into the pure decision; verdicts
 * are what the record keeps. Numbers that are missing stay missing: nothing here fills a gap.
 */
import * as z from "zod";
import { type DecisionPolicy } from "../config/decision-policy.ts";

/** As GetSolutionMetrics gives them: by name, some absent. NaN and infinities are treated as absent. */
export const Metrics = z.record(z.string(), z.number());
export type Metrics = z.infer<typeof Metrics>;

export const TrainedVersion = z.object({
  solutionVersionArn: z.string().nullable(),
  recipe: z.string(),
  /** The service's status, or our own word for "it never came to that". */
  status: z.string(),
  failureReason: z.string().nullable(),
  trainedAt: z.string().nullable(),
  metrics: Metrics,
  /** Import jobs whose data this version was trained on, sorted. */
  importJobArns: z.array(z.string()),
});
export type TrainedVersion = z.infer<typeof TrainedVersion>;

/** The live version and, when it came through this gate, what was known about it then. */
export const Incumbent = z.object({
  solutionVersionArn: z.string(),
  known: z
    .object({ runId: z.string(), metrics: Metrics, baselineMetrics: Metrics, promotedAt: z.string().nullable() })
    .nullable(),
});
export type Incumbent = z.infer<typeof Incumbent>;

export const Sample = z.object({ interactions: z.number(), users: z.number(), usersWithTwo: z.number() });
export type Sample = z.infer<typeof Sample>;

export const Override = z.strictObject({ reason: z.string().min(3), actor: z.string().min(1) });
export type Override = z.infer<typeof Override>;

export interface Evidence {
  readonly candidate: TrainedVersion;
  readonly baseline: TrainedVersion;
  /** Null when there is no campaign yet: the first run. */
  readonly incumbent: Incumbent | null;
  readonly sample: Sample;
  readonly policy: DecisionPolicy;
  /** Only ever from an execution's input. */
  readonly force: Override | null;
  /** ISO time of the decision; cooldown counts to it. */
  readonly decidedAt: string;
}

export const reasonCodes = [
  "FIRST_RUN",
  "BEAT_BASELINE",
  "BASELINE_NOT_BEATEN",
  "BASELINE_STALE",
  "REGRESSION",
  "GUARDRAIL",
  "SAMPLE_TOO_SMALL",
  "IMPLAUSIBLE",
  "METRIC_MISSING",
  "COOLDOWN",
  "NOT_APPROVED",
  "APPROVAL_TIMEOUT",
  "FORCED",
  "ROLLBACK",
  "INPUT_UNCHANGED",
] as const;
export const ReasonCode = z.enum(reasonCodes);
export type ReasonCode = z.infer<typeof ReasonCode>;

/** One line per rule, also for rules after one that failed, and for rules that did not apply. */
export const RuleResult = z.object({
  name: z.string(),
  observed: z.union([z.number(), z.string(), z.null()]),
  required: z.string(),
  passed: z.boolean(),
  skipped: z.boolean(),
  reason: z.string(),
  /** What failing this rule is called; null for a rule that passed. */
  code: ReasonCode.nullable(),
});
export type RuleResult = z.infer<typeof RuleResult>;

export const Verdict = z.object({
  outcome: z.enum(["PROMOTE", "KEEP"]),
  reasonCodes: z.array(ReasonCode),
  rules: z.array(RuleResult),
  /** What goes live: the candidate, or on a first run with the fallback the baseline. Null when nothing does. */
  promotes: z.object({ role: z.enum(["candidate", "baseline"]), solutionVersionArn: z.string() }).nullable(),
  /** candidate / baseline - 1 on the primary metric; null when it cannot be computed. */
  lift: z.number().nullable(),
  incumbentLift: z.number().nullable(),
  warnings: z.array(z.string()),
});
export type Verdict = z.infer<typeof Verdict>;
