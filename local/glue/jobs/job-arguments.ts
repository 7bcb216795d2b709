/** What a job's script gets on its command line. Pure. */
import type { JobRunRecord } from "../state.ts";

/** The run's own arguments over the job's defaults; those that cannot be overridden over both. */
export function argumentsOf({ id, job, request }: Pick<JobRunRecord, "id" | "job" | "request">): string[] {
  const named = {
    ...job.DefaultArguments,
    ...request.Arguments,
    ...job.NonOverridableArguments,
    "--JOB_NAME": job.Name ?? "",
    "--JOB_RUN_ID": id,
  };
  return Object.entries(named).flatMap(([name, value]) => (value === "" ? [name] : [name, value]));
}
