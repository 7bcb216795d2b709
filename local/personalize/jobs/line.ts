/** Lets jobs with the same key run one after the other, in the order they came; a job may be cancelled while it waits. */
import type { JobHandle, JobOutcome } from "../job-runner.ts";

export interface Line {
  /**
   * @param start starts the job when its turn has come
   * @param finish runs before the next one's turn; gives the outcome to report
   */
  enter<Result>(
    key: string,
    start: () => JobHandle<Result>,
    finish: (outcome: JobOutcome<Result>) => JobOutcome<Result>,
  ): JobHandle<Result>;
}

export function createLine(): Line {
  const last = new Map<string, Promise<unknown>>();
  return {
    enter<Result>(
      key: string,
      start: () => JobHandle<Result>,
      finish: (outcome: JobOutcome<Result>) => JobOutcome<Result>,
    ) {
      let cancelled = false;
      let job: JobHandle<Result> | undefined;
      async function take(): Promise<JobOutcome<Result>> {
        if (cancelled) return { kind: "cancelled" };
        job = start();
        return finish(await job.done);
      }
      const before = last.get(key) ?? Promise.resolve();
      const done = before.then(take);
      const settled = done.catch(() => {}); // the next in line does not care how this one ended
      last.set(key, settled);
      void settled.then(() => last.get(key) === settled && last.delete(key));
      const cancel = () => {
        cancelled = true;
        job?.cancel();
      };
      return { done, cancel };
    },
  };
}
