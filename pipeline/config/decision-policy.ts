/**
 * Every knob of the gate: its range, its default and what it means, in one place. A policy is a profile with overrides;
 * resolved once, so that the record can show the exact values a decision was taken by.
 */
import * as z from "zod";

const fraction = z.number().min(0).max(1);
const lift = z.number().min(0).max(10);
const hours = z.number().min(0).max(8760);

export const metricNames = [
  "coverage",
  "mean_reciprocal_rank_at_25",
  "normalized_discounted_cumulative_gain_at_5",
  "normalized_discounted_cumulative_gain_at_10",
  "normalized_discounted_cumulative_gain_at_25",
  "precision_at_5",
  "precision_at_10",
  "precision_at_25",
] as const;
const MetricName = z.enum(metricNames);

const Baseline = z.strictObject({
  recipe: z.literal("aws-popularity-count").describe("the yardstick, trained every run after the same imports"),
  minRelativeLift: lift.describe("candidate >= baseline x (1 + this)"),
  minAbsoluteLift: fraction.describe("and candidate >= baseline + this"),
  mustShareImports: z
    .literal(true)
    .describe("baseline and candidate list the same import jobs (rule R2; not negotiable)"),
  zeroRule: z.literal("absolute-only").describe("baseline 0: the relative rule is skipped, the absolute one must hold"),
});

const Incumbent = z.strictObject({
  mode: z
    .enum(["lift", "raw", "off"])
    .describe("lift: each version against its own baseline; raw: plain numbers, which different data make unsound"),
  maxRelativeRegression: fraction.describe("how far the candidate may fall below the live version"),
  onUnknown: z.enum(["skip", "reject"]).describe("the live version has no decision record"),
});

const Guardrail = z
  .strictObject({
    metric: MetricName,
    minValue: z.number().optional().describe("lowest acceptable value"),
    maxRelativeDrop: fraction.optional().describe("largest acceptable fall below the live version"),
    against: z.enum(["incumbent", "none"]).default("none"),
  })
  .refine(
    (rail) => rail.minValue !== undefined || rail.maxRelativeDrop !== undefined,
    "give minValue or maxRelativeDrop",
  )
  .refine(
    (rail) => (rail.against === "incumbent") === (rail.maxRelativeDrop !== undefined),
    'maxRelativeDrop and against: "incumbent" belong together',
  );
export type Guardrail = z.infer<typeof Guardrail>;

const MinSample = z.strictObject({
  interactions: z.int().min(1000).describe("the service's minimum, checked before training"),
  usersWithTwo: z.int().min(25).describe("users with two or more interactions; the service's minimum"),
  testUsers: z.int().min(1).describe("estimate: one tenth of the users with two or more"),
});
const Noise = z.strictObject({
  requireAbove: z.boolean().describe("the difference must exceed k standard errors"),
  k: z.number().min(0).max(10),
});
const Sanity = z.strictObject({ maxMetric: fraction.describe("above it the score is too good to be true: leakage") });
const Approval = z.strictObject({
  mode: z.enum(["none", "manual"]).describe("manual: a person answers by task token after the rules pass"),
  timeoutHours: z.number().positive().max(8760),
  onTimeout: z.literal("reject"),
});

export const DecisionPolicy = z.strictObject({
  profile: z.enum(["default", "strict", "demo"]),
  primaryMetric: MetricName,
  baseline: Baseline,
  incumbent: Incumbent,
  guardrails: z.array(Guardrail),
  minSample: MinSample,
  noise: Noise,
  sanity: Sanity,
  firstRun: z.enum(["require-baseline", "always"]),
  firstRunFallback: z.enum(["none", "popularity"]),
  onMissingMetric: z.literal("reject"),
  onTie: z.literal("keep"),
  approval: Approval,
  cooldownHours: hours.describe("least time between two promotions"),
});
export type DecisionPolicy = z.infer<typeof DecisionPolicy>;

const defaults: DecisionPolicy = {
  profile: "default",
  primaryMetric: "normalized_discounted_cumulative_gain_at_25",
  baseline: {
    recipe: "aws-popularity-count",
    minRelativeLift: 0.1,
    minAbsoluteLift: 0.005,
    mustShareImports: true,
    zeroRule: "absolute-only",
  },
  incumbent: { mode: "lift", maxRelativeRegression: 0.05, onUnknown: "skip" },
  guardrails: [
    { metric: "coverage", minValue: 0.01, against: "none" },
    { metric: "coverage", maxRelativeDrop: 0.3, against: "incumbent" },
    // Metrics come rounded to four decimals, so this is "above zero".
    { metric: "precision_at_25", minValue: 0.0001, against: "none" },
  ],
  minSample: { interactions: 1000, usersWithTwo: 25, testUsers: 100 },
  noise: { requireAbove: false, k: 1 },
  sanity: { maxMetric: 0.95 },
  firstRun: "require-baseline",
  firstRunFallback: "none",
  onMissingMetric: "reject",
  onTie: "keep",
  approval: { mode: "none", timeoutHours: 24, onTimeout: "reject" },
  cooldownHours: 0,
};

/** What each profile starts from. `demo` is for data too few for statistics; it still never promotes a tie. */
export const profiles: Readonly<Record<DecisionPolicy["profile"], DecisionPolicy>> = {
  default: defaults,
  strict: {
    ...defaults,
    profile: "strict",
    incumbent: { ...defaults.incumbent, onUnknown: "reject" },
    noise: { ...defaults.noise, requireAbove: true },
    approval: { ...defaults.approval, mode: "manual" },
  },
  demo: {
    ...defaults,
    profile: "demo",
    baseline: { ...defaults.baseline, minRelativeLift: 0, minAbsoluteLift: 0 },
    minSample: { ...defaults.minSample, testUsers: 1 },
  },
};

/** A policy as written in outrank.json: a profile and whatever differs from it. Parses to the resolved policy. */
export const DecisionChoice = z
  .strictObject({
    ...DecisionPolicy.partial().shape,
    baseline: Baseline.partial().optional(),
    incumbent: Incumbent.partial().optional(),
    minSample: MinSample.partial().optional(),
    noise: Noise.partial().optional(),
    sanity: Sanity.partial().optional(),
    approval: Approval.partial().optional(),
  })
  .transform((choice): DecisionPolicy => {
    const base = profiles[choice.profile ?? "default"];
    return {
      ...base,
      ...choice,
      baseline: { ...base.baseline, ...choice.baseline },
      incumbent: { ...base.incumbent, ...choice.incumbent },
      minSample: { ...base.minSample, ...choice.minSample },
      noise: { ...base.noise, ...choice.noise },
      sanity: { ...base.sanity, ...choice.sanity },
      approval: { ...base.approval, ...choice.approval },
    };
  });
