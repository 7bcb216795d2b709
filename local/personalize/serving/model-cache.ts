/**
 * Models in memory, one per solution version that a campaign serves. A model enters when its campaign is created or
 * updated, before the status says ACTIVE, and leaves with the last campaign that serves it.
 */
import type { JobRunner, ServingModel } from "../job-runner.ts";

export interface ModelCache {
  /** The version's model; loading it once, however many ask at the same time. A failed load is tried anew next time. */
  get(solutionVersionArn: string): Promise<ServingModel>;
  /** Forgets every model that is not among these. */
  keepOnly(solutionVersionArns: ReadonlySet<string>): void;
}

export function createModelCache(jobs: Pick<JobRunner, "openModel">): ModelCache {
  const loaded = new Map<string, Promise<ServingModel>>();
  return {
    get(arn) {
      const known = loaded.get(arn);
      if (known) return known;
      const loading = jobs.openModel(arn);
      loaded.set(arn, loading);
      loading.catch(() => loaded.delete(arn));
      return loading;
    },
    keepOnly(arns) {
      for (const arn of loaded.keys()) if (!arns.has(arn)) loaded.delete(arn);
    },
  };
}
