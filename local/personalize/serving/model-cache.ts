/**
 * Models in memory, one per solution version that a campaign serves. A model enters when its campaign is created or
 * updated, before the status says ACTIVE, and leaves with the last campaign that serves it. Its files are closed then, but
 * not while a request or a batch job still works with it.
 */
import type { JobRunner, ServingModel } from "../job-runner.ts";

export interface ModelCache {
  /** Has the version's model in memory once resolved. A failed load is tried anew next time. */
  load(solutionVersionArn: string): Promise<void>;
  /** Lends the version's model to `work`, loading it once, however many ask at the same time. */
  lend<T>(solutionVersionArn: string, work: (model: ServingModel) => T | Promise<T>): Promise<T>;
  /** Forgets every model that is not among these. */
  keepOnly(solutionVersionArns: ReadonlySet<string>): void;
}

interface Entry {
  readonly loading: Promise<ServingModel>;
  borrowers: number;
  forgotten: boolean;
}

export function createModelCache(jobs: Pick<JobRunner, "openModel">): ModelCache {
  const entries = new Map<string, Entry>();

  function entryOf(arn: string): Entry {
    const known = entries.get(arn);
    if (known) return known;
    const entry: Entry = { loading: jobs.openModel(arn), borrowers: 0, forgotten: false };
    entries.set(arn, entry);
    entry.loading.catch(() => {
      if (entries.get(arn) === entry) entries.delete(arn);
    });
    return entry;
  }

  async function lend<T>(arn: string, work: (model: ServingModel) => T | Promise<T>): Promise<T> {
    const entry = entryOf(arn);
    entry.borrowers++;
    try {
      return await work(await entry.loading);
    } finally {
      entry.borrowers--;
      closeUnused(entry);
    }
  }

  return {
    load: (arn) => lend(arn, () => {}),
    lend,
    keepOnly(arns) {
      for (const [arn, entry] of entries) {
        if (arns.has(arn)) continue;
        entries.delete(arn);
        entry.forgotten = true;
        closeUnused(entry);
      }
    },
  };
}

/** Whoever lets go last closes; a model that could not be loaded has nothing to close. */
function closeUnused({ loading, borrowers, forgotten }: Entry): void {
  if (forgotten && borrowers === 0) loading.then(({ close }) => close()).catch(() => {});
}
