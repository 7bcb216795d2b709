/** What starts a run by itself: uploads into the group's folders, and the schedule. Both start the machine directly. */
import { CfnRule } from "aws-cdk-lib/aws-events";
import { Role } from "aws-cdk-lib/aws-iam";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import type { Schedule } from "../../pipeline/config/schedule.ts";
import { uploadPattern } from "../../pipeline/events/object-created.ts";
import { retrainingDueInput } from "../../pipeline/events/retraining-due.ts";
import { allow, forThisAccount } from "./permission.ts";

export interface TriggersProps {
  readonly group: string;
  readonly bucketName: string;
  readonly stateMachineArn: string;
  readonly schedule?: Schedule;
}

export class Triggers extends Construct {
  /** Name of the rule that starts runs on uploads. */
  readonly uploadsRule: string;

  constructor(scope: Construct, id: string, { group, bucketName, stateMachineArn, schedule }: TriggersProps) {
    super(scope, id);
    const uploads = new CfnRule(this, "Uploads", {
      description: `Uploads for ${group} start a retraining run`,
      eventPattern: uploadPattern(bucketName, group),
      targets: [{ id: "Retrain", arn: stateMachineArn, roleArn: this.starter("events", stateMachineArn).roleArn }],
    });
    this.uploadsRule = uploads.ref;
    if (schedule === undefined) return;
    new CfnSchedule(this, "Schedule", {
      description: `Retrains ${group} without being asked`,
      scheduleExpression: schedule.expression,
      scheduleExpressionTimezone: schedule.timezone,
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: stateMachineArn,
        roleArn: this.starter("scheduler", stateMachineArn).roleArn,
        input: JSON.stringify(retrainingDueInput),
      },
    });
  }

  /** A role for one service that may start this machine and nothing else. */
  private starter(service: "events" | "scheduler", stateMachineArn: string): Role {
    const role = new Role(this, `${service === "events" ? "Uploads" : "Schedule"}Role`, {
      assumedBy: forThisAccount(`${service}.amazonaws.com`),
    });
    allow(role, { actions: ["states:StartExecution"], resources: [stateMachineArn] });
    return role;
  }
}
