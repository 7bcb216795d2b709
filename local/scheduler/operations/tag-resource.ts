/** TagResource, UntagResource and ListTagsForResource: in Scheduler only groups carry tags. */
import type {
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  Tag,
  TagResourceInput,
  UntagResourceInput,
} from "@aws-sdk/client-scheduler";
import { ResourceNotFoundException, type ScheduleGroup, type SchedulerState } from "../state.ts";

export const tagsOf = (tags: readonly Tag[] | undefined): Record<string, string> =>
  Object.fromEntries((tags ?? []).map(({ Key: key = "", Value: value = "" }) => [key, value]));

function groupByArn(state: SchedulerState, arn: string | undefined): ScheduleGroup {
  const group = [...state.groups.values()].find((one) => one.arn === arn);
  if (!group) throw new ResourceNotFoundException(`Resource ${arn} does not exist.`);
  return group;
}

async function keep(state: SchedulerState, group: ScheduleGroup, tags: ScheduleGroup["tags"]): Promise<object> {
  state.groups.put(group.name, { ...group, tags });
  await state.deps.store.commit();
  return {};
}

export const tagResource = (state: SchedulerState) => (input: TagResourceInput) => {
  const group = groupByArn(state, input.ResourceArn);
  return keep(state, group, { ...group.tags, ...tagsOf(input.Tags) });
};

export const untagResource = (state: SchedulerState) => (input: UntagResourceInput) => {
  const group = groupByArn(state, input.ResourceArn);
  return keep(
    state,
    group,
    Object.fromEntries(Object.entries(group.tags).filter(([key]) => !input.TagKeys?.includes(key))),
  );
};

export const listTagsForResource =
  (state: SchedulerState) =>
  (input: ListTagsForResourceInput): ListTagsForResourceOutput => ({
    Tags: Object.entries(groupByArn(state, input.ResourceArn).tags).map(([Key, Value]) => ({ Key, Value })),
  });
