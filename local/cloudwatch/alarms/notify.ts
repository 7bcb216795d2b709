/** What an alarm does when its state changes: a message to each topic that it names for that state, in CloudWatch's form. */
import type { AwsCalls, ServiceDeps } from "../../cloud/ports/service.ts";
import { type Alarm, mayAct } from "../alarms-and-dashboards.ts";

interface NotifyDeps extends Pick<ServiceDeps, "account" | "region" | "log"> {
  /** Without it alarms change their state and tell nobody. Usable from `resume` on. */
  readonly calls?: AwsCalls | undefined;
}

const actionsOf = (alarm: Alarm): readonly string[] => {
  if (!mayAct(alarm)) return [];
  const { OKActions = [], AlarmActions = [], InsufficientDataActions = [] } = alarm.settings;
  return { OK: OKActions, ALARM: AlarmActions, INSUFFICIENT_DATA: InsufficientDataActions }[alarm.state];
};

const messageOf = ({ name, arn, settings, state, stateReason, stateChangedAt }: Alarm, before: string) => ({
  AlarmName: name,
  AlarmDescription: settings.AlarmDescription ?? null,
  NewStateValue: state,
  NewStateReason: stateReason,
  StateChangeTime: new Date(stateChangedAt).toISOString(),
  AlarmArn: arn,
  OldStateValue: before,
  Trigger: {
    MetricName: settings.MetricName,
    Namespace: settings.Namespace,
    StatisticType: "Statistic",
    Statistic: settings.Statistic?.toUpperCase(),
    Dimensions: (settings.Dimensions ?? []).map(({ Name, Value }) => ({ name: Name, value: Value })),
    Period: settings.Period,
    EvaluationPeriods: settings.EvaluationPeriods,
    ComparisonOperator: settings.ComparisonOperator,
    Threshold: settings.Threshold,
    TreatMissingData: settings.TreatMissingData ?? "",
  },
});

export const makeNotify =
  ({ calls, account, region, log }: NotifyDeps) =>
  async (alarm: Alarm, before: Alarm["state"]): Promise<void> => {
    log(`cloudwatch: alarm ${alarm.name} is ${alarm.state}: ${alarm.stateReason}`);
    const message = { AWSAccountId: account, Region: region, ...messageOf(alarm, before) };
    const Subject = `${alarm.state}: "${alarm.name}" in ${region}`.slice(0, 100);
    const caller = { kind: "service", principal: "cloudwatch.amazonaws.com", sourceArn: alarm.arn } as const;
    for (const TopicArn of actionsOf(alarm).filter((arn) => /^arn:aws[\w-]*:sns:/.test(arn))) {
      try {
        await calls?.call("sns", "Publish", { TopicArn, Subject, Message: JSON.stringify(message) }, caller);
      } catch (error) {
        log(`cloudwatch: alarm ${alarm.name} could not tell ${TopicArn}: ${(error as Error).message}`);
      }
    }
  };
