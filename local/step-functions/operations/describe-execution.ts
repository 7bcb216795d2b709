/** DescribeExecution (facts 10, 11, 14, 37). */
import type { DescribeExecutionInput, DescribeExecutionOutput } from "@aws-sdk/client-sfn";
import type { OperationDeps } from "./deps.ts";
import { findExecution, notRedrivable } from "./executions.ts";

const included = { included: true } as const;

export const describeExecution =
  (deps: OperationDeps) =>
  ({ executionArn = "", includedData }: DescribeExecutionInput): DescribeExecutionOutput => {
    const execution = findExecution(deps, executionArn);
    const { stopDate, outputText, error, cause, redriveDate, traceHeader } = execution;
    const reason = notRedrivable(execution, deps.clock.now());
    const withData = includedData !== "METADATA_ONLY";
    return {
      executionArn: execution.arn,
      stateMachineArn: execution.machineArn,
      name: execution.name,
      status: execution.status,
      startDate: new Date(execution.startDate),
      redriveCount: execution.redriveCount,
      redriveStatus: reason === undefined ? "REDRIVABLE" : "NOT_REDRIVABLE",
      ...(withData && { input: execution.inputText, inputDetails: included }),
      ...(withData && outputText !== undefined && { output: outputText, outputDetails: included }),
      ...(reason !== undefined && { redriveStatusReason: reason }),
      ...(stopDate !== undefined && { stopDate: new Date(stopDate) }),
      ...(redriveDate !== undefined && { redriveDate: new Date(redriveDate) }),
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
      ...(traceHeader !== undefined && { traceHeader }),
      ...(execution.versionArn !== undefined && { stateMachineVersionArn: execution.versionArn }),
      ...(execution.aliasArn !== undefined && { stateMachineAliasArn: execution.aliasArn }),
    };
  };
