/**
 * What is written about one contest the moment it is decided, before anything is changed: evidence, policy with its
 * resolved values, a line per rule, the outcome. Kept by solution version; a later run finds the live version's here.
 */
import * as z from "zod";
import { DecisionPolicy } from "../config/decision-policy.ts";
import { Incumbent, Override, Sample, TrainedVersion, Verdict } from "../gate/evidence.ts";

/** What the machine does with a decision. */
export const NextStep = z.enum(["fail", "keep", "approve", "create", "update"]);
export type NextStep = z.infer<typeof NextStep>;

export const Decision = z.object({
  schemaVersion: z.literal(1),
  runId: z.string(),
  group: z.string(),
  solution: z.string(),
  decidedAt: z.string(),
  candidate: TrainedVersion,
  baseline: TrainedVersion,
  incumbent: Incumbent.nullable(),
  sample: Sample,
  policy: z.object({ hash: z.string(), values: DecisionPolicy }),
  direction: z.literal("higher is better"),
  verdict: Verdict,
  override: Override.nullable(),
  dryRun: z.boolean(),
  nextStep: NextStep,
  /** Where to go after an approval. */
  afterApproval: z.enum(["create", "update"]),
  campaignArn: z.string(),
  previousSolutionVersionArn: z.string().nullable(),
});
export type Decision = z.infer<typeof Decision>;

/** A candidate that is not there is a failed step, not a lost contest (R6). */
export function nextStepOf(
  verdict: Verdict,
  candidateStatus: string,
  options: { readonly dryRun: boolean; readonly needsApproval: boolean; readonly campaignExists: boolean },
): NextStep {
  if (candidateStatus !== "ACTIVE") return "fail";
  if (verdict.outcome === "KEEP" || options.dryRun) return "keep";
  if (options.needsApproval) return "approve";
  return options.campaignExists ? "update" : "create";
}
