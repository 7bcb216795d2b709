/** RedriveExecution: runs on from the states that failed or were cut off; what succeeded is not done again. */
import type { RedriveExecutionInput, RedriveExecutionOutput } from "@aws-sdk/client-sfn";
import { executionNotRedrivable } from "../errors.ts";
import type { OperationDeps } from "./deps.ts";
import { findExecution, notRedrivable } from "./executions.ts";

export const redriveExecution =
  (deps: OperationDeps) =>
  async ({ executionArn = "" }: RedriveExecutionInput): Promise<RedriveExecutionOutput> => {
    const reason = notRedrivable(findExecution(deps, executionArn), deps.clock.now());
    if (reason !== undefined) throw executionNotRedrivable(reason);
    await deps.runner.signal(executionArn, { kind: "redrive" });
    return { redriveDate: new Date(findExecution(deps, executionArn).redriveDate ?? deps.clock.now()) };
  };
