/** SendTaskFailure: the waiting task fails with the caller's error and cause. */
import type { SendTaskFailureInput, SendTaskFailureOutput } from "@aws-sdk/client-sfn";
import type { OperationDeps } from "./deps.ts";
import { waitingTask } from "./waiting-task.ts";

export const sendTaskFailure =
  (deps: OperationDeps) =>
  async ({ taskToken = "", error, cause }: SendTaskFailureInput): Promise<SendTaskFailureOutput> => {
    const { executionArn, thread, attempt } = waitingTask(deps, taskToken);
    const outcome = { kind: "failed", error, cause } as const;
    await deps.runner.signal(executionArn, { kind: "settled", thread, attempt, outcome });
    return {};
  };
