/** What starts a run by itself: uploads into the group's folders, and schedules. Each starts the machine directly. */
import { CfnRule } from "aws-cdk-lib/aws-events";
import { Role } from "aws-cdk-lib/aws-iam";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import type { Schedule } from "../../pipeline/config/schedule.ts";
import { uploadPattern } from "../../pipeline/events/object-created.ts";
import { retrainingDueInput } from "../../pipeline/events/retraining-due.ts";
import { type Stage, stages } from "../../pipeline/planning/run-options.ts";
import { allow, forThisAccount } from "./permission.ts";

export interface TriggersProps {
  readonly group: DatasetGroup;
  /** Begins the schedules' names, which `outrank schedule` knows. */
  readonly prefix: string;
  readonly bucketName: string;
  readonly stateMachineArn: string;
}

interface Cadence {
  readonly schedule: Schedule | undefined;
  /** Absent: all stages. */
  readonly stage?: Stage;
}

export class Triggers extends Construct {
  /** Name of the rule that starts runs on uploads. */
  readonly uploadsRule: string;

  constructor(scope: Construct, id: string, { group, prefix, bucketName, stateMachineArn }: TriggersProps) {
    super(scope, id);
    const uploads = new CfnRule(this, "Uploads", {
      description: `Uploads for ${group.name} start a retraining run`,
      eventPattern: uploadPattern(bucketName, group.name, group.preparation?.rawPrefix),
      targets: [{ id: "Retrain", arn: stateMachineArn, roleArn: this.starter("events", stateMachineArn).roleArn }],
    });
    this.uploadsRule = uploads.ref;
    const { cadence } = group;
    const all: readonly Cadence[] = [
      { schedule: group.schedule },
      ...stages.map((stage) => ({ schedule: cadence[stage], stage })),
    ];
    const wanted = all.flatMap(({ schedule, stage }) => (schedule === undefined ? [] : [{ schedule, stage }]));
    if (wanted.length === 0) return;
    const role = this.starter("scheduler", stateMachineArn);
    for (const { schedule, stage } of wanted) {
      const only = stage === undefined ? "" : stage.charAt(0).toUpperCase() + stage.slice(1);
      new CfnSchedule(this, `${only}Schedule`, {
        name: stage === undefined ? prefix : `${prefix}-${stage}`,
        description: `${stage === undefined ? "Retrains" : `Stage ${stage} of`} ${group.name} without being asked`,
        scheduleExpression: schedule.expression,
        scheduleExpressionTimezone: schedule.timezone,
        flexibleTimeWindow: { mode: "OFF" },
        target: { arn: stateMachineArn, roleArn: role.roleArn, input: JSON.stringify(retrainingDueInput(stage)) },
      });
    }
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
