/** CloudWatch: metrics by minute, alarms that look at them, dashboards as given. */
import type { CallCounter } from "../cloud/ports/metrics.ts";
import type {
  AccessRequest,
  AwsCalls,
  AwsService,
  Operation,
  Provisioner,
  ServiceDeps,
} from "../cloud/ports/service.ts";
import { createAlarmWatch } from "./alarms/alarm-watch.ts";
import { makeNotify } from "./alarms/notify.ts";
import { type Alarm, alarmArn, type CloudWatch, type Dashboard, dashboardArn } from "./alarms-and-dashboards.ts";
import { openMetricStore } from "./metric-store.ts";
import { createRunningCounts } from "./running-counts.ts";
import { listTagsForResource, tagResource, untagResource } from "./operations/alarm-tags.ts";
import {
  deleteAlarms,
  describeAlarms,
  describeAlarmsForMetric,
  disableAlarmActions,
  enableAlarmActions,
  putMetricAlarm,
  setAlarmState,
} from "./operations/alarms.ts";
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

export interface CloudWatchDeps extends ServiceDeps {
  /** How alarms speak to topics; without it they speak to nobody. Usable from `resume` on. */
  readonly calls?: AwsCalls;
}

export function createCloudWatch(deps: CloudWatchDeps): CloudWatchParts {
  const counts = createRunningCounts(openMetricStore(deps.store), deps.clock);
  const alarms = deps.store.table<Alarm>("cloudwatch/alarms");
  const act = makeNotify(deps);
  const commit = () => deps.store.commit();
  const watch = createAlarmWatch({ clock: deps.clock, alarms, metrics: counts.settled, commit, act });
  const cloudWatch: CloudWatch = {
    deps,
    get metrics() {
      return counts.settled();
    },
    ...{ alarms, watch, act },
    dashboards: deps.store.table<Dashboard>("cloudwatch/dashboards"),
  };
  const bound = Object.entries(operations).map(
    ([name, run]) => [name, (input: unknown) => run(cloudWatch, input)] as const,
  );
  const watched: CallCounter = {
    count(namespace, name, dimensions) {
      counts.count(namespace, name, dimensions);
      watch.touch({ namespace, name });
    },
    measure(namespace, name, dimensions, milliseconds) {
      counts.measure(namespace, name, dimensions, milliseconds);
      watch.touch({ namespace, name });
    },
  };
  const service: AwsService = {
    id: "monitoring",
    operations: Object.fromEntries(bound),
    resume: () => Promise.resolve(watch.resume()),
    close: () => {
      watch.close();
      return counts.settled().commit();
    },
    access: (operation, input: CloudWatchInput) => accessOf(cloudWatch, operation, input),
  };
  return { service, provisioners: cloudWatchProvisioners(cloudWatch), counter: watched };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the table is heterogeneous; each function is typed where it is defined
const operations: Readonly<Record<string, (cloudWatch: CloudWatch, input: any) => ReturnType<Operation>>> = {
  PutMetricData: putMetricData,
  ListMetrics: listMetrics,
  GetMetricStatistics: getMetricStatistics,
  GetMetricData: getMetricData,
  PutMetricAlarm: putMetricAlarm,
  DescribeAlarms: describeAlarms,
  DescribeAlarmsForMetric: describeAlarmsForMetric,
  EnableAlarmActions: enableAlarmActions,
  DisableAlarmActions: disableAlarmActions,
  SetAlarmState: setAlarmState,
  DeleteAlarms: deleteAlarms,
  ListTagsForResource: listTagsForResource,
  TagResource: tagResource,
  UntagResource: untagResource,
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
  readonly ResourceARN?: string;
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
    ...(input.ResourceARN === undefined ? [] : [input.ResourceARN]),
    ...alarms.map((name) => alarmArn(cloudWatch, name)),
    ...dashboards.map((name) => dashboardArn(cloudWatch, name)),
  ];
  return arns.length === 0 ? [{ action, resource: "*" }] : arns.map((resource) => ({ action, resource }));
}
