/**
 * What starts a group's runs, in the cloud itself: its schedules in EventBridge Scheduler and its rule for uploads. Found
 * by what they start, so that nothing must be known of how the stack calls them.
 */
import {
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  type EventBridgeClient,
  ListRuleNamesByTargetCommand,
} from "@aws-sdk/client-eventbridge";
import {
  GetScheduleCommand,
  type GetScheduleOutput,
  ListSchedulesCommand,
  type SchedulerClient,
  UpdateScheduleCommand,
  type UpdateScheduleInput,
} from "@aws-sdk/client-scheduler";
import { type Stage, stages } from "../../../pipeline/planning/run-options.ts";

export interface Services {
  readonly scheduler: SchedulerClient;
  readonly events: EventBridgeClient;
}

/** `run`: the schedule of whole runs. */
export type Starts = "run" | Stage;
export const kindsOfStart: readonly Starts[] = ["run", ...stages];

export interface GroupSchedule {
  readonly starts: Starts;
  readonly name: string;
  readonly expression: string;
  readonly timezone: string;
  readonly enabled: boolean;
  /** Where a rate counts from; null: from when it was made or changed last, which the service does not tell. */
  readonly startsAt: number | null;
  readonly whole: GetScheduleOutput;
}

/** Names of schedules begin with the machine's; which ones are the group's, their target says. */
export async function schedulesFor({ scheduler }: Services, stateMachineArn: string): Promise<GroupSchedule[]> {
  const prefix = stateMachineArn.split(":").at(-1) ?? "";
  const names: { Name: string; GroupName: string | undefined }[] = [];
  let NextToken: string | undefined;
  do {
    const page = await scheduler.send(new ListSchedulesCommand({ NamePrefix: prefix, NextToken }));
    for (const { Name = "", GroupName, Target } of page.Schedules ?? []) {
      if (Target?.Arn === stateMachineArn) names.push({ Name, GroupName });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  const found = await Promise.all(names.map((one) => scheduler.send(new GetScheduleCommand(one))));
  return found
    .map((whole) => scheduleOf(whole, prefix))
    .sort((a, b) => kindsOfStart.indexOf(a.starts) - kindsOfStart.indexOf(b.starts));
}

function scheduleOf(whole: GetScheduleOutput, prefix: string): GroupSchedule {
  const { Name: name = "", ScheduleExpression: expression = "", ScheduleExpressionTimezone: timezone = "UTC" } = whole;
  return {
    starts: stages.find((stage) => name === `${prefix}-${stage}`) ?? "run",
    ...{ name, expression, timezone, enabled: whole.State !== "DISABLED" },
    startsAt: whole.StartDate?.getTime() ?? null,
    whole,
  };
}

/** UpdateSchedule replaces all of a schedule, so that what stays is said again. */
export async function changeSchedule(
  { scheduler }: Services,
  { whole }: GroupSchedule,
  change: Pick<Partial<UpdateScheduleInput>, "State" | "ScheduleExpression" | "ScheduleExpressionTimezone">,
): Promise<void> {
  const { Name, GroupName, Description, StartDate, EndDate, KmsKeyArn, ActionAfterCompletion } = whole;
  await scheduler.send(
    new UpdateScheduleCommand({
      ...{ Name, GroupName, Description, StartDate, EndDate, KmsKeyArn, ActionAfterCompletion },
      ...{ FlexibleTimeWindow: whole.FlexibleTimeWindow, Target: whole.Target, State: whole.State },
      ScheduleExpression: whole.ScheduleExpression,
      ScheduleExpressionTimezone: whole.ScheduleExpressionTimezone,
      ...change,
    }),
  );
}

export interface UploadsRule {
  readonly name: string;
  readonly enabled: boolean;
}

/** Rules that start the group's machine; the stack makes one. */
export async function uploadsRules({ events }: Services, stateMachineArn: string): Promise<UploadsRule[]> {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await events.send(new ListRuleNamesByTargetCommand({ TargetArn: stateMachineArn, NextToken }));
    names.push(...(page.RuleNames ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  const found = await Promise.all(names.map((Name) => events.send(new DescribeRuleCommand({ Name }))));
  return found.map(({ Name: name = "", State }) => ({ name, enabled: State !== "DISABLED" }));
}

export async function switchRule({ events }: Services, { name: Name }: UploadsRule, enabled: boolean): Promise<void> {
  await events.send(enabled ? new EnableRuleCommand({ Name }) : new DisableRuleCommand({ Name }));
}
