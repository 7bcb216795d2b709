/** AWS::Scheduler::Schedule (Ref is its name) and AWS::Scheduler::ScheduleGroup. */
import type { CreateScheduleInput } from "@aws-sdk/client-scheduler";
import * as z from "zod";
import { physicalName } from "../cloud/ports/physical-name.ts";
import type { Provisioner } from "../cloud/ports/service.ts";
import { scheduleFrom } from "./operations/create-schedule.ts";
import { createScheduleGroup, deleteScheduleGroup } from "./operations/schedule-groups.ts";
import { defaultGroup, forgetSchedule, groupArn, keepSchedule, scheduleKey, type SchedulerState } from "./state.ts";

const ScheduleProperties = z.object({
  Name: z.string().optional(),
  GroupName: z.string().default(defaultGroup),
  Description: z.string().optional(),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().optional(),
  StartDate: z.string().optional(),
  EndDate: z.string().optional(),
  State: z.enum(["ENABLED", "DISABLED"]).optional(),
  FlexibleTimeWindow: z.object({
    Mode: z.enum(["OFF", "FLEXIBLE"]),
    MaximumWindowInMinutes: z.coerce.number().optional(),
  }),
  Target: z.looseObject({ Arn: z.string(), RoleArn: z.string() }),
});

const dateOf = (text: string | undefined) => (text === undefined ? undefined : new Date(text));

export function scheduleProvisioner(state: SchedulerState): Provisioner {
  return {
    type: "AWS::Scheduler::Schedule",
    async apply({ stackName, logicalId, properties }) {
      const { StartDate, EndDate, ...wanted } = ScheduleProperties.parse(properties);
      const name = wanted.Name ?? physicalName(stackName, logicalId);
      const before = state.schedules.get(scheduleKey(wanted.GroupName, name));
      const request: CreateScheduleInput = {
        ...wanted,
        Name: name,
        StartDate: dateOf(StartDate),
        EndDate: dateOf(EndDate),
        Target: wanted.Target, // Template and API spell a target alike.
      };
      const after = scheduleFrom(state, request, before);
      const isSame = before && JSON.stringify({ ...after, modifiedAt: before.modifiedAt }) === JSON.stringify(before);
      if (!isSame) await keepSchedule(state, after);
      return { ref: name, attributes: { Arn: after.arn } };
    },
    async remove(name) {
      const key = [...state.schedules.entries()].find(([, schedule]) => schedule.name === name)?.[0];
      if (key !== undefined) await forgetSchedule(state, key);
    },
  };
}

const GroupProperties = z.object({ Name: z.string().optional() });

export function scheduleGroupProvisioner(state: SchedulerState): Provisioner {
  return {
    type: "AWS::Scheduler::ScheduleGroup",
    async apply({ stackName, logicalId, properties }) {
      const name = GroupProperties.parse(properties).Name ?? physicalName(stackName, logicalId);
      if (!state.groups.has(name)) await createScheduleGroup(state)({ Name: name });
      return { ref: name, attributes: { Arn: groupArn(state.deps, name) } };
    },
    async remove(name) {
      if (state.groups.has(name)) await deleteScheduleGroup(state)({ Name: name });
    },
  };
}
