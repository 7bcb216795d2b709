/** PutMetricAlarm, DescribeAlarms, DescribeAlarmsForMetric, EnableAlarmActions, DisableAlarmActions, SetAlarmState and DeleteAlarms. */
import type {
  DeleteAlarmsCommandInput,
  DescribeAlarmsCommandInput,
  DescribeAlarmsCommandOutput,
  DescribeAlarmsForMetricCommandInput,
  DescribeAlarmsForMetricCommandOutput,
  Dimension,
  DisableAlarmActionsCommandInput,
  EnableAlarmActionsCommandInput,
  MetricAlarm,
  PutMetricAlarmCommandInput,
  SetAlarmStateCommandInput,
} from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { page } from "../../cloud/ports/page.ts";
import { type Alarm, alarmArn, type Answer, type CloudWatch, mayAct } from "../alarms-and-dashboards.ts";
import { metricId } from "../metric-store.ts";

export async function putMetricAlarm(
  cloudWatch: CloudWatch,
  { Tags, ...settings }: PutMetricAlarmCommandInput,
): Promise<void> {
  const { alarms, deps, watch } = cloudWatch;
  const name = settings.AlarmName ?? ""; // the model requires it
  const now = deps.clock.now();
  const known = alarms.get(name);
  if (JSON.stringify(known?.settings) === JSON.stringify(settings)) return; // every start puts the template's alarms
  alarms.put(name, {
    name,
    arn: alarmArn(cloudWatch, name),
    settings,
    state: known?.state ?? "INSUFFICIENT_DATA",
    stateReason: known?.stateReason ?? "Unchecked: Initial alarm creation",
    stateChangedAt: known?.stateChangedAt ?? now,
    configuredAt: now,
    tags: known ? (known.tags ?? []) : (Tags ?? []), // of an alarm that is there, they are changed by TagResource only
  });
  await deps.store.commit();
  watch.touch(metricId(settings.Namespace, settings.MetricName));
}

export function describeAlarms(
  { alarms }: CloudWatch,
  input: DescribeAlarmsCommandInput,
): Answer<DescribeAlarmsCommandOutput> {
  const isWanted = ({ name, state }: Alarm) =>
    (input.AlarmNames === undefined || input.AlarmNames.includes(name)) &&
    name.startsWith(input.AlarmNamePrefix ?? "") &&
    (input.StateValue ?? state) === state;
  const sorted = [...alarms.values()].filter(isWanted).sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, next } = page(sorted, input.NextToken, input.MaxRecords);
  return { MetricAlarms: items.map(toAws), CompositeAlarms: [], NextToken: next };
}

/** Those of one metric: all its dimensions must be named, what else is given must be so. */
export function describeAlarmsForMetric(
  { alarms }: CloudWatch,
  { Namespace, MetricName, Dimensions, ...also }: DescribeAlarmsForMetricCommandInput,
): Answer<DescribeAlarmsForMetricCommandOutput> {
  const members = ["Statistic", "ExtendedStatistic", "Period", "Unit"] as const;
  const isWanted = ({ settings }: Alarm) =>
    settings.Namespace === Namespace &&
    settings.MetricName === MetricName &&
    textOf(settings.Dimensions) === textOf(Dimensions) &&
    members.every((member) => also[member] === undefined || also[member] === settings[member]);
  return { MetricAlarms: [...alarms.values()].filter(isWanted).map(toAws) };
}

const textOf = (dimensions: readonly Dimension[] = []) =>
  JSON.stringify(dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort());

export const enableAlarmActions = (cloudWatch: CloudWatch, input: EnableAlarmActionsCommandInput) =>
  switchActions(cloudWatch, input.AlarmNames, true);

export const disableAlarmActions = (cloudWatch: CloudWatch, input: DisableAlarmActionsCommandInput) =>
  switchActions(cloudWatch, input.AlarmNames, false);

/** Names of alarms that are not there are passed over. */
async function switchActions({ alarms, deps }: CloudWatch, names: readonly string[] = [], actionsEnabled: boolean) {
  for (const alarm of names.flatMap((name) => alarms.get(name) ?? [])) {
    alarms.put(alarm.name, { ...alarm, actionsEnabled, configuredAt: deps.clock.now() });
  }
  await deps.store.commit();
}

export async function setAlarmState(
  { alarms, deps, act }: CloudWatch,
  input: SetAlarmStateCommandInput,
): Promise<void> {
  const known = alarms.get(input.AlarmName ?? "");
  if (!known) throw new AwsError("ResourceNotFound", `There is no alarm ${input.AlarmName}`, { status: 404 });
  const changed: Alarm = {
    ...known,
    state: input.StateValue ?? known.state,
    stateReason: input.StateReason ?? "",
    stateChangedAt: deps.clock.now(),
  };
  alarms.put(known.name, changed);
  await deps.store.commit();
  if (changed.state !== known.state) await act(changed, known.state);
}

export async function deleteAlarms({ alarms, deps }: CloudWatch, input: DeleteAlarmsCommandInput): Promise<void> {
  for (const name of input.AlarmNames ?? []) alarms.delete(name);
  await deps.store.commit();
}

function toAws(alarm: Alarm): MetricAlarm {
  const { arn, settings, state, stateReason, stateChangedAt, configuredAt } = alarm;
  return {
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    Dimensions: [],
    ...settings,
    ActionsEnabled: mayAct(alarm),
    AlarmArn: arn,
    StateValue: state,
    StateReason: stateReason,
    StateUpdatedTimestamp: new Date(stateChangedAt),
    AlarmConfigurationUpdatedTimestamp: new Date(configuredAt),
  };
}
