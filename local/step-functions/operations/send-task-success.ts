/** SendTaskSuccess: the output becomes the waiting task's result. */
import type { SendTaskSuccessInput, SendTaskSuccessOutput } from "@aws-sdk/client-sfn";
import { invalidOutput } from "../errors.ts";
import { readJson } from "../json-text.ts";
import type { OperationDeps } from "./deps.ts";
import { waitingTask } from "./waiting-task.ts";

export const sendTaskSuccess =
  (deps: OperationDeps) =>
  async ({ taskToken = "", output = "" }: SendTaskSuccessInput): Promise<SendTaskSuccessOutput> => {
    const { executionArn, thread, attempt } = waitingTask(deps, taskToken);
    const read = readJson(output);
    if (!read.ok) throw invalidOutput(`${read.fault.message}\n at ${read.fault.location}`);
    const outcome = { kind: "succeeded", output: read.value } as const;
    await deps.runner.signal(executionArn, { kind: "settled", thread, attempt, outcome });
    return {};
  };
