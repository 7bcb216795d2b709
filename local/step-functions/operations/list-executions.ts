/** ListExecutions: newest first (fact 37), of one machine, version or status. */
import type { ListExecutionsInput, ListExecutionsOutput } from "@aws-sdk/client-sfn";
import { validationException } from "../errors.ts";
import type { Execution } from "../interpreter/execution.ts";
import type { OperationDeps } from "./deps.ts";
import { findMachine, versionArn } from "./machines.ts";
import { pageOf } from "./pages.ts";

export const listExecutions =
  (deps: OperationDeps) =>
  (input: ListExecutionsInput): ListExecutionsOutput => {
    const { stateMachineArn, statusFilter, redriveFilter } = input;
    if (stateMachineArn === undefined) {
      throw validationException("ListExecutions needs a stateMachineArn: map runs do not exist in the embedded cloud");
    }
    const { machine, version } = findMachine(deps, stateMachineArn);
    const wantedVersion = version && versionArn(machine, version.number);
    const isWanted = (execution: Execution) =>
      execution.machineArn === machine.arn &&
      (wantedVersion === undefined || execution.versionArn === wantedVersion) &&
      (statusFilter === undefined || statusFilter === shownStatus(execution)) &&
      (redriveFilter === undefined || (redriveFilter === "REDRIVEN") === execution.redriveCount > 0);
    // Stored in the order they started; a stable sort after the reversal keeps that among equal instants.
    const executions = [...deps.tables.executions.values()].filter(isWanted).reverse();
    executions.sort((a, b) => b.startDate - a.startDate);
    const { items, ...rest } = pageOf(executions, input);
    return { executions: items.map(itemOf), ...rest };
  };

/** PENDING_REDRIVE exists in the filter's enum but never here: a redrive starts at once. */
const shownStatus = ({ status }: Execution): string => status;

function itemOf(execution: Execution) {
  const { stopDate, redriveDate } = execution;
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.machineArn,
    name: execution.name,
    status: execution.status,
    startDate: new Date(execution.startDate),
    redriveCount: execution.redriveCount,
    ...(stopDate !== undefined && { stopDate: new Date(stopDate) }),
    ...(redriveDate !== undefined && { redriveDate: new Date(redriveDate) }),
    ...(execution.versionArn !== undefined && { stateMachineVersionArn: execution.versionArn }),
  };
}
