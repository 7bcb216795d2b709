/** ListStateMachines, by name. */
import type { ListStateMachinesInput, ListStateMachinesOutput } from "@aws-sdk/client-sfn";
import type { OperationDeps } from "./deps.ts";
import { pageOf } from "./pages.ts";

export const listStateMachines =
  (deps: OperationDeps) =>
  (input: ListStateMachinesInput): ListStateMachinesOutput => {
    const machines = [...deps.tables.machines.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, ...rest } = pageOf(machines, input);
    const stateMachines = items.map(({ arn, name, type, creationDate }) => ({
      stateMachineArn: arn,
      name,
      type,
      creationDate: new Date(creationDate),
    }));
    return { stateMachines, ...rest };
  };
