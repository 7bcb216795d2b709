/** SendTaskHeartbeat: the waiting task's heartbeat begins anew. */
import type { SendTaskHeartbeatInput, SendTaskHeartbeatOutput } from "@aws-sdk/client-sfn";
import type { OperationDeps } from "./deps.ts";
import { waitingTask } from "./waiting-task.ts";

export const sendTaskHeartbeat =
  (deps: OperationDeps) =>
  async ({ taskToken = "" }: SendTaskHeartbeatInput): Promise<SendTaskHeartbeatOutput> => {
    const { executionArn, thread, attempt } = waitingTask(deps, taskToken);
    await deps.runner.signal(executionArn, { kind: "heartbeat", thread, attempt });
    return {};
  };
