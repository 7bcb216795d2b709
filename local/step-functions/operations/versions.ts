/** PublishStateMachineVersion, ListStateMachineVersions and DeleteStateMachineVersion (fact 41). */
import type {
  DeleteStateMachineVersionInput,
  DeleteStateMachineVersionOutput,
  ListStateMachineVersionsInput,
  ListStateMachineVersionsOutput,
  PublishStateMachineVersionInput,
  PublishStateMachineVersionOutput,
} from "@aws-sdk/client-sfn";
import { invalidArn, parseMachineArn } from "../arns.ts";
import { conflict, validationException } from "../errors.ts";
import type { OperationDeps } from "./deps.ts";
import { findMachine, publish, versionArn } from "./machines.ts";
import { pageOf } from "./pages.ts";

export const publishStateMachineVersion =
  (deps: OperationDeps) =>
  async (input: PublishStateMachineVersionInput): Promise<PublishStateMachineVersionOutput> => {
    const { machine } = findMachine(deps, input.stateMachineArn ?? "");
    // A machine that was never updated has the revision "INITIAL".
    const revision = machine.revisionId ?? "INITIAL";
    if (input.revisionId !== undefined && input.revisionId !== revision) {
      throw conflict(
        `Failed to publish the State Machine version for revision ${input.revisionId}. ` +
          `The current State Machine revision is ${revision}.`,
      );
    }
    const published = publish(machine, deps.clock.now(), input.description);
    if (published.machine !== machine) deps.tables.machines.put(machine.arn, published.machine);
    await deps.store.commit();
    const { number, creationDate } = published.version;
    return { stateMachineVersionArn: versionArn(machine, number), creationDate: new Date(creationDate) };
  };

export const listStateMachineVersions =
  (deps: OperationDeps) =>
  (input: ListStateMachineVersionsInput): ListStateMachineVersionsOutput => {
    const { machine } = findMachine(deps, input.stateMachineArn ?? "");
    const { items, ...rest } = pageOf([...machine.versions].reverse(), input);
    const stateMachineVersions = items.map(({ number, creationDate }) => ({
      stateMachineVersionArn: versionArn(machine, number),
      creationDate: new Date(creationDate),
    }));
    return { stateMachineVersions, ...rest };
  };

export const deleteStateMachineVersion =
  (deps: OperationDeps) =>
  async ({ stateMachineVersionArn = "" }: DeleteStateMachineVersionInput): Promise<DeleteStateMachineVersionOutput> => {
    const { machineArn, qualifier } = parseMachineArn(stateMachineVersionArn);
    if (qualifier === undefined) throw invalidArn(stateMachineVersionArn);
    if (!/^\d+$/.test(qualifier)) throw validationException(`'${stateMachineVersionArn}' names no version by number`);
    const machine = deps.tables.machines.get(machineArn);
    const versions = machine?.versions.filter(({ number }) => String(number) !== qualifier);
    if (machine && versions && versions.length < machine.versions.length) {
      deps.tables.machines.put(machineArn, { ...machine, versions });
      await deps.store.commit();
    }
    return {};
  };
