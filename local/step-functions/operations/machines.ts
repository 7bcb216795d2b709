/** Reading state machines for the operations: what an ARN names, and how a machine's settings are completed. */
import type { CreateStateMachineInput, LoggingConfiguration, TracingConfiguration } from "@aws-sdk/client-sfn";
import { parseMachineArn } from "../arns.ts";
import { stateMachineDoesNotExist } from "../errors.ts";
import type { StateMachineRow, VersionRow } from "../machine.ts";
import type { OperationDeps } from "./deps.ts";

export interface FoundMachine {
  readonly machine: StateMachineRow;
  /** Set when the ARN names a version. */
  readonly version: VersionRow | undefined;
}

export const versionArn = (machine: Pick<StateMachineRow, "arn">, number: number) => `${machine.arn}:${number}`;

/** The machine, or the version, that an ARN names; fails as the service does. */
export function findMachine({ tables }: Pick<OperationDeps, "tables">, arn: string): FoundMachine {
  const { machineArn, qualifier } = parseMachineArn(arn);
  const machine = tables.machines.get(machineArn);
  if (!machine) throw stateMachineDoesNotExist(arn);
  if (qualifier === undefined) return { machine, version: undefined };
  const version = machine.versions.find(({ number }) => String(number) === qualifier);
  if (!version) throw stateMachineDoesNotExist(arn);
  return { machine, version };
}

export interface Settings {
  readonly loggingConfiguration: LoggingConfiguration;
  readonly tracingConfiguration: TracingConfiguration;
}

/** Both configurations are always shown, with their defaults (fact 36). */
export function settingsOf({
  loggingConfiguration,
  tracingConfiguration,
}: Pick<CreateStateMachineInput, "loggingConfiguration" | "tracingConfiguration">): Settings {
  return {
    loggingConfiguration: { level: "OFF", includeExecutionData: false, ...loggingConfiguration },
    tracingConfiguration: { enabled: false, ...tracingConfiguration },
  };
}

/** Equal by value, whatever the order of members. */
export function sameSettings(a: Settings, b: Settings): boolean {
  return (
    canonical(a.loggingConfiguration) === canonical(b.loggingConfiguration) &&
    canonical(a.tracingConfiguration) === canonical(b.tracingConfiguration)
  );
}

const canonical = (value: object): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

/** A copy of the machine with its present definition published, and the version's number (fact 41). */
export function publish(
  machine: StateMachineRow,
  now: number,
  description: string | undefined,
): { readonly machine: StateMachineRow; readonly version: VersionRow } {
  const latest = machine.versions.at(-1);
  const unchanged = latest?.revisionId === machine.revisionId && latest?.definitionKey === machine.definitionKey;
  if (latest && unchanged && latest.roleArn === machine.roleArn) return { machine, version: latest };
  const { definitionKey, roleArn, revisionId, loggingConfiguration, tracingConfiguration } = machine;
  const version: VersionRow = {
    number: machine.lastVersion + 1,
    definitionKey,
    roleArn,
    creationDate: now,
    loggingConfiguration,
    tracingConfiguration,
    ...(revisionId !== undefined && { revisionId }),
    ...(description !== undefined && { description }),
  };
  return {
    machine: { ...machine, versions: [...machine.versions, version], lastVersion: version.number },
    version,
  };
}
