/**
 * What the campaign serves after a contest, in one sentence, and no more than is known: an update that was still running
 * when the run gave up may yet end well, and where the roll-back failed the new version serves.
 */
import { named } from "./wording.ts";
import type { ContestRecord } from "./run-record.ts";

/** Campaign updates that are over and were no success. */
const isOver = (status: string): boolean => status.includes("FAILED");

const ending = ({ update }: ContestRecord): string =>
  update === null ? "" : ` (the update ended as ${update.status})`;

function afterFailure(contest: ContestRecord): string {
  const { decision, update, rolledBack, isRollBack, smokeTest, failure } = contest;
  if (decision === null) return "What the campaign serves was not looked at again.";
  const previous = decision.previousSolutionVersionArn;
  const former = previous === null ? "No campaign serves yet." : `${named(previous)} goes on serving.`;
  const wanted = named(decision.verdict.promotes?.solutionVersionArn ?? "the new version");
  if (rolledBack) return `It went live, failed its smoke test, and was taken back. ${former}`;
  if (isRollBack && update !== null && isOver(update.status)) {
    return `${wanted} went live, failed its smoke test, and could not be taken back${ending(contest)}: it serves still.`;
  }
  if (isRollBack) {
    return `${wanted} went live and failed its smoke test. It serves until the roll-back to ${named(previous ?? "")} is done, which the run did not see.`;
  }
  if (smokeTest?.passed === false)
    return `${wanted} serves although it failed its smoke test: no version came before it.`;
  if (failure?.error === "CampaignBusy") {
    return `${previous === null ? "No campaign served" : `${named(previous)} served`} when this was judged; somebody else's update was under way.`;
  }
  if (update !== null && !isOver(update.status)) {
    const until = previous === null ? "No campaign serves" : `${named(previous)} serves`;
    return `${until} until the update to ${wanted} is done, which was ${update.status} when the run gave up.`;
  }
  return former;
}

/** For people: what became of the contest and what serves now. */
export function effectOf(contest: ContestRecord): string {
  const { outcome, decision, failure } = contest;
  const previous = decision?.previousSolutionVersionArn ?? null;
  const serving = previous === null ? "No campaign serves yet." : `${named(previous)} goes on serving.`;
  if (outcome === "PROMOTE") return `Live: ${named(decision?.verdict.promotes?.solutionVersionArn ?? "")}`;
  if (outcome === "KEEP") return decision?.dryRun ? `Dry run: nothing was changed. ${serving}` : `Kept. ${serving}`;
  return `Failed: ${failure?.reason ?? "no reason given"}. ${afterFailure(contest)}`;
}
