/** CloudWatch in templates: AWS::CloudWatch::Alarm and AWS::CloudWatch::Dashboard, kept and shown. */
import type { PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import { physicalName } from "../cloud/ports/physical-name.ts";
import type { Provisioner } from "../cloud/ports/service.ts";
import { alarmArn, type CloudWatch } from "./alarms-and-dashboards.ts";
import { deleteAlarms, putMetricAlarm } from "./operations/alarms.ts";
import { deleteDashboards, putDashboard } from "./operations/dashboards.ts";

export function cloudWatchProvisioners(cloudWatch: CloudWatch): Provisioner[] {
  return [alarm(cloudWatch), dashboard(cloudWatch)];
}

function alarm(cloudWatch: CloudWatch): Provisioner {
  return {
    type: "AWS::CloudWatch::Alarm",
    async apply({ stackName, logicalId, properties }) {
      // The resource type's properties are PutMetricAlarm's members.
      const settings = properties as unknown as PutMetricAlarmCommandInput;
      const name = settings.AlarmName ?? physicalName(stackName, logicalId, 255);
      await putMetricAlarm(cloudWatch, { ...settings, AlarmName: name });
      return { ref: name, attributes: { Arn: alarmArn(cloudWatch, name) } };
    },
    remove: (name) => deleteAlarms(cloudWatch, { AlarmNames: [name] }),
  };
}

function dashboard(cloudWatch: CloudWatch): Provisioner {
  return {
    type: "AWS::CloudWatch::Dashboard",
    async apply({ stackName, logicalId, properties }) {
      const { DashboardName, DashboardBody } = properties as { DashboardName?: string; DashboardBody: string | object };
      const name = DashboardName ?? physicalName(stackName, logicalId, 255);
      const body = typeof DashboardBody === "string" ? DashboardBody : JSON.stringify(DashboardBody);
      await putDashboard(cloudWatch, { DashboardName: name, DashboardBody: body });
      return { ref: name, attributes: {} };
    },
    remove: async (name) => {
      if (cloudWatch.dashboards.has(name)) await deleteDashboards(cloudWatch, { DashboardNames: [name] });
    },
  };
}
