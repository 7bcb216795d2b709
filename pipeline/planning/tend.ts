/** What to do next about one thing that surrounds the campaigns, given what the service says of it. Pure. */
import type { RunBatchJob, RunFollowUp } from "./run-follow-up.ts";
import type { Run } from "./run.ts";

export interface Plan<Step extends string> {
  readonly step: Step | "wait" | "done" | "fail";
  /** What is waited for, or why it failed. */
  readonly reason: string;
}

export interface SeenThing {
  readonly status: string;
  readonly failureReason?: string | undefined;
}

export type FilterPlan = Plan<"create" | "replace">;
type WantedFilter = RunFollowUp["filters"][number];

/** White space has no meaning in an expression. */
const normal = (expression: string): string => expression.replace(/\s+/g, " ").trim();

const failed = (what: string, { status, failureReason }: SeenThing): Plan<never> => ({
  step: "fail",
  reason: `${what} is ${status}: ${failureReason ?? "no reason given"}`,
});

export function planFilter(
  wanted: WantedFilter,
  seen: (SeenThing & { readonly expression: string }) | null,
): FilterPlan {
  if (seen === null) return { step: "create", reason: "was just created" };
  const isSame = normal(seen.expression) === normal(wanted.expression);
  if (seen.status === "CREATE FAILED" && isSame) return failed(`filter ${wanted.name}`, seen);
  if (seen.status === "DELETE FAILED") return failed(`filter ${wanted.name}`, seen);
  if (/PENDING|IN_PROGRESS/.test(seen.status)) return { step: "wait", reason: `is ${seen.status}` };
  return isSame ? { step: "done", reason: "" } : { step: "replace", reason: "is being replaced" };
}

type WantedRecommender = RunFollowUp["recommenders"][number];
export interface SeenRecommender extends SeenThing {
  readonly config: Readonly<Record<string, unknown>>;
  readonly update: SeenThing | null;
}

const differs = (wanted: Readonly<Record<string, unknown>>, seen: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(wanted).some(([key, value]) => JSON.stringify(value) !== JSON.stringify(seen[key]));

export function planRecommender(
  wanted: WantedRecommender,
  seen: SeenRecommender | null,
): Plan<"create" | "update" | "start" | "stop"> {
  if (seen === null) return { step: "create", reason: "was just created" };
  const what = `recommender ${wanted.name}`;
  if (seen.status.includes("FAILED")) return failed(what, seen);
  if (/PENDING|IN_PROGRESS/.test(seen.status)) return { step: "wait", reason: `is ${seen.status}` };
  if (/PENDING|IN_PROGRESS/.test(seen.update?.status ?? "")) return { step: "wait", reason: "is being updated" };
  if (seen.status !== wanted.state) {
    return wanted.state === "ACTIVE"
      ? { step: "start", reason: "is being started" }
      : { step: "stop", reason: "is being stopped" };
  }
  if (!differs(wanted.config, seen.config) || wanted.state === "INACTIVE") return { step: "done", reason: "" };
  if (seen.update?.status.includes("FAILED")) return failed(`the update of ${what}`, seen.update);
  return { step: "update", reason: "is being updated" };
}

/** A run for the batch stage alone is about nothing else; others run the jobs whose solution has news. */
export function jobsDue({ options, followUp, trainings }: Run, promoted: readonly string[]): RunBatchJob[] {
  if (options.dryRun || !options.stages.includes("batch")) return [];
  if (!options.stages.includes("train")) return followUp.jobs.filter((job) => job.kind === "inference");
  return followUp.jobs.filter(({ kind, when, source }) =>
    kind === "segment" ? trainings.length > 0 : when === "always" || promoted.includes(source),
  );
}
