/**
 * Everything one dataset group needs: its Lambdas, its state machine, its triggers, its alarms. Reusable: `new
 * RetrainingPipeline(stack, "Shop", { group })` stands in any stack; examples/01-your-own-stack shows it.
 */
import { Tags } from "aws-cdk-lib";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import type { IRole } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import { type Tags as TagSet, tagList } from "../../pipeline/config/tags.ts";
import { groupPrefix } from "../../pipeline/naming/names.ts";
import { builtHandlers } from "../project-folder.ts";
import { Alarms } from "./alarms.ts";
import { Approvals } from "./approvals.ts";
import { CleanupMachine } from "./cleanup-machine.ts";
import { DataBucket } from "./data-bucket.ts";
import { DataQuality, type DataQualityProps } from "./data-quality.ts";
import { RunEvents } from "./event-bus.ts";
import { type GroupArns, groupArns } from "./group-arns.ts";
import { Machine } from "./machine.ts";
import { Notifications } from "./notifications.ts";
import type { Observed } from "./observed.ts";
import { PersonalizeAccess } from "./personalize-access.ts";
import { PipelineFunctions } from "./pipeline-functions.ts";
import { PreparationRole } from "./preparation-role.ts";
import { Triggers } from "./triggers.ts";

export interface RetrainingPipelineProps {
  /** One dataset group, resolved: an entry of `resolveConfig(raw, readJson).datasetGroups`. */
  readonly group: DatasetGroup;
  /** Begins the names of everything in Personalize; two pipelines of one account must not share project and group name. */
  readonly project?: string;
  /** On everything made here and everything that the runs make, beside the group's own; default none. */
  readonly tags?: TagSet;
  /** Where the uploads lie; default a bucket of this pipeline's own, which is kept when the stack goes. */
  readonly data?: DataBucket;
  /** What Personalize reads the uploads with; default a role that may read this group's folders only. */
  readonly importRole?: IRole;
  /** Hears in words how each run ended; default a topic of this pipeline's own. */
  readonly topic?: ITopic;
  /** Hears in events what became of each run; default a bus named `<project>-<group>`. */
  readonly bus?: IEventBus;
  /** Folder of the bundled Lambdas; default what `npm run build` made. */
  readonly handlers?: string;
}

export class RetrainingPipeline extends Construct {
  readonly stateMachineArn: string;
  /** Drop CSV files here, under `<group>/interactions/` and so on. */
  readonly data: DataBucket;
  /** What the stack's dashboard shows of this group. */
  readonly observed: Observed & { readonly alarms: readonly string[] };

  constructor(scope: Construct, id: string, props: RetrainingPipelineProps) {
    super(scope, id);
    const { project = "outrank", group, tags = {}, handlers = builtHandlers() } = props;
    const { data, importRole, topic, bus } = this.surroundings(props, project, handlers);
    this.data = data;
    for (const { tagKey, tagValue } of tagList(tags, group.tags)) Tags.of(this).add(tagKey, tagValue);
    const arns = groupArns(project, group);
    const shared = { importRole, arns, tags: [tags, group.tags] };
    const own = { project, group, data };
    const functions = new PipelineFunctions(this, "Functions", { ...shared, ...own, tags, bus, handlers });
    const machine = new Machine(this, "Machine", {
      ...{ ...shared, functions: functions.byPlaceholder, topic, bus },
      ...this.helpers(own, arns, handlers),
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

  /** Beside its Lambdas the machine works with what the configuration asks for: Glue, and a page for approvals. */
  private helpers(own: DataQualityProps, arns: GroupArns, handlers: string) {
    const { group, data } = own;
    const { preparation, dataQuality, solutions, deadlines } = group;
    if (preparation !== undefined) new PreparationRole(this, "Preparation", { group, preparation, data });
    const asks = solutions.some(({ decision }) => decision.approval.mode === "manual");
    return {
      ...{ preparation, stopsLateTraining: deadlines.stopLateTraining },
      ...(asks ? { approvalUrl: new Approvals(this, "Approvals", { arns, handlers }).url } : {}),
      ...(dataQuality.enabled ? { quality: new DataQuality(this, "Quality", own) } : {}),
    };
  }

  /** What was not given is made here. */
  private surroundings({ group, ...given }: RetrainingPipelineProps, project: string, handlers: string) {
    const groups = [group];
    const data = given.data ?? new DataBucket(this, "Data", { groups });
    const subscribers = group.notifications;
    return {
      data,
      importRole: given.importRole ?? new PersonalizeAccess(this, "PersonalizeAccess", { data, groups }).role,
      topic: given.topic ?? new Notifications(this, "Notices", { subscribers, handlers }).topic,
      bus: given.bus ?? new RunEvents(this, "Events", { name: groupPrefix(project, group.name) }).bus,
    };
  }
}
