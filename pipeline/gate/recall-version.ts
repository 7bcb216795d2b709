/**
 * A person's decision to let an earlier version serve: the former one, or the candidate of a named run. It is written down
 * like the gate's own decisions (R1), with the evidence that the earlier run had, and recorded as FORCED.
 */
import type { Decision } from "../records/decision.ts";
import type { Recall } from "../planning/run-options.ts";
import type { Override, ReasonCode, Verdict } from "./evidence.ts";
import { check } from "./rule.ts";

/** There is nothing to recall; the message says what there is. */
export class NothingToRecall extends Error {
  override readonly name = "NothingToRecall";
}

export interface RecallRequest {
  readonly recall: Recall;
  readonly override: Override;
  readonly solutionVersionArn: string;
  /** What the campaign serves now. */
  readonly live: string | null;
  /** The decision in which this version was judged; null when it was not judged here. */
  readonly earlier: Decision | null;
}

const codes: Readonly<Record<Recall["kind"], readonly ReasonCode[]>> = {
  rollback: ["FORCED", "ROLLBACK"],
  promote: ["FORCED"],
};

export function recallVersion({ recall, override, solutionVersionArn, live, earlier }: RecallRequest): Verdict {
  if (live === solutionVersionArn)
    throw new NothingToRecall(`${solutionVersionArn} is what the campaign serves already`);
  return {
    outcome: "PROMOTE",
    reasonCodes: [...codes[recall.kind]],
    rules: [
      check(true, "FORCED", {
        name: recall.kind === "rollback" ? "asked to return to the former version" : "asked to promote a known version",
        observed: override.actor,
        required: "a person with a reason",
        reason: override.reason,
      }),
    ],
    promotes: { role: "candidate", solutionVersionArn },
    lift: earlier?.verdict.lift ?? null,
    incumbentLift: null,
    warnings: earlier === null ? [`no decision record for ${solutionVersionArn}`] : [],
  };
}
