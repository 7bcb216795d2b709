/**
 * What the service asks of an INCREMENTAL import, known only once the rows are counted: at least 1,000 interactions a job
 * and at most 1 GB. Too few wait in their folder until more have come; they are not lost, and not yet learnt from.
 */
import type { DatasetReport } from "../preflight/dataset-check.ts";
import type { WantedImport } from "./imports.ts";

const leastInteractions = 1000;
const mostBytes = 1e9;

export interface SettledImports {
  readonly imports: readonly WantedImport[];
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

function rowsOf({ type, files }: WantedImport, reports: readonly DatasetReport[]): number {
  const counted = new Map(reports.find((report) => report.type === type)?.files.map(({ key, rows }) => [key, rows]));
  return files.reduce((sum, { key }) => sum + (counted.get(key) ?? 0), 0);
}

export function settleImports(wanted: readonly WantedImport[], reports: readonly DatasetReport[]): SettledImports {
  const imports: WantedImport[] = [];
  const faults: string[] = [];
  const warnings: string[] = [];
  for (const one of wanted) {
    const rows = rowsOf(one, reports);
    const bytes = one.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    if (one.mode === "INCREMENTAL" && one.type === "interactions" && rows < leastInteractions) {
      warnings.push(
        `interactions: ${rows} new rows in ${one.files.length} files wait for more: ` +
          `an INCREMENTAL import needs ${leastInteractions}`,
      );
    } else if (one.mode === "INCREMENTAL" && bytes > mostBytes) {
      faults.push(
        `${one.type}: ${bytes} bytes are new, and an INCREMENTAL import takes at most ${mostBytes}. ` +
          `Set datasets.${one.type}.importMode to FULL for one run`,
      );
    } else imports.push(one);
  }
  return { imports, faults, warnings };
}
