/** What a run that is over has done, as far as its record tells. */
import { runCost, type RunWork, type TrainingWork } from "./run-cost.ts";
import { money, type RunCost } from "./bill.ts";
import { pricesOf } from "./prices.ts";
import type { RunRecord } from "../records/run-record.ts";

/** What the record does not tell. */
export interface SpentFacts {
  /** Billed hours by solution version ARN; versions that the service said nothing of are left out. */
  readonly hours: ReadonlyMap<string, number>;
  /** False where the files of this run are only what was added to the dataset. */
  readonly filesAreWhole: boolean;
}

/**
 * Versions that this run trained, each once: several contests may share a baseline. A recalled version, or one that was
 * taken over from before, was paid for then. One without a time has failed, which costs as well.
 */
export function trainedVersions(record: RunRecord): ReadonlyMap<string, Omit<TrainingWork, "hours">> {
  const found = new Map<string, Omit<TrainingWork, "hours">>();
  for (const { solution, decision } of record.contests) {
    if (decision === null) continue;
    for (const role of ["candidate", "baseline"] as const) {
      const { solutionVersionArn, recipe, trainedAt } = decision[role];
      if (trainedAt !== null && Date.parse(trainedAt) < Date.parse(record.startedAt)) continue;
      const name = role === "candidate" ? solution : role;
      if (solutionVersionArn !== null) found.set(solutionVersionArn, { name, recipe, searches: 1 });
    }
  }
  return found;
}

export function costOfRun(record: RunRecord, { hours, filesAreWhole }: SpentFacts): RunCost {
  const imported = record.inputs.filter(({ importJobArn }) => importJobArn !== null);
  const rows = record.inputs.filter(({ dataset }) => dataset === "interactions").map((file) => file.rows);
  const isCounted = filesAreWhole && rows.length > 0 && rows.every((count) => count !== null);
  const work: RunWork = {
    importedBytes: imported.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0),
    interactions: isCounted ? rows.reduce((sum: number, count) => sum + (count ?? 0), 0) : null,
    trainings: [...trainedVersions(record)].map(([arn, training]) => ({ ...training, hours: hours.get(arn) ?? null })),
    measuredDatasets: record.quality.length,
  };
  const bill = runCost(work);
  // A run that failed before its contests were decided has trained versions that nobody told us of.
  const unseen = record.outcome === "FAILED" && record.contests.length === 0 && imported.length > 0;
  const notCounted = unseen ? [...bill.notCounted, "trainings that were begun before the run failed"] : bill.notCounted;
  return { ...bill, notCounted, pricesOf };
}

/** One line for the notice; the dearest parts are named. */
export function costLine({ usd, lines, notCounted, pricesOf: date }: RunCost): string {
  const dear = lines.filter((line) => line.usd >= 0.005).map((line) => `${line.what} ${money(line.usd)}`);
  const without = notCounted.length === 0 ? "" : `; not counted: ${notCounted.join(", ")}`;
  const parts = dear.length === 0 ? "" : `: ${dear.join(", ")}`;
  return `This run cost ${usd < 0.005 ? "" : "about "}${money(usd)} USD (list prices of ${date})${parts}${without}`;
}
