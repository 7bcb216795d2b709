/**
 * A FULL import replaces all earlier bulk rows, so a file that lost half of the history would erase that half without
 * any error. Compares the rows of this run with those of the last one whose data were imported.
 */
import * as z from "zod";
import type { DataChecks } from "../config/data-checks.ts";
import { datasetTypes } from "../config/avro-schema.ts";
import { Sample } from "../gate/evidence.ts";
import type { DatasetReport } from "./dataset-check.ts";

/** Rows of each dataset when its data were last imported. */
export const Accepted = z.object({
  runId: z.string(),
  at: z.string(),
  rows: z.partialRecord(z.enum(datasetTypes), z.number()),
  /** By solution; what an INCREMENTAL import adds to. */
  samples: z.record(z.string(), Sample).default({}),
});
export type Accepted = z.infer<typeof Accepted>;

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

export function shrinkFaults(
  reports: readonly DatasetReport[],
  last: Accepted | null,
  { maxShrink }: DataChecks,
): string[] {
  return reports.flatMap(({ type, rows }) => {
    const before = last?.rows[type] ?? 0;
    const lost = before === 0 ? 0 : 1 - rows / before;
    if (last === null || lost <= maxShrink) return [];
    return [
      `${type}: ${rows} rows, ${percent(lost)} fewer than the ${before} of run ${last.runId}; importing them would erase ` +
        `the others, and dataChecks.maxShrink allows ${percent(maxShrink)}. Restore the missing files, or start a run ` +
        'with {"acceptShrink": true}',
    ];
  });
}

/** What the next run is compared with: this run's counts, and for datasets it had no files of, what was known before. */
export const acceptedOf = (
  reports: readonly DatasetReport[],
  samples: Accepted["samples"],
  last: Accepted | null,
  run: { readonly runId: string; readonly at: string },
): Accepted => ({
  ...run,
  rows: { ...last?.rows, ...Object.fromEntries(reports.map(({ type, rows }) => [type, rows])) },
  samples: { ...last?.samples, ...samples },
});
