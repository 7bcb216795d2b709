/** UpdateStateMachine: a new revision for executions to come; those that run keep theirs (facts 36, 41). */
import type { UpdateStateMachineInput, UpdateStateMachineOutput } from "@aws-sdk/client-sfn";
import { missingRequiredParameter, stateMachineDoesNotExist, validationException } from "../errors.ts";
import type { StateMachineRow } from "../machine.ts";
import type { OperationDeps } from "./deps.ts";
import { findMachine, publish, sameSettings, settingsOf, versionArn } from "./machines.ts";
import { checkRole } from "./roles.ts";

export const updateStateMachine =
  (deps: OperationDeps) =>
  async (input: UpdateStateMachineInput): Promise<UpdateStateMachineOutput> => {
    const { stateMachineArn = "", definition, roleArn, loggingConfiguration, tracingConfiguration } = input;
    const { machine, version } = findMachine(deps, stateMachineArn);
    if (version) throw stateMachineDoesNotExist(stateMachineArn);
    if (!definition && !roleArn && !loggingConfiguration && !tracingConfiguration && !input.publish) {
      throw missingRequiredParameter(
        "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified",
      );
    }
    if (input.versionDescription !== undefined && !input.publish) {
      throw validationException("Version description can only be set when publish is true");
    }
    const changed = revise(deps, machine, input);
    const now = deps.clock.now();
    const published = input.publish ? publish(changed, now, input.versionDescription) : undefined;
    const next = { ...(published?.machine ?? changed), updateDate: now };
    deps.tables.machines.put(machine.arn, next);
    await deps.store.commit();
    return {
      updateDate: new Date(now),
      ...(next.revisionId !== undefined && { revisionId: next.revisionId }),
      ...(published && { stateMachineVersionArn: versionArn(next, published.version.number) }),
    };
  };

/** The machine with what the request changes; equal values keep the revision. */
function revise(deps: OperationDeps, machine: StateMachineRow, input: UpdateStateMachineInput): StateMachineRow {
  const { definition, roleArn = machine.roleArn } = input;
  const definitionKey = definition === undefined ? machine.definitionKey : deps.definitions.accept(definition);
  const settings = settingsOf({
    loggingConfiguration: input.loggingConfiguration ?? machine.loggingConfiguration,
    tracingConfiguration: input.tracingConfiguration ?? machine.tracingConfiguration,
  });
  const isUnchanged =
    definitionKey === machine.definitionKey && roleArn === machine.roleArn && sameSettings(settings, machine);
  if (isUnchanged) return machine;
  const changed = { ...machine, definitionKey, roleArn, ...settings, revisionId: deps.ids.uuid() };
  checkRole(deps, changed);
  return changed;
}
