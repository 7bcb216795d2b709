/** What CloudWatch keeps beside metrics: alarms and dashboards. */
import type { PutMetricAlarmCommandInput, Tag } from "@aws-sdk/client-cloudwatch";
import type { ServiceDeps } from "../cloud/ports/service.ts";
import type { Table } from "../cloud/ports/store.ts";
import type { AlarmWatch } from "./alarms/alarm-watch.ts";
import type { MetricStore } from "./metric-store.ts";

/** JSON of PutMetricAlarm's input, with what CloudWatch adds. */
export interface Alarm {
  readonly name: string;
  readonly arn: string;
  readonly settings: Omit<PutMetricAlarmCommandInput, "Tags">;
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  readonly stateReason: string;
  /** Epoch milliseconds. */
  readonly stateChangedAt: number;
  readonly configuredAt: number;
  /** As EnableAlarmActions or DisableAlarmActions last said, until it is put with other settings. */
  readonly actionsEnabled?: boolean;
  readonly tags?: readonly Tag[];
}

export interface Dashboard {
  readonly name: string;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

export interface CloudWatch {
  readonly deps: ServiceDeps;
  readonly metrics: MetricStore;
  readonly alarms: Table<Alarm>;
  readonly dashboards: Table<Dashboard>;
  readonly watch: AlarmWatch;
  readonly act: (alarm: Alarm, before: Alarm["state"]) => Promise<void>;
}

/** Does a change of its state do anything? */
export const mayAct = ({ actionsEnabled, settings }: Alarm): boolean =>
  actionsEnabled ?? settings.ActionsEnabled ?? true;

export function alarmArn({ deps }: Pick<CloudWatch, "deps">, name: string): string {
  return `arn:aws:cloudwatch:${deps.region}:${deps.account}:alarm:${name}`;
}

export function dashboardArn({ deps }: Pick<CloudWatch, "deps">, name: string): string {
  return `arn:aws:cloudwatch::${deps.account}:dashboard/${name}`;
}

/** The answer of an operation without the SDK's metadata. */
export type Answer<T> = Omit<T, "$metadata">;
