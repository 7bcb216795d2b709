/** UpdateSchedule replaces a schedule whole: what the request leaves out gets its default back. */
import type { UpdateScheduleInput, UpdateScheduleOutput } from "@aws-sdk/client-scheduler";
import { keepSchedule, scheduleNamed, type SchedulerState } from "../state.ts";
import { scheduleFrom } from "./create-schedule.ts";

export const updateSchedule =
  (state: SchedulerState) =>
  async (input: UpdateScheduleInput): Promise<UpdateScheduleOutput> => {
    const before = scheduleNamed(state, input.Name, input.GroupName);
    const schedule = scheduleFrom(state, input, before);
    await keepSchedule(state, schedule);
    return { ScheduleArn: schedule.arn };
  };
