/** DescribeStateMachine: the machine as it is now, or one of its versions (fact 36). */
import type { DescribeStateMachineInput, DescribeStateMachineOutput } from "@aws-sdk/client-sfn";
import type { MachineDefinition } from "../program/definition.ts";
import { variableReferences } from "../program/variable-references.ts";
import type { OperationDeps } from "./deps.ts";
import { findMachine, versionArn } from "./machines.ts";

export const describeStateMachine =
  (deps: OperationDeps) =>
  ({ stateMachineArn = "", includedData }: DescribeStateMachineInput): DescribeStateMachineOutput => {
    const { machine, version } = findMachine(deps, stateMachineArn);
    const shown = version ?? machine;
    const definition = deps.definitions.textOf(shown.definitionKey);
    const references = variableReferences(JSON.parse(definition) as MachineDefinition);
    return {
      stateMachineArn: version ? versionArn(machine, version.number) : machine.arn,
      name: machine.name,
      status: "ACTIVE",
      definition: includedData === "METADATA_ONLY" ? "" : definition,
      roleArn: shown.roleArn,
      type: machine.type,
      creationDate: new Date(shown.creationDate),
      loggingConfiguration: shown.loggingConfiguration,
      tracingConfiguration: shown.tracingConfiguration,
      encryptionConfiguration: { type: "AWS_OWNED_KEY" },
      ...(shown.revisionId !== undefined && { revisionId: shown.revisionId }),
      ...(version?.description !== undefined && { description: version.description }),
      ...(Object.keys(references).length > 0 && { variableReferences: references }),
    };
  };
