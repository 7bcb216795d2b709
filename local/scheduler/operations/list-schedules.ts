/** ListSchedules, of one group or of all. */
import type { ListSchedulesInput, ListSchedulesOutput } from "@aws-sdk/client-scheduler";
import { page } from "../../cloud/ports/page.ts";
import type { SchedulerState } from "../state.ts";

export const listSchedules =
  (state: SchedulerState) =>
  (input: ListSchedulesInput): ListSchedulesOutput => {
    const found = [...state.schedules.values()]
      .filter((schedule) => input.GroupName === undefined || schedule.group === input.GroupName)
      .filter((schedule) => schedule.name.startsWith(input.NamePrefix ?? ""))
      .filter((schedule) => input.State === undefined || (input.State === "ENABLED") === schedule.enabled)
      .sort((a, b) => (`${a.group}/${a.name}` < `${b.group}/${b.name}` ? -1 : 1));
    const { items, next } = page(found, input.NextToken, input.MaxResults);
    const Schedules = items.map((schedule) => ({
      Arn: schedule.arn,
      Name: schedule.name,
      GroupName: schedule.group,
      State: schedule.enabled ? ("ENABLED" as const) : ("DISABLED" as const),
      CreationDate: new Date(schedule.createdAt),
      LastModificationDate: new Date(schedule.modifiedAt),
      Target: { Arn: schedule.target.Arn },
    }));
    return { Schedules, NextToken: next };
  };
