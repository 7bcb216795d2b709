/** DescribeStateMachineForExecution: the definition an execution started with, whatever became of the machine (fact 37). */
import type {
  DescribeStateMachineForExecutionInput,
  DescribeStateMachineForExecutionOutput,
} from "@aws-sdk/client-sfn";
import { checkExecutionArn } from "../arns.ts";
import { executionDoesNotExist } from "../errors.ts";
import type { OperationDeps } from "./deps.ts";
import { settingsOf } from "./machines.ts";

export const describeStateMachineForExecution =
  (deps: OperationDeps) =>
  ({ executionArn = "" }: DescribeStateMachineForExecutionInput): DescribeStateMachineForExecutionOutput => {
    const execution = deps.tables.executions.get(checkExecutionArn(executionArn));
    if (!execution) throw executionDoesNotExist(executionArn);
    const machine = deps.tables.machines.get(execution.machineArn);
    const { loggingConfiguration, tracingConfiguration } = settingsOf(machine ?? {});
    return {
      stateMachineArn: execution.machineArn,
      name: execution.machineName,
      definition: deps.definitions.textOf(execution.definitionKey),
      roleArn: execution.roleArn,
      updateDate: new Date(machine?.updateDate ?? execution.startDate),
      loggingConfiguration,
      tracingConfiguration,
      encryptionConfiguration: { type: "AWS_OWNED_KEY" },
      ...(execution.revisionId !== undefined && { revisionId: execution.revisionId }),
    };
  };
