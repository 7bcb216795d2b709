/** GetSchedule gives back what was asked for, defaults filled in. */
import type { GetScheduleInput, GetScheduleOutput } from "@aws-sdk/client-scheduler";
import { scheduleNamed, type SchedulerState } from "../state.ts";

export const getSchedule =
  (state: SchedulerState) =>
  (input: GetScheduleInput): GetScheduleOutput => {
    const schedule = scheduleNamed(state, input.Name, input.GroupName);
    const { startAt, endAt, windowMinutes } = schedule;
    return {
      Name: schedule.name,
      GroupName: schedule.group,
      Arn: schedule.arn,
      ScheduleExpression: schedule.expression,
      ScheduleExpressionTimezone: schedule.zone,
      StartDate: startAt === undefined ? undefined : new Date(startAt),
      EndDate: endAt === undefined ? undefined : new Date(endAt),
      FlexibleTimeWindow:
        windowMinutes > 0 ? { Mode: "FLEXIBLE", MaximumWindowInMinutes: windowMinutes } : { Mode: "OFF" },
      Target: {
        ...schedule.target,
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185, ...schedule.target.RetryPolicy },
      },
      State: schedule.enabled ? "ENABLED" : "DISABLED",
      Description: schedule.description,
      ActionAfterCompletion: schedule.deleteWhenDone ? "DELETE" : "NONE",
      CreationDate: new Date(schedule.createdAt),
      LastModificationDate: new Date(schedule.modifiedAt),
    };
  };
