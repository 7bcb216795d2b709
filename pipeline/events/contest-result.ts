/** What ModelPromoted and ModelKept both tell of a contest: who stood against whom, and with which numbers. */
import * as z from "zod";
import { Metrics, ReasonCode } from "../gate/evidence.ts";
import type { Decision } from "../records/decision.ts";

const Contestant = z.object({
  solutionVersionArn: z.string().nullable(),
  recipe: z.string(),
  metrics: Metrics.describe("as GetSolutionMetrics gave them"),
});

export const contestMembers = {
  solution: z.string().describe("as configured"),
  campaignArn: z.string(),
  reasonCodes: z.array(ReasonCode),
  primaryMetric: z.string().describe("the one that lift is about"),
  lift: z.number().nullable().describe("candidate / baseline - 1 on the primary metric; null: not computable"),
  incumbentLift: z.number().nullable().describe("the former version's lift when it was judged; null: not known"),
  candidate: Contestant,
  baseline: Contestant,
  incumbent: z
    .object({ solutionVersionArn: z.string(), metrics: Metrics.nullable().describe("null: never judged here") })
    .nullable()
    .describe("what served when the contest was judged; null: nothing yet"),
};

const contestantOf = ({ solutionVersionArn, recipe, metrics }: Decision["candidate"]) => ({
  solutionVersionArn,
  recipe,
  metrics,
});

export const contestFacts = ({ solution, campaignArn, verdict, policy, ...decision }: Decision) => ({
  solution,
  campaignArn,
  primaryMetric: policy.values.primaryMetric,
  lift: verdict.lift,
  incumbentLift: verdict.incumbentLift,
  candidate: contestantOf(decision.candidate),
  baseline: contestantOf(decision.baseline),
  incumbent:
    decision.incumbent === null
      ? null
      : {
          solutionVersionArn: decision.incumbent.solutionVersionArn,
          metrics: decision.incumbent.known?.metrics ?? null,
        },
});
