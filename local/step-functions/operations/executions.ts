/** Reading executions for the operations. */
import { checkExecutionArn } from "../arns.ts";
import { executionDoesNotExist } from "../errors.ts";
import type { Execution } from "../interpreter/execution.ts";
import type { OperationDeps } from "./deps.ts";
import { redrivableFor } from "./retention.ts";

export function findExecution({ tables }: Pick<OperationDeps, "tables">, arn: string): Execution {
  const execution = tables.executions.get(checkExecutionArn(arn));
  if (!execution) throw executionDoesNotExist(arn);
  return execution;
}

/** Why an execution cannot be redriven; undefined when it can (fact 37). */
export function notRedrivable({ status, stopDate = 0 }: Execution, now: number): string | undefined {
  if (status === "RUNNING" || status === "SUCCEEDED") return `Execution is ${status} and cannot be redriven`;
  return now - stopDate > redrivableFor ? "Execution ended more than 14 days ago and cannot be redriven" : undefined;
}
