/** StartExecution: a name used again is the same request while its execution runs on the same input, else an error. */
import type { StartExecutionInput, StartExecutionOutput } from "@aws-sdk/client-sfn";
import { checkName, executionArnOf, parseMachineArn } from "../arns.ts";
import { executionAlreadyExists, invalidExecutionInput } from "../errors.ts";
import type { Execution } from "../interpreter/execution.ts";
import { readJson } from "../json-text.ts";
import { exceedsLimit } from "../json.ts";
import type { OperationDeps } from "./deps.ts";
import { findMachine, versionArn } from "./machines.ts";
import { forgetExpired } from "./retention.ts";

export const startExecution =
  (deps: OperationDeps) =>
  async (input: StartExecutionInput): Promise<StartExecutionOutput> => {
    const { stateMachineArn = "", input: inputText = "{}" } = input;
    const found = findMachine(deps, stateMachineArn);
    checkInput(inputText);
    const name = checkName(input.name ?? deps.ids.uuid());
    const arn = executionArnOf(parseMachineArn(stateMachineArn).machineArn, name);
    const known = deps.tables.executions.get(arn);
    if (known) return sameOrRefused(known, inputText);
    const execution = describeStart(deps, found, { arn, name, inputText, traceHeader: input.traceHeader });
    forgetExpired(deps);
    await deps.runner.start(execution);
    return { executionArn: arn, startDate: new Date(execution.startDate) };
  };

function checkInput(text: string): void {
  if (text === "") throw invalidExecutionInput("Invalid execution input.");
  const read = readJson(text);
  if (!read.ok) throw invalidExecutionInput(`${read.fault.message}\n at ${read.fault.location}`);
  if (exceedsLimit(text)) throw invalidExecutionInput("Input exceeds the maximum of 262144 bytes");
}

function sameOrRefused(known: Execution, inputText: string): StartExecutionOutput {
  if (known.status !== "RUNNING" || known.inputText !== inputText) throw executionAlreadyExists(known.arn);
  return { executionArn: known.arn, startDate: new Date(known.startDate) };
}

interface Start {
  readonly arn: string;
  readonly name: string;
  readonly inputText: string;
  readonly traceHeader: string | undefined;
}

function describeStart(
  { clock, definitions }: OperationDeps,
  { machine, version }: ReturnType<typeof findMachine>,
  { traceHeader, ...start }: Start,
): Execution {
  const { definitionKey, roleArn, revisionId } = version ?? machine;
  const { TimeoutSeconds } = definitions.programOf(definitionKey).definition;
  return {
    ...start,
    machineArn: machine.arn,
    machineName: machine.name,
    ...(version && { versionArn: versionArn(machine, version.number) }),
    roleArn,
    definitionKey,
    ...(revisionId !== undefined && { revisionId }),
    status: "RUNNING",
    startDate: clock.now(),
    ...(TimeoutSeconds !== undefined && { expiresAt: clock.now() + TimeoutSeconds * 1000 }),
    redriveCount: 0,
    ...(traceHeader !== undefined && { traceHeader }),
  };
}
