/** Metrics by name and dimension, as alarms and the dashboard ask for them. Ours are those of records/run-metrics.ts. */
import { metricNamespace } from "../../pipeline/records/run-metrics.ts";

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

type GroupMetricName = "RunFailed" | "HoursSinceSuccess" | "HoursSincePromotion" | "RunDurationSeconds";
type ContestMetricName =
  "CandidatePrimary" | "BaselinePrimary" | "LivePrimary" | "RelativeLift" | "Promoted" | "ItemUpdatesStopped";

export const groupMetric = (group: string, name: GroupMetricName): Metric => ({
  namespace: metricNamespace,
  name,
  dimensions: { Group: group },
});

export const contestMetric = (group: string, solution: string, name: ContestMetricName): Metric => ({
  namespace: metricNamespace,
  name,
  dimensions: { Group: group, Solution: solution },
});

export const machineMetric = (stateMachineArn: string, name: string): Metric => ({
  namespace: "AWS/States",
  name,
  dimensions: { StateMachineArn: stateMachineArn },
});

export const functionMetric = (functionName: string, name: string): Metric => ({
  namespace: "AWS/Lambda",
  name,
  dimensions: { FunctionName: functionName },
});

export const ruleMetric = (ruleName: string, name: string): Metric => ({
  namespace: "AWS/Events",
  name,
  dimensions: { RuleName: ruleName },
});
