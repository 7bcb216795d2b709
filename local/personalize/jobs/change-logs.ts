/** Which rows of each dataset changed, step by step, so that what was built from them can follow. Kept in memory: what is built dies with it. */
import type { MetadataChanges } from "../job-runner.ts";

/** Steps kept; who comes back later builds anew. */
const mostSteps = 1024;

interface ChangeLog {
  revision: number;
  /** The newest steps, the last one made `revision`. */
  readonly steps: MetadataChanges["ids"][];
}

export function createChangeLogs() {
  const logs = new Map<string, ChangeLog>();
  function logOf(datasetArn: string): ChangeLog {
    let log = logs.get(datasetArn);
    if (!log) logs.set(datasetArn, (log = { revision: 1, steps: [] }));
    return log;
  }
  return {
    add(datasetArn: string, ids: MetadataChanges["ids"]): void {
      const log = logOf(datasetArn);
      log.revision++;
      log.steps.push(ids);
      if (log.steps.length > mostSteps) log.steps.shift();
    },
    since(datasetArn: string, revision?: number): MetadataChanges {
      const log = logOf(datasetArn);
      if (revision === log.revision) return { revision, ids: [] };
      const missed = log.revision - (revision ?? 0);
      const steps = missed <= log.steps.length ? log.steps.slice(-missed) : ["all" as const];
      const ids = steps.includes("all") ? "all" : [...new Set(steps.flat())];
      return { revision: log.revision, ids };
    },
  };
}
