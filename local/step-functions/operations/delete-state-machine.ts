/** DeleteStateMachine: its executions end, their histories stay; deleting what does not exist succeeds (fact 35). */
import type { DeleteStateMachineInput, DeleteStateMachineOutput } from "@aws-sdk/client-sfn";
import { invalidArn, parseMachineArn } from "../arns.ts";
import type { OperationDeps } from "./deps.ts";

export const deleteStateMachine =
  (deps: OperationDeps) =>
  async ({ stateMachineArn = "" }: DeleteStateMachineInput): Promise<DeleteStateMachineOutput> => {
    const { machineArn, qualifier } = parseMachineArn(stateMachineArn);
    if (qualifier !== undefined) throw invalidArn(stateMachineArn);
    deps.tables.machines.delete(machineArn);
    const running = [...deps.tables.executions.values()].filter(
      (execution) => execution.machineArn === machineArn && execution.status === "RUNNING",
    );
    await deps.store.commit();
    await Promise.all(running.map(({ arn }) => deps.runner.signal(arn, { kind: "stop" })));
    return {};
  };
