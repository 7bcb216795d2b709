/** StopExecution: an execution that has ended is left as it is; the answer is its stopDate alone (fact 6). */
import type { StopExecutionInput, StopExecutionOutput } from "@aws-sdk/client-sfn";
import type { OperationDeps } from "./deps.ts";
import { findExecution } from "./executions.ts";

export const stopExecution =
  (deps: OperationDeps) =>
  async ({ executionArn = "", error, cause }: StopExecutionInput): Promise<StopExecutionOutput> => {
    findExecution(deps, executionArn);
    await deps.runner.signal(executionArn, {
      kind: "stop",
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
    });
    return { stopDate: new Date(findExecution(deps, executionArn).stopDate ?? deps.clock.now()) };
  };
