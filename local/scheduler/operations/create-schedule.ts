/** CreateSchedule, and the reading of a request that UpdateSchedule and the template share. */
import type { CreateScheduleInput, CreateScheduleOutput } from "@aws-sdk/client-scheduler";
import { dueAfter } from "../due.ts";
import { parseSchedule } from "../expression/schedule-expression.ts";
import { targetFault } from "../invocation.ts";
import {
  ConflictException,
  groupNamed,
  keepSchedule,
  scheduleArn,
  scheduleKey,
  ValidationException,
  type Schedule,
  type SchedulerState,
} from "../state.ts";

export const createSchedule =
  (state: SchedulerState) =>
  async (input: CreateScheduleInput): Promise<CreateScheduleOutput> => {
    const group = groupNamed(state, input.GroupName);
    if (state.schedules.has(scheduleKey(group.name, input.Name ?? ""))) {
      throw new ConflictException(`Schedule ${input.Name} already exists.`);
    }
    const schedule = scheduleFrom(state, input);
    await keepSchedule(state, schedule);
    return { ScheduleArn: schedule.arn };
  };

/**
 * The schedule that a request asks for, checked. A new version of a schedule keeps its anchor and its coming run while
 * its times stay as they are.
 */
export function scheduleFrom(state: SchedulerState, input: CreateScheduleInput, before?: Schedule): Schedule {
  const { deps } = state;
  const group = groupNamed(state, input.GroupName).name;
  const name = input.Name ?? "";
  const now = deps.clock.now();
  const description = input.Description;
  const times = timesOf(input);
  const sameTimes = before !== undefined && JSON.stringify(timesOfSchedule(before)) === JSON.stringify(times);
  const target = input.Target ?? { Arn: "", RoleArn: "" };
  assertTarget(state, input, group);
  const schedule: Omit<Schedule, "due"> = {
    name,
    group,
    arn: scheduleArn(deps, group, name),
    ...times,
    target,
    enabled: input.State !== "DISABLED",
    ...(description === undefined ? {} : { description }),
    deleteWhenDone: input.ActionAfterCompletion === "DELETE",
    createdAt: before?.createdAt ?? now,
    modifiedAt: now,
    anchor: sameTimes ? before.anchor : now,
  };
  // A rate's first run is the anchor itself.
  const due =
    sameTimes && before.enabled && schedule.enabled
      ? before.due
      : dueAfter(schedule, sameTimes ? now : now - 1, deps.random);
  return { ...schedule, ...(due ? { due } : {}) };
}

type Times = Pick<Schedule, "expression" | "zone" | "startAt" | "endAt" | "windowMinutes">;

/** What decides when a schedule runs. */
function timesOf(input: CreateScheduleInput): Times {
  const { StartDate: start, EndDate: end, FlexibleTimeWindow: window } = input;
  const expression = input.ScheduleExpression ?? "";
  const zone = input.ScheduleExpressionTimezone ?? "UTC";
  parseSchedule(expression, zone);
  if (start && end && start >= end) throw new ValidationException("StartDate must be before EndDate.");
  const isFlexible = window?.Mode === "FLEXIBLE";
  if (isFlexible && window.MaximumWindowInMinutes === undefined) {
    throw new ValidationException("MaximumWindowInMinutes is required when the flexible time window is FLEXIBLE.");
  }
  if (!isFlexible && window?.MaximumWindowInMinutes !== undefined) {
    throw new ValidationException("MaximumWindowInMinutes must be left out when the flexible time window is OFF.");
  }
  return {
    expression,
    zone,
    ...(start ? { startAt: start.getTime() } : {}),
    ...(end ? { endAt: end.getTime() } : {}),
    windowMinutes: isFlexible ? (window.MaximumWindowInMinutes ?? 0) : 0,
  };
}

const timesOfSchedule = ({ expression, zone, startAt, endAt, windowMinutes }: Schedule): Times => ({
  expression,
  zone,
  ...(startAt === undefined ? {} : { startAt }),
  ...(endAt === undefined ? {} : { endAt }),
  windowMinutes,
});

function assertTarget(state: SchedulerState, { Target: target }: CreateScheduleInput, group: string): void {
  const fault = target ? targetFault(target) : "Target is required.";
  if (!target || fault !== undefined) throw new ValidationException(fault ?? "Target is required.");
  state.assertRole(target, group);
}
