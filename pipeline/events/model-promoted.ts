/** "ModelPromoted": a campaign serves another version now. The hook for whatever follows, such as an online experiment. */
import * as z from "zod";
import type { ContestRecord, RunRecord } from "../records/run-record.ts";
import { contestFacts, contestMembers } from "./contest-result.ts";
import { eventOrigin, type EventPlace, originOf } from "./outrank-event.ts";

export const modelPromotedType = "ModelPromoted";

export const ModelPromoted = z.object({
  ...eventOrigin,
  ...contestMembers,
  newSolutionVersionArn: z.string().describe("what the campaign serves now"),
  oldSolutionVersionArn: z.string().nullable().describe("what it served before; null: the campaign is new"),
  role: z.enum(["candidate", "baseline"]).describe("baseline: a first run without a good candidate fell back on it"),
  promotedAt: z.string().describe("when the run ended"),
});
export type ModelPromoted = z.infer<typeof ModelPromoted>;

/** Null for a contest that promoted nothing. */
export function modelPromoted(
  record: RunRecord,
  { outcome, decision, reasonCodes }: ContestRecord,
  place: EventPlace,
): ModelPromoted | null {
  const promoted = decision?.verdict.promotes;
  if (outcome !== "PROMOTE" || !decision || !promoted) return null;
  return {
    ...originOf(record, place),
    ...contestFacts(decision),
    reasonCodes,
    newSolutionVersionArn: promoted.solutionVersionArn,
    oldSolutionVersionArn: decision.previousSolutionVersionArn,
    role: promoted.role,
    promotedAt: record.finishedAt,
  };
}
