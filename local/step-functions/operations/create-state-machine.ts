/** CreateStateMachine: idempotent for a request equal in everything, definition text included (fact 35). */
import type { CreateStateMachineInput, CreateStateMachineOutput } from "@aws-sdk/client-sfn";
import { checkName, machineArn } from "../arns.ts";
import { stateMachineAlreadyExists, typeNotSupported, validationException } from "../errors.ts";
import type { StateMachineRow } from "../machine.ts";
import type { OperationDeps } from "./deps.ts";
import { publish, sameSettings, settingsOf, versionArn } from "./machines.ts";
import { checkRole } from "./roles.ts";

export const createStateMachine =
  (deps: OperationDeps) =>
  async (input: CreateStateMachineInput): Promise<CreateStateMachineOutput> => {
    const { name = "", definition = "", roleArn = "", type = "STANDARD" } = input;
    const arn = machineArn(deps, checkName(name));
    if (type === "EXPRESS") {
      throw typeNotSupported(`The embedded cloud has no EXPRESS state machines: create '${name}' as STANDARD`);
    }
    if (input.versionDescription !== undefined && !input.publish) {
      throw validationException("Version description can only be set when publish is true");
    }
    const definitionKey = deps.definitions.accept(definition);
    const now = deps.clock.now();
    const existing = deps.tables.machines.get(arn);
    const wanted: StateMachineRow = {
      arn,
      name,
      definitionKey,
      roleArn,
      type,
      creationDate: now,
      updateDate: now,
      ...settingsOf(input),
      tags: Object.fromEntries((input.tags ?? []).map(({ key = "", value = "" }) => [key, value])),
      versions: [],
      lastVersion: 0,
    };
    checkRole(deps, wanted);
    if (existing && !isSame(existing, wanted)) throw stateMachineAlreadyExists(arn);
    const published = input.publish ? publish(existing ?? wanted, now, input.versionDescription) : undefined;
    const machine = published?.machine ?? existing ?? wanted;
    if (machine !== existing) deps.tables.machines.put(arn, machine);
    await deps.store.commit();
    return {
      stateMachineArn: arn,
      creationDate: new Date(machine.creationDate),
      ...(published && { stateMachineVersionArn: versionArn(machine, published.version.number) }),
    };
  };

function isSame(a: StateMachineRow, b: StateMachineRow): boolean {
  return a.definitionKey === b.definitionKey && a.roleArn === b.roleArn && a.type === b.type && sameSettings(a, b);
}
