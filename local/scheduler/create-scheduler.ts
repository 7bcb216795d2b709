/** Amazon EventBridge Scheduler: wires expressions, timers and targets into a service. */
import type {
  Authorizer,
  AwsCalls,
  AwsService,
  Provisioner,
  SdkIntegration,
  ServiceDeps,
} from "../cloud/ports/service.ts";
import { schedulerAccess } from "./access.ts";
import { servicePrincipal } from "./invocation.ts";
import { createSchedule } from "./operations/create-schedule.ts";
import { deleteSchedule } from "./operations/delete-schedule.ts";
import { getSchedule } from "./operations/get-schedule.ts";
import { listSchedules } from "./operations/list-schedules.ts";
import {
  createScheduleGroup,
  deleteScheduleGroup,
  getScheduleGroup,
  listScheduleGroups,
} from "./operations/schedule-groups.ts";
import { listTagsForResource, tagResource, untagResource } from "./operations/tag-resource.ts";
import { updateSchedule } from "./operations/update-schedule.ts";
import { scheduleGroupProvisioner, scheduleProvisioner } from "./provision-schedule.ts";
import { createScheduleRunner } from "./schedule-runner.ts";
import {
  defaultGroup,
  groupArn,
  ValidationException,
  type Schedule,
  type ScheduleGroup,
  type SchedulerState,
} from "./state.ts";

export interface SchedulerDeps extends ServiceDeps {
  /** Usable from `resume` on. */
  readonly calls: AwsCalls;
  readonly sdk: SdkIntegration;
  readonly authorizer: Authorizer;
}

export interface Scheduler {
  readonly service: AwsService;
  readonly provisioners: readonly Provisioner[];
}

export function createScheduler(deps: SchedulerDeps): Scheduler {
  const schedules = deps.store.table<Schedule>("scheduler/schedules");
  const runner = createScheduleRunner(deps, { deps, schedules });
  // Before resume the services that targets live in may not be there yet.
  let isRunning = false;
  const state: SchedulerState = {
    deps,
    schedules,
    groups: deps.store.table<ScheduleGroup>("scheduler/groups"),
    onChange: (key) => isRunning && runner.follow(key),
    assertRole: ({ RoleArn: role = "" }, group) => {
      try {
        deps.authorizer.assertAssumable(role, servicePrincipal, groupArn(deps, group));
      } catch (cause) {
        const remedy = (cause as Error).message;
        throw new ValidationException(
          `The execution role you provide must allow AWS EventBridge Scheduler to assume the role. ${remedy}`,
        );
      }
    },
  };
  if (!state.groups.has(defaultGroup)) {
    const arn = groupArn(deps, defaultGroup);
    state.groups.put(defaultGroup, { name: defaultGroup, arn, createdAt: deps.clock.now(), tags: {} });
  }
  const service: AwsService = {
    id: "scheduler",
    operations: operationsOf(state),
    access: (operation, input) => schedulerAccess(deps, operation, input as object),
    resume: () => {
      isRunning = true;
      return runner.resume();
    },
    close: () => {
      runner.close();
      return Promise.resolve();
    },
  };
  return { service, provisioners: [scheduleGroupProvisioner(state), scheduleProvisioner(state)] };
}

const operationsOf = (state: SchedulerState): AwsService["operations"] => ({
  CreateSchedule: createSchedule(state),
  GetSchedule: getSchedule(state),
  UpdateSchedule: updateSchedule(state),
  DeleteSchedule: deleteSchedule(state),
  ListSchedules: listSchedules(state),
  CreateScheduleGroup: createScheduleGroup(state),
  GetScheduleGroup: getScheduleGroup(state),
  ListScheduleGroups: listScheduleGroups(state),
  DeleteScheduleGroup: deleteScheduleGroup(state),
  TagResource: tagResource(state),
  UntagResource: untagResource(state),
  ListTagsForResource: listTagsForResource(state),
});
