/** The machine-readable last line of `npm start --json`. Pure. */
import type { TrainedVersion } from "../../../pipeline/gate/evidence.ts";
import type { RunRecord } from "../../../pipeline/records/run-record.ts";
import type { NoRecord } from "./follow-run.ts";

interface Version {
  readonly solutionVersionArn: string | null;
  readonly recipe: string;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface Report {
  readonly execution: string | null;
  readonly outcome: RunRecord["outcome"];
  readonly campaignArn: string | null;
  readonly candidate: Version | null;
  readonly baseline: Version | null;
  readonly rules: readonly unknown[];
  readonly seconds: number;
}

const versionOf = ({ solutionVersionArn, recipe, metrics }: TrainedVersion): Version => ({
  solutionVersionArn,
  recipe,
  metrics,
});

export function reportOf(record: RunRecord, seconds: number): Report {
  const decision = record.contests[0]?.decision ?? null;
  return {
    execution: record.executionArn,
    outcome: record.outcome,
    campaignArn: decision?.campaignArn ?? null,
    candidate: decision && versionOf(decision.candidate),
    baseline: decision && versionOf(decision.baseline),
    rules: decision?.verdict.rules ?? [],
    seconds: tenths(seconds),
  };
}

const tenths = (seconds: number) => Math.round(seconds * 10) / 10;

/** The same members when a run failed so early that it left no record. */
export const reportWithoutRecord = ({ executionArn }: Pick<NoRecord, "executionArn">, seconds: number): Report => ({
  ...{ execution: executionArn, outcome: "FAILED", campaignArn: null, candidate: null, baseline: null, rules: [] },
  seconds: tenths(seconds),
});
