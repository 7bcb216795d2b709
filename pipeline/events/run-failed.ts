/**
 * "RunFailed": a run ended without doing all that it was asked for. A run that could not even write its record is told of
 * by the machine itself, in this shape, with null for what only the record knows.
 */
import * as z from "zod";
import { Failure, type RunRecord } from "../records/run-record.ts";
import { eventOrigin, type EventPlace, originOf } from "./outrank-event.ts";

export const runFailedType = "RunFailed";

export const RunFailed = z.object({
  ...eventOrigin,
  failure: Failure.describe("the service's own error and reason; docs/guides/operating.md has what to do about each"),
  startedAt: z.string(),
  failedAt: z.string().describe("when the run ended"),
  contests: z
    .array(z.object({ solution: z.string(), outcome: z.enum(["PROMOTE", "KEEP", "FAILED"]) }))
    .describe("one contest may fail beside others that did not"),
});
export type RunFailed = z.infer<typeof RunFailed>;

/** Null for a run that went well. */
export function runFailed(record: RunRecord, place: EventPlace): RunFailed | null {
  if (record.failure === null) return null;
  return {
    ...originOf(record, place),
    failure: record.failure,
    startedAt: record.startedAt,
    failedAt: record.finishedAt,
    contests: record.contests.map(({ solution, outcome }) => ({ solution, outcome })),
  };
}
