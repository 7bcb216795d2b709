/**
 * Which solutions nobody needs any more. Personalize cannot delete a single version, but a changed recipe or configuration
 * makes another solution, and the old one would stay for ever. A solution goes only when every rule agrees; each one that
 * stays is told with its reason.
 */
import type { Retention } from "../config/cleanup.ts";
import { type Found, type Kept, thing } from "./found.ts";
import { isOurSolution } from "./ownership.ts";

export interface PruneRequest {
  /** All solutions and campaigns of the group. */
  readonly found: readonly Found[];
  readonly prefix: string;
  /** Names of the solutions that the configuration makes. */
  readonly configured: readonly string[];
  /** Champions' and former champions' versions: the ways back. */
  readonly championVersions: readonly string[];
  readonly retention: Retention;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface Pruning {
  readonly old: readonly Found[];
  readonly kept: readonly Kept[];
}

const day = 86_400_000;

const solutionOf = (versionArn: string): string => versionArn.slice(0, versionArn.lastIndexOf("/"));

/** Null when nothing speaks for it. */
function whyItStays(solution: Found, request: PruneRequest): string | null {
  const { found, championVersions, retention, now } = request;
  const campaign = found.find(({ kind, solutionArn }) => kind === "campaign" && solutionArn === solution.arn);
  if (campaign) return `campaign ${campaign.name} serves it`;
  const champion = championVersions.find((version) => solutionOf(version) === solution.arn);
  if (champion !== undefined) return `it holds ${champion}, a champion or the way back to the former one`;
  const [work] = solution.work;
  if (work) return `${work.what} is ${work.status}`;
  const days = (now - solution.usedAt) / day;
  if (days < retention.afterDays) {
    return `it was last trained ${Math.floor(days)} days ago; retention.afterDays is ${retention.afterDays}`;
  }
  return null;
}

export function decidePruning(request: PruneRequest): Pruning {
  const { found, prefix, configured } = request;
  const unconfigured = found.filter(
    ({ kind, name }) => kind === "solution" && isOurSolution(name, prefix) && !configured.includes(name),
  );
  const judged = unconfigured.map((solution) => ({
    solution,
    // What is going already is waited for, whatever the rules say by now.
    reason: solution.status.startsWith("DELETE") ? null : whyItStays(solution, request),
  }));
  return {
    old: judged.flatMap(({ solution, reason }) => (reason === null ? [solution] : [])),
    kept: judged.flatMap(({ solution, reason }) => (reason === null ? [] : [{ ...thing(solution), reason }])),
  };
}
