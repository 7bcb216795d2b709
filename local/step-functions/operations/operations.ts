/** The API as a table: operation by AWS name. What is not here does not exist in the embedded cloud. */
import type { Operation } from "../../cloud/ports/service.ts";
import { createStateMachine } from "./create-state-machine.ts";
import { deleteStateMachine } from "./delete-state-machine.ts";
import type { OperationDeps } from "./deps.ts";
import { describeExecution } from "./describe-execution.ts";
import { describeStateMachineForExecution } from "./describe-state-machine-for-execution.ts";
import { describeStateMachine } from "./describe-state-machine.ts";
import { getExecutionHistory } from "./get-execution-history.ts";
import { listExecutions } from "./list-executions.ts";
import { listStateMachines } from "./list-state-machines.ts";
import { redriveExecution } from "./redrive-execution.ts";
import { sendTaskFailure } from "./send-task-failure.ts";
import { sendTaskHeartbeat } from "./send-task-heartbeat.ts";
import { sendTaskSuccess } from "./send-task-success.ts";
import { startExecution } from "./start-execution.ts";
import { stopExecution } from "./stop-execution.ts";
import { listTagsForResource, tagResource, untagResource } from "./tags.ts";
import { updateStateMachine } from "./update-state-machine.ts";
import { validateStateMachineDefinition } from "./validate-state-machine-definition.ts";
import { deleteStateMachineVersion, listStateMachineVersions, publishStateMachineVersion } from "./versions.ts";

export function makeOperations(deps: OperationDeps): Readonly<Record<string, Operation>> {
  return {
    CreateStateMachine: createStateMachine(deps),
    UpdateStateMachine: updateStateMachine(deps),
    DescribeStateMachine: describeStateMachine(deps),
    DescribeStateMachineForExecution: describeStateMachineForExecution(deps),
    DeleteStateMachine: deleteStateMachine(deps),
    ListStateMachines: listStateMachines(deps),
    StartExecution: startExecution(deps),
    StopExecution: stopExecution(deps),
    DescribeExecution: describeExecution(deps),
    ListExecutions: listExecutions(deps),
    GetExecutionHistory: getExecutionHistory(deps),
    RedriveExecution: redriveExecution(deps),
    SendTaskSuccess: sendTaskSuccess(deps),
    SendTaskFailure: sendTaskFailure(deps),
    SendTaskHeartbeat: sendTaskHeartbeat(deps),
    ValidateStateMachineDefinition: validateStateMachineDefinition(),
    PublishStateMachineVersion: publishStateMachineVersion(deps),
    ListStateMachineVersions: listStateMachineVersions(deps),
    DeleteStateMachineVersion: deleteStateMachineVersion(deps),
    TagResource: tagResource(deps),
    UntagResource: untagResource(deps),
    ListTagsForResource: listTagsForResource(deps),
  };
}
