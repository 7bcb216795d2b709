/**
 * Everything one dataset group needs: its Lambdas, its state machine, its triggers, its alarms. Reusable: give it a bucket, a role
 * for Personalize and a topic, and it stands in any stack.
 */
import { Tags } from "aws-cdk-lib";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import type { IRole } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import { type Tags as TagSet, tagList } from "../../pipeline/config/tags.ts";
import { builtHandlers } from "../project-folder.ts";
import { Alarms } from "./alarms.ts";
import { CleanupMachine } from "./cleanup-machine.ts";
import type { DataBucket } from "./data-bucket.ts";
import { DataQuality } from "./data-quality.ts";
import { groupArns } from "./group-arns.ts";
import { Machine } from "./machine.ts";
import type { Observed } from "./observed.ts";
import { PipelineFunctions } from "./pipeline-functions.ts";
import { PreparationRole } from "./preparation-role.ts";
import { Triggers } from "./triggers.ts";

export interface RetrainingPipelineProps {
  /** Begins the names of everything in Personalize. */
  readonly project: string;
  /** Resolved, as `resolveConfig` gives it. */
  readonly group: DatasetGroup;
  /** On everything made here and everything that the runs make, beside the group's own; default none. */
  readonly tags?: TagSet;
  readonly data: DataBucket;
  /** What Personalize reads the uploads with. */
  readonly importRole: IRole;
  /** Hears how each run ended. */
  readonly topic: ITopic;
  /** Told what became of each run. */
  readonly bus: IEventBus;
  /** Folder of the bundled Lambdas; default what `npm run build` made. */
  readonly handlers?: string;
}

export class RetrainingPipeline extends Construct {
  readonly stateMachineArn: string;
  /** What the stack's dashboard shows of this group. */
  readonly observed: Observed & { readonly alarms: readonly string[] };

  constructor(scope: Construct, id: string, props: RetrainingPipelineProps) {
    super(scope, id);
    const { project, group, tags = {}, data, importRole, topic, bus, handlers = builtHandlers() } = props;
    for (const { tagKey, tagValue } of tagList(tags, group.tags)) Tags.of(this).add(tagKey, tagValue);
    const arns = groupArns(project, group);
    const shared = { importRole, arns, tags: [tags, group.tags] };
    const functions = new PipelineFunctions(this, "Functions", {
      ...shared,
      project,
      group,
      tags,
      data,
      bus,
      handlers,
    });
    const quality = group.dataQuality.enabled ? new DataQuality(this, "Quality", { project, group, data }) : undefined;
    const { preparation } = group;
    if (preparation !== undefined) new PreparationRole(this, "Preparation", { group, preparation, data });
    const machine = new Machine(this, "Machine", {
      ...{ ...shared, functions: functions.byPlaceholder, topic, bus, preparation },
      stopsLateTraining: group.deadlines.stopLateTraining,
      ...(quality === undefined ? {} : { quality }),
    });
    this.stateMachineArn = machine.arn;
    const { ReleaseTheLease } = functions.byPlaceholder;
    new CleanupMachine(this, "Cleanup", { project, group, arns, data, topic, handlers, ReleaseTheLease });
    const triggers = new Triggers(this, "Triggers", {
      ...{ group, prefix: arns.stateMachineName },
      bucketName: data.bucket.bucketName,
      stateMachineArn: machine.arn,
    });
    const observed: Observed = {
      ...{ group, prefix: arns.stateMachineName, stateMachineArn: machine.arn },
      ...{ uploadsRule: triggers.uploadsRule, functions: functions.names() },
    };
    this.observed = { ...observed, alarms: new Alarms(this, "Alarms", { observed, topic }).arns };
  }
}
