/**
 * What wakes somebody, per group, as a table: each row is one alarm, with the reason for its numbers. All of them speak to
 * the notices topic. A failing run that can still speak is also told of in words by the machine itself; the alarms are
 * for the ones that cannot, for silence, and for whoever looks at the console.
 */
import { CfnAlarm } from "aws-cdk-lib/aws-cloudwatch";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { longestGapDays } from "./cadence.ts";
import type { Observed } from "./observed.ts";
import { contestMetric, functionMetric, groupMetric, machineMetric, type Metric, ruleMetric } from "./metrics.ts";

/** CloudWatch looks back so far at most. */
const longestLookBack = 7;

const day = 86_400;
const hour = 3_600;
const fiveMinutes = 300;

interface AlarmRow {
  readonly id: string;
  /** The first sentence of the mail. */
  readonly says: string;
  readonly metric: Metric;
  readonly statistic: "Sum" | "Maximum" | "Minimum";
  readonly periodSeconds: number;
  readonly periods?: number;
  /** Alarms when the statistic is greater. */
  readonly above: number;
  /** What a period without data means; "ignore" keeps the state until the next run says something. */
  readonly silence: "ignore" | "breaching" | "notBreaching";
}

export interface AlarmsProps {
  readonly observed: Observed;
  readonly topic: ITopic;
}

export class Alarms extends Construct {
  readonly arns: readonly string[];

  constructor(scope: Construct, id: string, { observed, topic }: AlarmsProps) {
    super(scope, id);
    const rows = [...ofRuns(observed), ...ofServices(observed), ...ofFunctions(observed)];
    this.arns = rows.map((row) => this.make(row, observed, topic).attrArn);
  }

  private make(row: AlarmRow, { prefix, group }: Observed, topic: ITopic): CfnAlarm {
    return new CfnAlarm(
      this,
      row.id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
      {
        alarmName: `${prefix}-${row.id}`,
        alarmDescription: `${group.name}: ${row.says}`,
        namespace: row.metric.namespace,
        metricName: row.metric.name,
        dimensions: Object.entries(row.metric.dimensions).map(([name, value]) => ({ name, value })),
        statistic: row.statistic,
        period: row.periodSeconds,
        evaluationPeriods: row.periods ?? 1,
        comparisonOperator: "GreaterThanThreshold",
        threshold: row.above,
        treatMissingData: row.silence,
        alarmActions: [topic.topicArn],
      },
    );
  }
}

/** What the runs say of themselves. */
function ofRuns(observed: Observed): AlarmRow[] {
  const { name } = observed.group;
  return [
    {
      ...{ id: "run-failed", says: "The last run failed. This stays until a run succeeds; its record has the reason." },
      ...{ metric: groupMetric(name, "RunFailed"), statistic: "Maximum", periodSeconds: fiveMinutes, above: 0 },
      silence: "ignore",
    },
    ...ofFreshness(observed),
    ...ofItemUpdates(observed),
  ];
}

/** Silence is a fault only where runs are due: a group that waits for uploads may rest as long as there are none. */
function ofFreshness({ group }: Observed): AlarmRow[] {
  const { noSuccessDays, noPromotionDays } = group.alarms;
  const gap = longestGapDays(group.schedule);
  const success = { id: "no-success", metric: groupMetric(group.name, "HoursSinceSuccess") };
  const isDue = gap !== null && noSuccessDays !== null && gap <= noSuccessDays;
  const rows: (AlarmRow | null)[] = [
    noSuccessDays === null
      ? null
      : isDue && Number.isInteger(noSuccessDays) && noSuccessDays <= longestLookBack
        ? {
            ...{ ...success, says: `No run has succeeded for ${inDays(noSuccessDays)}, although they are due.` },
            ...{ statistic: "Minimum", periodSeconds: day, periods: noSuccessDays, above: 0, silence: "breaching" },
          }
        : {
            ...{ ...success, says: `Runs fail, and none has succeeded for ${inDays(noSuccessDays)}.` },
            ...{ statistic: "Maximum", periodSeconds: hour, above: noSuccessDays * 24, silence: "ignore" },
          },
    noPromotionDays === null
      ? null
      : {
          ...{
            id: "no-promotion",
            says: `Runs go on, but none has promoted a version for ${inDays(noPromotionDays)}.`,
          },
          ...{ metric: groupMetric(group.name, "HoursSincePromotion"), statistic: "Maximum", periodSeconds: hour },
          ...{ above: noPromotionDays * 24, silence: "ignore" },
        },
  ];
  return rows.filter((row) => row !== null);
}

const inDays = (days: number): string => `${days} ${days === 1 ? "day" : "days"}`;

/** A version that serves beside a newer one takes in no new items any more: retrain soon, or look at the gate. */
const ofItemUpdates = ({ group }: Observed): AlarmRow[] =>
  (group.alarms.itemUpdatesStopped ? group.solutions : []).map(({ name }) => ({
    id: `item-updates-${name}`,
    says: `The live version of ${name} no longer takes in new items by itself: a newer version exists that is not live.`,
    metric: contestMetric(group.name, name, "ItemUpdatesStopped"),
    ...{ statistic: "Maximum", periodSeconds: fiveMinutes, above: 0, silence: "ignore" },
  }));

/** What AWS says of what may fail before a run can say anything, or after. */
function ofServices({ stateMachineArn, uploadsRule }: Observed): AlarmRow[] {
  const counted = { statistic: "Sum", periodSeconds: fiveMinutes, above: 0, silence: "notBreaching" } as const;
  return [
    {
      ...{ id: "execution-failed", says: "An execution of the state machine ended as FAILED.", ...counted },
      metric: machineMetric(stateMachineArn, "ExecutionsFailed"),
    },
    {
      ...{ id: "execution-timed-out", says: "An execution of the state machine ended as TIMED_OUT.", ...counted },
      metric: machineMetric(stateMachineArn, "ExecutionsTimedOut"),
    },
    {
      ...{ id: "upload-not-delivered", says: "An upload did not start a run: upload again or start one.", ...counted },
      metric: ruleMetric(uploadsRule, "FailedInvocations"),
    },
  ];
}

/** One each: CloudWatch bills by metric, so one alarm over all would cost the same and not name the culprit. */
function ofFunctions({ functions }: Observed): AlarmRow[] {
  return Object.entries(functions).map(([name, functionName]) => ({
    id: `errors-${name}`,
    says: `The function ${name} has failed three times within an hour.`,
    metric: functionMetric(functionName, "Errors"),
    statistic: "Sum",
    periodSeconds: hour,
    // One error is a refusal that the run tells in words, or a hiccup that its retry mends; three are a fault.
    above: 2,
    silence: "notBreaching",
  }));
}
