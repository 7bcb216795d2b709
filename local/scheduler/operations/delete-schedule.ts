/** DeleteSchedule: runs that were due before it go on. */
import type { DeleteScheduleInput, DeleteScheduleOutput } from "@aws-sdk/client-scheduler";
import { forgetSchedule, scheduleKey, scheduleNamed, type SchedulerState } from "../state.ts";

export const deleteSchedule =
  (state: SchedulerState) =>
  async (input: DeleteScheduleInput): Promise<DeleteScheduleOutput> => {
    const { group, name } = scheduleNamed(state, input.Name, input.GroupName);
    await forgetSchedule(state, scheduleKey(group, name));
    return {};
  };
