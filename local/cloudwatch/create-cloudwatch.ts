/** CloudWatch: metrics by minute, alarms and dashboards as given. */
import type { CallCounter } from "../cloud/ports/metrics.ts";
import type { AccessRequest, AwsService, Operation, Provisioner, ServiceDeps } from "../cloud/ports/service.ts";
import { type Alarm, alarmArn, type CloudWatch, type Dashboard, dashboardArn } from "./alarms-and-dashboards.ts";
import { openMetricStore } from "./metric-store.ts";
import { createRunningCounts } from "./running-counts.ts";
import { deleteAlarms, describeAlarms, putMetricAlarm, setAlarmState } from "./operations/alarms.ts";
import { deleteDashboards, getDashboard, listDashboards, putDashboard } from "./operations/dashboards.ts";
import { putMetricData } from "./operations/put-metric-data.ts";
import { getMetricData, getMetricStatistics, listMetrics } from "./operations/read-metrics.ts";
import { cloudWatchProvisioners } from "./provisioners.ts";

export interface CloudWatchParts {
  readonly service: AwsService;
  readonly provisioners: readonly Provisioner[];
  /** What other services count their calls with. */
  readonly counter: CallCounter;
}

export function createCloudWatch(deps: ServiceDeps): CloudWatchParts {
  const counts = createRunningCounts(openMetricStore(deps.store), deps.clock);
  const cloudWatch: CloudWatch = {
    deps,
    get metrics() {
      return counts.settled();
    },
    alarms: deps.store.table<Alarm>("cloudwatch/alarms"),
    dashboards: deps.store.table<Dashboard>("cloudwatch/dashboards"),
  };
  const bound = Object.entries(operations).map(
    ([name, run]) => [name, (input: unknown) => run(cloudWatch, input)] as const,
  );
  const service: AwsService = {
    id: "monitoring",
    operations: Object.fromEntries(bound),
    close: () => counts.settled().commit(),
    access: (operation, input: CloudWatchInput) => accessOf(cloudWatch, operation, input),
  };
  return { service, provisioners: cloudWatchProvisioners(cloudWatch), counter: counts };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the table is heterogeneous; each function is typed where it is defined
const operations: Readonly<Record<string, (cloudWatch: CloudWatch, input: any) => ReturnType<Operation>>> = {
  PutMetricData: putMetricData,
  ListMetrics: listMetrics,
  GetMetricStatistics: getMetricStatistics,
  GetMetricData: getMetricData,
  PutMetricAlarm: putMetricAlarm,
  DescribeAlarms: describeAlarms,
  SetAlarmState: setAlarmState,
  DeleteAlarms: deleteAlarms,
  PutDashboard: putDashboard,
  GetDashboard: getDashboard,
  ListDashboards: listDashboards,
  DeleteDashboards: deleteDashboards,
};

interface CloudWatchInput {
  readonly Namespace?: string;
  readonly AlarmName?: string;
  readonly AlarmNames?: readonly string[];
  readonly DashboardName?: string;
  readonly DashboardNames?: readonly string[];
}

/** Metrics have no ARN; PutMetricData is limited by the condition key cloudwatch:namespace. */
function accessOf(cloudWatch: CloudWatch, operation: string, input: CloudWatchInput): AccessRequest[] {
  const action = `cloudwatch:${operation}`;
  if (operation === "PutMetricData") {
    return [{ action, resource: "*", conditions: { "cloudwatch:namespace": input.Namespace ?? "" } }];
  }
  const alarms = [input.AlarmName, ...(input.AlarmNames ?? [])].filter((name) => name !== undefined);
  const dashboards = [input.DashboardName, ...(input.DashboardNames ?? [])].filter((name) => name !== undefined);
  const arns = [
    ...alarms.map((name) => alarmArn(cloudWatch, name)),
    ...dashboards.map((name) => dashboardArn(cloudWatch, name)),
  ];
  return arns.length === 0 ? [{ action, resource: "*" }] : arns.map((resource) => ({ action, resource }));
}
