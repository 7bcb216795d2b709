/** TagResource, UntagResource and ListTagsForResource: machines carry tags, versions do not (fact 41). */
import type {
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  TagResourceInput,
  TagResourceOutput,
  UntagResourceInput,
  UntagResourceOutput,
} from "@aws-sdk/client-sfn";
import { parseMachineArn } from "../arns.ts";
import { resourceNotFound } from "../errors.ts";
import type { StateMachineRow } from "../machine.ts";
import type { OperationDeps } from "./deps.ts";

function taggable({ tables }: OperationDeps, arn: string): StateMachineRow {
  const { machineArn, qualifier } = parseMachineArn(arn);
  const machine = qualifier === undefined ? tables.machines.get(machineArn) : undefined;
  if (!machine) throw resourceNotFound(arn);
  return machine;
}

async function putTags({ tables, store }: OperationDeps, machine: StateMachineRow, tags: Record<string, string>) {
  tables.machines.put(machine.arn, { ...machine, tags });
  await store.commit();
  return {};
}

export const tagResource =
  (deps: OperationDeps) =>
  ({ resourceArn = "", tags = [] }: TagResourceInput): Promise<TagResourceOutput> => {
    const machine = taggable(deps, resourceArn);
    const added = Object.fromEntries(tags.map(({ key = "", value = "" }) => [key, value]));
    return putTags(deps, machine, { ...machine.tags, ...added });
  };

export const untagResource =
  (deps: OperationDeps) =>
  ({ resourceArn = "", tagKeys = [] }: UntagResourceInput): Promise<UntagResourceOutput> => {
    const machine = taggable(deps, resourceArn);
    const kept = Object.entries(machine.tags).filter(([key]) => !tagKeys.includes(key));
    return putTags(deps, machine, Object.fromEntries(kept));
  };

export const listTagsForResource =
  (deps: OperationDeps) =>
  ({ resourceArn = "" }: ListTagsForResourceInput): ListTagsForResourceOutput => ({
    tags: Object.entries(taggable(deps, resourceArn).tags).map(([key, value]) => ({ key, value })),
  });
