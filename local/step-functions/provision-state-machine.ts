/**
 * AWS::StepFunctions::StateMachine: the template's definition, with its substitutions, as a machine. Applied again at
 * every start; a definition that changed becomes a new revision.
 */
import { readFileSync } from "node:fs";
import type { CreateStateMachineInput, UpdateStateMachineInput } from "@aws-sdk/client-sfn";
import { AwsError } from "../cloud/ports/aws-error.ts";
import { physicalName } from "../cloud/ports/physical-name.ts";
import type { Provisioner } from "../cloud/ports/service.ts";
import { machineArn, parseMachineArn } from "./arns.ts";
import { createStateMachine } from "./operations/create-state-machine.ts";
import { deleteStateMachine } from "./operations/delete-state-machine.ts";
import type { OperationDeps } from "./operations/deps.ts";
import { updateStateMachine } from "./operations/update-state-machine.ts";

interface LoggingProperties {
  readonly Level?: "ALL" | "ERROR" | "FATAL" | "OFF";
  readonly IncludeExecutionData?: boolean | string;
  readonly Destinations?: readonly { readonly CloudWatchLogsLogGroup?: { readonly LogGroupArn?: string } }[];
}

/** The resource's properties, intrinsics resolved. CloudFormation may hand booleans and numbers over as text. */
interface StateMachineProperties {
  readonly StateMachineName?: string;
  readonly StateMachineType?: "STANDARD" | "EXPRESS";
  readonly RoleArn: string;
  readonly Definition?: object;
  readonly DefinitionString?: string;
  readonly DefinitionS3Location?:
    string | { readonly localAsset?: string; readonly Bucket?: string; readonly Key?: string };
  readonly DefinitionSubstitutions?: Readonly<Record<string, unknown>>;
  readonly LoggingConfiguration?: LoggingProperties;
  readonly TracingConfiguration?: { readonly Enabled?: boolean | string };
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

export function stateMachineProvisioner(deps: OperationDeps): Provisioner {
  return {
    type: "AWS::StepFunctions::StateMachine",
    async apply({ stackName, logicalId, physicalId, properties }) {
      const wanted = properties as unknown as StateMachineProperties;
      const name = wanted.StateMachineName ?? physicalName(stackName, logicalId, 80);
      const arn = machineArn(deps, name);
      const request = requestOf(wanted);
      if (deps.tables.machines.has(arn)) await update(deps, { ...request, stateMachineArn: arn });
      else await createStateMachine(deps)({ ...request, name, type: wanted.StateMachineType ?? "STANDARD" });
      if (physicalId !== undefined && physicalId !== arn)
        await deleteStateMachine(deps)({ stateMachineArn: physicalId });
      const revision = deps.tables.machines.get(arn)?.revisionId;
      return { ref: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: revision ?? "INITIAL" } };
    },
    async remove(physicalId) {
      await deleteStateMachine(deps)({ stateMachineArn: physicalId });
    },
  };
}

type Request = Required<Pick<CreateStateMachineInput, "definition" | "roleArn">> &
  Pick<CreateStateMachineInput, "loggingConfiguration" | "tracingConfiguration" | "tags">;

function requestOf(properties: StateMachineProperties): Request {
  const { RoleArn, LoggingConfiguration: logging, TracingConfiguration: tracing, Tags } = properties;
  return {
    definition: definitionText(properties),
    roleArn: RoleArn,
    ...(logging && { loggingConfiguration: loggingOf(logging) }),
    ...(tracing && { tracingConfiguration: { enabled: String(tracing.Enabled) === "true" } }),
    ...(Tags && { tags: Tags.map(({ Key, Value }) => ({ key: Key, value: Value })) }),
  };
}

function loggingOf({ Level, IncludeExecutionData, Destinations }: LoggingProperties) {
  return {
    ...(Level && { level: Level }),
    includeExecutionData: String(IncludeExecutionData) === "true",
    ...(Destinations && {
      destinations: Destinations.map(({ CloudWatchLogsLogGroup: group }) => ({
        cloudWatchLogsLogGroup: { logGroupArn: group?.LogGroupArn },
      })),
    }),
  };
}

function definitionText(properties: StateMachineProperties): string {
  const { Definition, DefinitionString, DefinitionS3Location: location, DefinitionSubstitutions = {} } = properties;
  const path = typeof location === "string" ? location : location?.localAsset;
  const text =
    DefinitionString ??
    (Definition && JSON.stringify(Definition)) ??
    (path === undefined ? undefined : readFileSync(path, "utf8"));
  if (text === undefined) {
    throw new AwsError(
      "ValidationError",
      "A state machine needs DefinitionString, Definition or a DefinitionS3Location that is an asset of the template",
    );
  }
  return text.replace(/\$\{([\w-]+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(DefinitionSubstitutions, name) ? String(DefinitionSubstitutions[name]) : placeholder,
  );
}

/** The machine's ARN is its name's: a machine made again under it goes on with its executions. */
async function update(deps: OperationDeps, request: UpdateStateMachineInput & Request): Promise<void> {
  const { tags, ...rest } = request;
  await updateStateMachine(deps)(rest);
  const { machineArn: arn } = parseMachineArn(request.stateMachineArn ?? "");
  const machine = deps.tables.machines.get(arn);
  if (!machine || !tags) return;
  deps.tables.machines.put(arn, {
    ...machine,
    tags: Object.fromEntries(tags.map(({ key = "", value = "" }) => [key, value])),
  });
  await deps.store.commit();
}
