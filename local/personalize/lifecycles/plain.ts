/** The two changes that every resource knows: coming into being and going away. */
import { change, type ControlPlane } from "../control-plane.ts";
import type { Kind, Rows } from "../model.ts";
import type { Lifecycle, WorkOutcome } from "./transitions.ts";

type Statusful = Exclude<Kind, "schema">;

/** How a creation or update ends: ACTIVE, or CREATE FAILED with the reason. */
export function ended(outcome: WorkOutcome): { status: string; failureReason?: string } {
  if (outcome.kind === "succeeded") return { status: "ACTIVE" };
  return { status: "CREATE FAILED", failureReason: outcome.kind === "failed" ? outcome.failureReason : "Cancelled." };
}

export function creation<K extends Statusful>(plane: ControlPlane, kind: K): Lifecycle {
  return {
    enter: (arn) => change(plane, kind, arn, { status: "CREATE IN_PROGRESS" } as Partial<Rows[K]>),
    settle: (arn, outcome) => change(plane, kind, arn, ended(outcome) as unknown as Partial<Rows[K]>),
  };
}

/** @param forget removes what the data plane keeps. */
export function deletion<K extends Statusful>(
  plane: ControlPlane,
  kind: K,
  forget?: (arn: string) => Promise<void>,
): Lifecycle {
  return {
    // The service documents no second phase for dataset groups.
    enter: (arn) =>
      change(plane, kind, arn, {
        status: kind === "datasetGroup" ? "DELETE PENDING" : "DELETE IN_PROGRESS",
      } as Partial<Rows[K]>),
    work: async (arn) => {
      await forget?.(arn);
      return { kind: "succeeded" };
    },
    settle: (arn) => {
      plane.tables[kind].delete(arn);
      plane.side.tags.delete(arn);
    },
  };
}
