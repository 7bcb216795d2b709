/**
 * Models in memory, one per solution version that a campaign serves. A model enters when its campaign is created or
 * updated, before the status says ACTIVE, and leaves with the last campaign that serves it. Its files are closed then, but
 * not while a request or a batch job still works with it. A model that cannot be opened is not tried anew at every request.
 */
import { AwsError } from "../../cloud/ports/aws-error.ts";
import type { Clock } from "../../cloud/ports/clock.ts";
import type { JobRunner, ServingModel } from "../job-runner.ts";

export interface ModelCache {
  /** Has the version's model in memory once resolved. Tries to open it, also when that has just failed. */
  load(solutionVersionArn: string): Promise<void>;
  /**
   * Lends the version's model to `work`, loading it once, however many ask at the same time. When that fails, everybody is refused
   * with the reason for ten seconds; then the next who asks tries again.
   */
  lend<T>(solutionVersionArn: string, work: (model: ServingModel) => T | Promise<T>): T | Promise<T>;
  /** Forgets every model that is not among these. */
  keepOnly(solutionVersionArns: ReadonlySet<string>): void;
}

interface Entry {
  readonly loading: Promise<ServingModel>;
  /** Once it is loaded: nobody who asks then has to wait. */
  loaded?: ServingModel;
  borrowers: number;
  forgotten: boolean;
}

interface Failure {
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

const failureLastsMs = 10_000;

export function createModelCache(jobs: Pick<JobRunner, "openModel">, { now }: Pick<Clock, "now">): ModelCache {
  const entries = new Map<string, Entry>();
  const failures = new Map<string, Failure>();

  function entryOf(arn: string): Entry {
    const known = entries.get(arn);
    if (known) return known;
    const entry: Entry = { loading: jobs.openModel(arn), borrowers: 0, forgotten: false };
    entries.set(arn, entry);
    entry.loading.then(
      (model) => {
        entry.loaded = model;
        failures.delete(arn);
      },
      (error: unknown) => {
        if (entries.get(arn) !== entry) return; // nobody wants it any more
        entries.delete(arn);
        failures.set(arn, { reason: (error as Error).message, until: now() + failureLastsMs });
      },
    );
    return entry;
  }

  /** Not for a model that is being loaded: that may still succeed. */
  function assertNoFailure(arn: string): void {
    const failure = entries.has(arn) ? undefined : failures.get(arn);
    if (failure && now() < failure.until) throw unloadable(arn, failure.reason);
  }

  async function opened({ loading }: Entry, arn: string): Promise<ServingModel> {
    try {
      return await loading;
    } catch (error) {
      throw unloadable(arn, (error as Error).message);
    }
  }

  async function lendLater<T>(entry: Entry, arn: string, work: (model: ServingModel) => T | Promise<T>): Promise<T> {
    entry.borrowers++;
    try {
      return await work(await opened(entry, arn));
    } finally {
      entry.borrowers--;
      closeUnused(entry);
    }
  }

  function lend<T>(arn: string, work: (model: ServingModel) => T | Promise<T>): T | Promise<T> {
    assertNoFailure(arn);
    const entry = entryOf(arn);
    if (!entry.loaded) return lendLater(entry, arn, work);
    const done = work(entry.loaded);
    return done instanceof Promise ? lendLater(entry, arn, () => done) : done;
  }

  return {
    load: async (arn) => void (await entryOf(arn).loading),
    lend,
    keepOnly(arns) {
      for (const arn of failures.keys()) if (!arns.has(arn)) failures.delete(arn);
      for (const [arn, entry] of entries) {
        if (arns.has(arn)) continue;
        entries.delete(arn);
        entry.forgotten = true;
        closeUnused(entry);
      }
    },
  };
}

const unloadable = (arn: string, reason: string) =>
  new AwsError(
    "InternalFailure",
    `The model of ${arn} cannot be opened: ${reason}. It is tried again in ${failureLastsMs / 1000} s; if it stays, train anew and update what serves it.`,
    { status: 500 },
  );

/** Whoever lets go last closes; a model that could not be loaded has nothing to close. */
function closeUnused({ loading, borrowers, forgotten }: Entry): void {
  if (forgotten && borrowers === 0) loading.then(({ close }) => close()).catch(() => {});
}
