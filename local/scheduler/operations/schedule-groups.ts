/** Create-, Get-, List- and DeleteScheduleGroup; a deleted group takes its schedules with it. */
import type {
  CreateScheduleGroupInput,
  CreateScheduleGroupOutput,
  DeleteScheduleGroupInput,
  DeleteScheduleGroupOutput,
  GetScheduleGroupInput,
  GetScheduleGroupOutput,
  ListScheduleGroupsInput,
  ListScheduleGroupsOutput,
} from "@aws-sdk/client-scheduler";
import { page } from "../../cloud/ports/page.ts";
import {
  ConflictException,
  defaultGroup,
  groupArn,
  groupNamed,
  ValidationException,
  type ScheduleGroup,
  type SchedulerState,
} from "../state.ts";
import { tagsOf } from "./tag-resource.ts";

export const createScheduleGroup =
  (state: SchedulerState) =>
  async (input: CreateScheduleGroupInput): Promise<CreateScheduleGroupOutput> => {
    const name = input.Name ?? "";
    if (state.groups.has(name)) throw new ConflictException(`Schedule group ${name} already exists.`);
    const arn = groupArn(state.deps, name);
    state.groups.put(name, { name, arn, createdAt: state.deps.clock.now(), tags: tagsOf(input.Tags) });
    await state.deps.store.commit();
    return { ScheduleGroupArn: arn };
  };

const shape = (group: ScheduleGroup) => ({
  Name: group.name,
  Arn: group.arn,
  State: "ACTIVE" as const,
  CreationDate: new Date(group.createdAt),
  LastModificationDate: new Date(group.createdAt),
});

export const getScheduleGroup =
  (state: SchedulerState) =>
  (input: GetScheduleGroupInput): GetScheduleGroupOutput =>
    shape(groupNamed(state, input.Name));

export const listScheduleGroups =
  (state: SchedulerState) =>
  (input: ListScheduleGroupsInput): ListScheduleGroupsOutput => {
    const found = [...state.groups.values()]
      .filter((group) => group.name.startsWith(input.NamePrefix ?? ""))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, next } = page(found, input.NextToken, input.MaxResults);
    return { ScheduleGroups: items.map(shape), NextToken: next };
  };

export const deleteScheduleGroup =
  (state: SchedulerState) =>
  async (input: DeleteScheduleGroupInput): Promise<DeleteScheduleGroupOutput> => {
    const { name } = groupNamed(state, input.Name);
    if (name === defaultGroup) throw new ValidationException("The default schedule group cannot be deleted.");
    for (const [key, schedule] of [...state.schedules.entries()]) {
      if (schedule.group !== name) continue;
      state.schedules.delete(key);
      state.onChange(key);
    }
    state.groups.delete(name);
    await state.deps.store.commit();
    return {};
  };
