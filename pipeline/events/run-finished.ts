/** "RunFinished": a run did all that it was asked for, also where that was little. Every run ends with this or RunFailed. */
import * as z from "zod";
import { ReasonCode } from "../gate/evidence.ts";
import { RunRecord } from "../records/run-record.ts";
import { eventOrigin, type EventPlace, originOf } from "./outrank-event.ts";

export const runFinishedType = "RunFinished";

export const RunFinished = z.object({
  ...eventOrigin,
  outcome: RunRecord.shape.outcome,
  reasonCodes: z.array(ReasonCode),
  startedAt: z.string(),
  finishedAt: z.string(),
  contests: z.array(z.object({ solution: z.string(), outcome: z.enum(["PROMOTE", "KEEP", "FAILED"]) })),
});
export type RunFinished = z.infer<typeof RunFinished>;

/** Null for a run that failed. */
export function runFinished(record: RunRecord, place: EventPlace): RunFinished | null {
  if (record.failure !== null) return null;
  return {
    ...originOf(record, place),
    outcome: record.outcome,
    reasonCodes: record.reasonCodes,
    startedAt: record.startedAt,
    finishedAt: record.finishedAt,
    contests: record.contests.map(({ solution, outcome }) => ({ solution, outcome })),
  };
}
