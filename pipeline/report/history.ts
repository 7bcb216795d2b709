/** What the group's page shows of all runs: a line each, kept in one small object, so that nobody reads all records for it. */
import * as z from "zod";
import { metric } from "../gate/rule.ts";
import { type ContestRecord, RunRecord } from "../records/run-record.ts";
import { servedMetrics } from "../records/served.ts";

const Line = z.object({
  runId: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  outcome: RunRecord.shape.outcome,
  dryRun: z.boolean(),
  /** Its reason codes, or the error it ended with. */
  why: z.string(),
  contests: z.array(
    z.object({
      solution: z.string(),
      outcome: z.enum(["PROMOTE", "KEEP", "FAILED"]),
      primaryMetric: z.string().nullable(),
      candidate: z.number().nullable(),
      baseline: z.number().nullable(),
      live: z.number().nullable().describe("of what served after the run, on the data it was trained on"),
      lift: z.number().nullable(),
    }),
  ),
});
export type Line = z.infer<typeof Line>;

/** Oldest first. */
export const History = z.object({ schemaVersion: z.literal(1), runs: z.array(Line) });
export type History = z.infer<typeof History>;

export const noHistory: History = { schemaVersion: 1, runs: [] };

/** Ten years of weekly runs; the records themselves stay. */
const longest = 520;

function contestLine(contest: ContestRecord): Line["contests"][number] {
  const { solution, outcome, decision } = contest;
  const primaryMetric = decision?.policy.values.primaryMetric ?? null;
  const of = (metrics: Readonly<Record<string, number>> | null | undefined): number | null => {
    const value = metric(metrics ?? {}, primaryMetric ?? "");
    return Number.isFinite(value) ? value : null;
  };
  return {
    ...{ solution, outcome, primaryMetric },
    candidate: of(decision?.candidate.metrics),
    baseline: of(decision?.baseline.metrics),
    live: of(servedMetrics(contest)),
    lift: decision?.verdict.lift ?? null,
  };
}

/** A run that is told twice, because its last step was repeated, is one line. */
export function withRun(history: History, record: RunRecord): History {
  const line: Line = {
    ...{ runId: record.runId, startedAt: record.startedAt, finishedAt: record.finishedAt, outcome: record.outcome },
    dryRun: record.options?.dryRun ?? false,
    why: record.failure?.error ?? record.reasonCodes.join(", "),
    contests: record.contests.map(contestLine),
  };
  const others = history.runs.filter(({ runId }) => runId !== record.runId);
  const runs = [...others, line].sort((a, b) => (a.finishedAt < b.finishedAt ? -1 : 1));
  return { schemaVersion: 1, runs: runs.slice(-longest) };
}
