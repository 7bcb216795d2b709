/** PutMetricAlarm, DescribeAlarms, SetAlarmState and DeleteAlarms. */
import type {
  DeleteAlarmsCommandInput,
  DescribeAlarmsCommandInput,
  DescribeAlarmsCommandOutput,
  MetricAlarm,
  PutMetricAlarmCommandInput,
  SetAlarmStateCommandInput,
} from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../cloud/ports/aws-error.ts";
import { page } from "../../cloud/ports/page.ts";
import { type Alarm, alarmArn, type Answer, type CloudWatch } from "../alarms-and-dashboards.ts";
import { metricId } from "../metric-store.ts";

export async function putMetricAlarm(
  cloudWatch: CloudWatch,
  { Tags: _, ...settings }: PutMetricAlarmCommandInput,
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

function toAws({ arn, settings, state, stateReason, stateChangedAt, configuredAt }: Alarm): MetricAlarm {
  return {
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    Dimensions: [],
    ...settings,
    AlarmArn: arn,
    StateValue: state,
    StateReason: stateReason,
    StateUpdatedTimestamp: new Date(stateChangedAt),
    AlarmConfigurationUpdatedTimestamp: new Date(configuredAt),
  };
}
