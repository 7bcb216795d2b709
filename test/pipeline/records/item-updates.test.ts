/** When the live version stops taking in new items: worked out by hand from what Personalize promises of each case. */
import { describe, expect, it } from "@jest/globals";
import type { ContestRecord } from "../../../pipeline/records/run-record.ts";
import { haveItemUpdatesStopped } from "../../../pipeline/records/item-updates.ts";
import { aContest, aDecision } from "../../support/record-fixtures.ts";
import { aVersion } from "../../support/run-fixtures.ts";

const kept = { outcome: "KEEP", update: null, smokeTest: null } as const;
const elsewhere = "arn:aws:personalize:us-east-1:000000000000:solution/other/00000000";

interface Case {
  readonly why: string;
  readonly contest: ContestRecord;
  readonly mode?: "FULL" | "UPDATE";
  readonly recall?: "rollback" | "promote";
  readonly stopped: boolean | null;
}

const cases: readonly Case[] = [
  { why: "the newest version went live", contest: aContest(), stopped: false },
  { why: "the newest version is an UPDATE", contest: aContest(), mode: "UPDATE", stopped: true },
  { why: "a newer version lost", contest: aContest(kept), stopped: true },
  {
    why: "a newer version of another solution lost",
    contest: aContest({ ...kept, decision: aDecision({ previousSolutionVersionArn: elsewhere }) }),
    stopped: false,
  },
  {
    why: "a newer version was rolled back",
    contest: aContest({ outcome: "FAILED", rolledBack: true, isRollBack: true }),
    stopped: true,
  },
  {
    why: "the newer version could not be rolled back",
    contest: aContest({ outcome: "FAILED", isRollBack: true }),
    stopped: false,
  },
  {
    why: "the newer version did not train",
    contest: aContest({
      ...kept,
      decision: aDecision({ candidate: aVersion("candidate", 0, { status: "CREATE FAILED" }) }),
    }),
    stopped: null,
  },
  {
    why: "nothing serves",
    contest: aContest({ ...kept, decision: aDecision({ previousSolutionVersionArn: null }) }),
    stopped: null,
  },
  { why: "somebody went back to an older version", contest: aContest(), recall: "rollback", stopped: true },
  {
    why: "somebody went back to the version of another solution",
    contest: aContest({ decision: aDecision({ previousSolutionVersionArn: elsewhere }) }),
    recall: "rollback",
    stopped: false,
  },
  { why: "somebody promoted an earlier candidate", contest: aContest(), recall: "promote", stopped: null },
  { why: "it was never judged", contest: aContest({ outcome: "FAILED", decision: null }), stopped: null },
  {
    why: "the recipe takes in nothing by itself",
    contest: aContest({
      ...kept,
      decision: aDecision({ candidate: aVersion("candidate", 0.3, { recipe: "aws-hrnn" }) }),
    }),
    stopped: false,
  },
];

describe("automatic item updates of the live version", () => {
  it.each(cases)("have stopped: $stopped, when $why", ({ contest, mode = "FULL", recall = null, stopped }) => {
    expect(haveItemUpdatesStopped(contest, { trainingMode: mode, recall })).toBe(stopped);
  });
});
