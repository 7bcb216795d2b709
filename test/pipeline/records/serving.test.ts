/** The one sentence that people act on at night: which version serves after a contest, and what is not known. */
import { describe, expect, it } from "@jest/globals";
import type { ContestRecord } from "../../../pipeline/records/run-record.ts";
import { effectOf } from "../../../pipeline/records/serving.ts";
import { aContest, aDecision } from "../../support/record-fixtures.ts";

const failedSmokeTest = { passed: false, reason: "u gets nothing" };
const at = "2026-11-24T04:01:00.000Z";
const ended = (status: string) => ({ requestedAt: at, status, failureReason: null });
const failed = (error: string, more: Partial<ContestRecord>): ContestRecord =>
  aContest({ outcome: "FAILED", smokeTest: null, failure: { error, reason: "because" }, ...more });
const first = aDecision({ previousSolutionVersionArn: null, incumbent: null });

const candidate = "solution/candidate/0a1b2c3d";
const former = "solution/candidate/00000000";

interface Case {
  readonly why: string;
  readonly contest: ContestRecord;
  readonly says: string;
}

const cases: readonly Case[] = [
  { why: "it was promoted", contest: aContest(), says: `Live: ${candidate}` },
  {
    why: "it was kept",
    contest: aContest({ outcome: "KEEP", update: null, smokeTest: null }),
    says: `Kept. ${former} goes on serving.`,
  },
  {
    why: "the candidate did not train",
    contest: failed("TrainingFailed", { update: null }),
    says: `Failed: because. ${former} goes on serving.`,
  },
  {
    why: "the update failed",
    contest: failed("CampaignFailed", { update: ended("CREATE FAILED") }),
    says: `Failed: because. ${former} goes on serving.`,
  },
  {
    why: "the update may still end well",
    contest: failed("CampaignTookTooLong", { update: ended("CREATE IN_PROGRESS") }),
    says: `Failed: because. ${former} serves until the update to ${candidate} is done, which was CREATE IN_PROGRESS when the run gave up.`,
  },
  {
    why: "the first campaign may still come",
    contest: failed("CampaignTookTooLong", { update: ended("CREATE PENDING"), decision: first }),
    says: `Failed: because. No campaign serves until the update to ${candidate} is done, which was CREATE PENDING when the run gave up.`,
  },
  {
    why: "somebody else's update was under way",
    contest: failed("CampaignBusy", { update: null }),
    says: `Failed: because. ${former} served when this was judged; somebody else's update was under way.`,
  },
  {
    why: "the roll-back went well",
    contest: failed("SmokeTestFailed", {
      ...{ update: ended("ACTIVE"), smokeTest: failedSmokeTest, rolledBack: true, isRollBack: true },
    }),
    says: `Failed: because. It went live, failed its smoke test, and was taken back. ${former} goes on serving.`,
  },
  {
    why: "the roll-back itself failed",
    contest: failed("CampaignFailed", { update: ended("CREATE FAILED"), isRollBack: true }),
    says: `Failed: because. ${candidate} went live, failed its smoke test, and could not be taken back (the update ended as CREATE FAILED): it serves still.`,
  },
  {
    why: "the roll-back took too long",
    contest: failed("CampaignTookTooLong", { update: ended("CREATE IN_PROGRESS"), isRollBack: true }),
    says: `Failed: because. ${candidate} went live and failed its smoke test. It serves until the roll-back to ${former} is done, which the run did not see.`,
  },
  {
    why: "the roll-back never got its turn",
    contest: failed("CampaignBusy", { update: null, isRollBack: true }),
    says: `Failed: because. ${candidate} went live and failed its smoke test. It serves until the roll-back to ${former} is done, which the run did not see.`,
  },
  {
    why: "a first campaign failed its smoke test",
    contest: failed("SmokeTestFailed", { update: ended("ACTIVE"), smokeTest: failedSmokeTest, decision: first }),
    says: `Failed: because. ${candidate} serves although it failed its smoke test: no version came before it.`,
  },
  {
    why: "nothing is known",
    contest: failed("AccessDenied", { update: null, decision: null }),
    says: "Failed: because. What the campaign serves was not looked at again.",
  },
];

describe("what serves after a contest", () => {
  it.each(cases)("is told truly when $why", ({ contest, says }) => {
    expect(effectOf(contest)).toBe(says);
  });
});
