/** What CloudWatch shows of a machine: how its executions ended, one count each. */
import type { CallCounter } from "../cloud/ports/metrics.ts";
import type { ProgressListener } from "../cloud/ports/service.ts";

const metrics: Readonly<Record<string, string>> = {
  SUCCEEDED: "ExecutionsSucceeded",
  FAILED: "ExecutionsFailed",
  TIMED_OUT: "ExecutionsTimedOut",
  ABORTED: "ExecutionsAborted",
};

const machineOf = (executionArn: string): string =>
  executionArn.replace(":execution:", ":stateMachine:").split(":").slice(0, 7).join(":");

/** Counts, then passes on. */
export const countingEnds =
  (progress: ProgressListener, counter: CallCounter): ProgressListener =>
  (event) => {
    const metric = event.kind === "execution-ended" ? metrics[event.status] : undefined;
    if (metric !== undefined && "executionArn" in event) {
      counter.count("AWS/States", metric, { StateMachineArn: machineOf(event.executionArn) });
    }
    progress(event);
  };
