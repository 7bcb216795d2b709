/** Which version a campaign serves after a contest, as far as the run has seen, and how good it was when it was judged. */
import type { Metrics } from "../gate/evidence.ts";
import type { ContestRecord } from "./run-record.ts";

/** Null: nothing serves, or it is not known. */
export function servedAfter({ outcome, decision, rolledBack, isRollBack, smokeTest }: ContestRecord): string | null {
  if (decision === null) return null;
  const promoted = decision.verdict.promotes?.solutionVersionArn ?? null;
  if (outcome === "PROMOTE") return promoted;
  const isNewOne = outcome === "FAILED" && !rolledBack && (isRollBack || smokeTest?.passed === false);
  return isNewOne ? promoted : decision.previousSolutionVersionArn;
}

/** On the data that it was trained on; null when it never came through the gate. */
export function servedMetrics(contest: ContestRecord): Metrics | null {
  const arn = servedAfter(contest);
  const { decision } = contest;
  if (arn === null || decision === null) return null;
  if (arn === decision.candidate.solutionVersionArn) return decision.candidate.metrics;
  if (arn === decision.baseline.solutionVersionArn) return decision.baseline.metrics;
  return decision.incumbent?.solutionVersionArn === arn ? (decision.incumbent.known?.metrics ?? null) : null;
}
