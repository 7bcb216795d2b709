/**
 * Why a state did not go through, in the service's own error names. Thrown inside the interpreter only; `recover.ts`
 * turns it into a retry, a catch or the end of the execution.
 */
export type FailureOrigin =
  /** A query expression failed: the history gets an EvaluationFailed event. */
  | { readonly kind: "evaluation"; readonly location?: string }
  /** A called service or function failed, or its time was over; the history has its event already. */
  | { readonly kind: "task"; readonly missedHeartbeat?: boolean }
  /** Anything else the machine does wrong: no event of its own (fact 7). */
  | { readonly kind: "runtime" }
  /** The words of a Fail state or of a size limit, taken as they are. */
  | { readonly kind: "stated" }
  /** The failure of a branch or an iteration, now its parent's. */
  | { readonly kind: "passed-on" };

export class StateFailure extends Error {
  readonly error: string | undefined;
  readonly failureCause: string | undefined;
  readonly origin: FailureOrigin;
  constructor(error: string | undefined, failureCause: string | undefined, origin: FailureOrigin) {
    super(`${error ?? "no error"}: ${failureCause ?? "no cause"}`);
    this.name = "StateFailure";
    this.error = error;
    this.failureCause = failureCause;
    this.origin = origin;
  }
}

/** A JSONata expression or its value is at fault; `location` is the field path, absent for the input as a whole. */
export const evaluationFailure = (cause: string, location?: string) =>
  new StateFailure("States.QueryEvaluationError", cause, { kind: "evaluation", ...(location && { location }) });

export const runtimeFailure = (cause: string, error = "States.Runtime") =>
  new StateFailure(error, cause, { kind: "runtime" });
