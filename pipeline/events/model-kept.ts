/** "ModelKept": a contest was judged and the campaign serves what it served before. */
import * as z from "zod";
import type { ContestRecord, RunRecord } from "../records/run-record.ts";
import { contestFacts, contestMembers } from "./contest-result.ts";
import { eventOrigin, type EventPlace, originOf } from "./outrank-event.ts";

export const modelKeptType = "ModelKept";

export const ModelKept = z.object({
  ...eventOrigin,
  ...contestMembers,
  liveSolutionVersionArn: z.string().nullable().describe("what the campaign serves still; null: there is none yet"),
  failedRules: z
    .array(z.object({ name: z.string(), required: z.string(), reason: z.string() }))
    .describe("the rules that stood in the way; empty where a person or a dry run did"),
  keptAt: z.string().describe("when the run ended"),
});
export type ModelKept = z.infer<typeof ModelKept>;

/** Null for a contest that ended otherwise, or before it was judged. */
export function modelKept(
  record: RunRecord,
  { outcome, decision, reasonCodes }: ContestRecord,
  place: EventPlace,
): ModelKept | null {
  if (outcome !== "KEEP" || !decision) return null;
  return {
    ...originOf(record, place),
    ...contestFacts(decision),
    reasonCodes,
    liveSolutionVersionArn: decision.previousSolutionVersionArn,
    failedRules: decision.verdict.rules
      .filter(({ passed }) => !passed)
      .map(({ name, required, reason }) => ({ name, required, reason })),
    keptAt: record.finishedAt,
  };
}
