/** What Scheduler remembers: groups, schedules with their next run, and invocations that are not done yet. */
import type { Target } from "@aws-sdk/client-scheduler";
import { AwsError } from "../cloud/ports/aws-error.ts";
import type { ServiceDeps } from "../cloud/ports/service.ts";
import type { Table } from "../cloud/ports/store.ts";

/** A run that is coming up: when the expression says, and when it is made (later inside a flexible window). */
export interface Due {
  readonly scheduledAt: number;
  readonly invokeAt: number;
}

export interface Schedule {
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly expression: string;
  readonly zone: string;
  readonly startAt?: number;
  readonly endAt?: number;
  /** 0 means that the window is off. */
  readonly windowMinutes: number;
  readonly target: Target;
  readonly enabled: boolean;
  readonly description?: string;
  readonly deleteWhenDone: boolean;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Where a rate counts from. */
  readonly anchor: number;
  readonly due?: Due;
}

export interface ScheduleGroup {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SchedulerState {
  readonly deps: ServiceDeps;
  /** By name; `default` is always there. */
  readonly groups: Table<ScheduleGroup>;
  /** By `<group>/<name>`. */
  readonly schedules: Table<Schedule>;
  /** Told after a schedule was put or deleted, so that its timer follows. */
  readonly onChange: (key: string) => void;
  /** Refuses roles that Scheduler may not assume. */
  readonly assertRole: (target: Target, group: string) => void;
}

export const defaultGroup = "default";
export const scheduleKey = (group: string, name: string): string => `${group}/${name}`;

export const scheduleArn = ({ region, account }: ServiceDeps, group: string, name: string): string =>
  `arn:aws:scheduler:${region}:${account}:schedule/${group}/${name}`;

export const groupArn = ({ region, account }: Pick<ServiceDeps, "region" | "account">, name: string): string =>
  `arn:aws:scheduler:${region}:${account}:schedule-group/${name}`;

export class ResourceNotFoundException extends AwsError {
  constructor(message: string) {
    super("ResourceNotFoundException", message, { status: 404 });
  }
}

export class ConflictException extends AwsError {
  constructor(message: string) {
    super("ConflictException", message, { status: 409 });
  }
}

export class ValidationException extends AwsError {
  constructor(message: string) {
    super("ValidationException", message);
  }
}

export function groupNamed(state: SchedulerState, name = defaultGroup): ScheduleGroup {
  const group = state.groups.get(name);
  if (!group) throw new ResourceNotFoundException(`Schedule group ${name} does not exist.`);
  return group;
}

export function scheduleNamed(
  state: SchedulerState,
  name: string | undefined,
  groupName: string | undefined,
): Schedule {
  const group = groupNamed(state, groupName);
  const schedule = state.schedules.get(scheduleKey(group.name, name ?? ""));
  if (!schedule) throw new ResourceNotFoundException(`Schedule ${name} does not exist.`);
  return schedule;
}

export async function keepSchedule(state: SchedulerState, schedule: Schedule): Promise<void> {
  const key = scheduleKey(schedule.group, schedule.name);
  state.schedules.put(key, schedule);
  state.onChange(key);
  await state.deps.store.commit();
}

export async function forgetSchedule(state: SchedulerState, key: string): Promise<void> {
  state.schedules.delete(key);
  state.onChange(key);
  await state.deps.store.commit();
}
