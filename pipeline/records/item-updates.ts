/**
 * Whether the version that a campaign serves still takes in new items by itself. Personalize refreshes the newest FULL
 * version of a solution every two hours, and only that one: a newer version, live or not, ends it for the one that serves,
 * and so does training it with UPDATE. The model then goes on, but does not explore what is new.
 */
import type { Recall } from "../planning/run-options.ts";
import type { Training } from "../planning/run.ts";
import { servedAfter } from "./served.ts";
import type { ContestRecord } from "./run-record.ts";

const refreshed: ReadonlySet<string> = new Set(["aws-user-personalization", "aws-user-personalization-v2"]);

const solutionOf = (versionArn: string): string => versionArn.slice(0, versionArn.lastIndexOf("/"));

interface Circumstances {
  readonly trainingMode: Training["trainingMode"];
  /** Nothing was trained: an earlier version was asked for. */
  readonly recall: Recall["kind"] | null;
}

/** Null where the contest tells nothing about it. */
export function haveItemUpdatesStopped(
  contest: ContestRecord,
  { trainingMode, recall }: Circumstances,
): boolean | null {
  if (recall !== null) return afterRecall(contest, recall);
  const candidate = contest.decision?.candidate;
  const served = servedAfter(contest);
  if (!candidate?.solutionVersionArn || candidate.status !== "ACTIVE" || served === null) return null;
  if (!refreshed.has(candidate.recipe)) return false;
  // A version of another solution is the newest of its own: only ours has a newer one now.
  if (solutionOf(served) !== solutionOf(candidate.solutionVersionArn)) return false;
  return served !== candidate.solutionVersionArn || trainingMode === "UPDATE";
}

/** Who goes back leaves a newer version behind. Who promotes an earlier candidate may have the newest one: it is not known. */
function afterRecall({ outcome, decision }: ContestRecord, recall: Recall["kind"]): boolean | null {
  const promoted = decision?.verdict.promotes?.solutionVersionArn;
  const before = decision?.previousSolutionVersionArn;
  if (recall === "promote" || outcome !== "PROMOTE" || !promoted || !before) return null;
  return refreshed.has(decision?.candidate.recipe ?? "") && solutionOf(promoted) === solutionOf(before);
}
