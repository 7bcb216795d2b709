/** The machine-readable last line of `npm start --json`. Pure. */
import type { TrainedVersion } from "../../../pipeline/gate/evidence.ts";
import type { RunRecord } from "../../../pipeline/records/run-record.ts";

interface Version {
  readonly solutionVersionArn: string | null;
  readonly recipe: string;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface Report {
  readonly execution: string;
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
    seconds: Math.round(seconds * 10) / 10,
  };
}
