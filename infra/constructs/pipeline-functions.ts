/**
 * The Lambdas of one group, each with exactly what its state needs. `s3:ListBucket` beside a read is what makes S3 say
 * "no such key" where it would else say "access denied"; S3 has no narrower permission for that.
 */
import { Duration } from "aws-cdk-lib";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import type { IRole } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { DatasetGroup } from "../../pipeline/config/dataset-group.ts";
import type { Tags } from "../../pipeline/config/tags.ts";
import * as layout from "../../pipeline/naming/bucket-layout.ts";
import { handlerFolder } from "../project-folder.ts";
import { withConfiguredCode } from "./configured-code.ts";
import { customerKeyOf } from "./customer-key.ts";
import type { DataBucket } from "./data-bucket.ts";
import { glueArn } from "./data-quality.ts";
import { followUpPermissions } from "./follow-up-access.ts";
import { generatedNames, type GroupArns } from "./group-arns.ts";
import { listEventTrackers, listImportJobs, listSolutionVersions } from "./list-permissions.ts";
import { mayPass, mayTag, type Permission } from "./permission.ts";
import { PipelineFunction, type PipelineFunctionProps } from "./pipeline-function.ts";

export interface PipelineFunctionsProps {
  readonly project: string;
  readonly group: DatasetGroup;
  /** The project's. */
  readonly tags: Tags;
  readonly data: DataBucket;
  readonly bus: IEventBus;
  readonly importRole: IRole;
  readonly arns: GroupArns;
  /** Folder of the bundled Lambdas. */
  readonly handlers: string;
}

export class PipelineFunctions extends Construct {
  /** By the name that the definition's placeholders have: `PlanTheRun` -> function. */
  readonly byPlaceholder: Readonly<Record<string, PipelineFunction>> & { readonly ReleaseTheLease: PipelineFunction };

  private readonly props: PipelineFunctionsProps;

  constructor(scope: Construct, id: string, props: PipelineFunctionsProps) {
    super(scope, id);
    this.props = props;
    this.byPlaceholder = {
      PlanTheRun: this.planTheRun(),
      TakeTheLease: this.takeTheLease(),
      LookAtTheUploads: this.lookAtTheUploads(),
      CheckTheData: this.checkTheData(),
      ReadTheVerdict: this.readTheVerdict(),
      EnsureTheResources: this.ensureTheResources(),
      StartTheTraining: this.startTheTraining(),
      JudgeTheCandidate: this.judgeTheCandidate(),
      TryTheCampaign: this.tryTheCampaign(),
      FollowUp: this.followUp(),
      WriteTheRecord: this.writeTheRecord(),
      ReleaseTheLease: this.releaseTheLease(),
    };
  }

  /** Folder under lambdas/ -> name in AWS. */
  names(): Readonly<Record<string, string>> {
    const functions = Object.values(this.byPlaceholder);
    return Object.fromEntries(functions.map(({ name, lambda }) => [name, lambda.functionName]));
  }

  private make(name: string, props: Partial<PipelineFunctionProps>): PipelineFunction {
    const codeFolder = handlerFolder(this.props.handlers, name);
    const id = name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
    const BUCKET = this.props.data.bucket.bucketName;
    return new PipelineFunction(this, id, {
      codeFolder,
      ...props,
      name,
      environment: { BUCKET, GROUP: this.props.group.name, ...props.environment },
    });
  }

  private objects(actions: readonly string[], ...keys: readonly string[]): Permission {
    const { bucket } = this.props.data;
    const because = "uploads have the names that people give them, our own objects those of runs, events and versions";
    return { actions, resources: keys.map((key) => bucket.arnForObjects(key)), because };
  }

  private listing(): Permission {
    return { actions: ["s3:ListBucket"], resources: [this.props.data.bucket.bucketArn] };
  }

  private tagging(resources: readonly string[]): readonly Permission[] {
    return mayTag([this.props.tags, this.props.group.tags], resources);
  }

  /** When a dataset was made: import jobs from before filled another one of the same ARN. */
  private births(): Permission {
    return { actions: ["personalize:DescribeDataset"], resources: this.props.arns.datasets };
  }

  private planTheRun(): PipelineFunction {
    const { project, group, tags, importRole } = this.props;
    const code = handlerFolder(this.props.handlers, "plan-the-run");
    const key = customerKeyOf(this);
    const environment = { IMPORT_ROLE_ARN: importRole.roleArn, ...(key && { KMS_KEY_ARN: key.arn }) };
    return withConfiguredCode(code, "group.json", { project, group, tags }, (codeFolder) =>
      this.make("plan-the-run", { codeFolder, environment }),
    );
  }

  private takeTheLease(): PipelineFunction {
    const { group, arns } = this.props;
    const keys = [layout.leaseKey(group.name), layout.triggerKey(group.name, "*"), layout.newestKey(group.name, "*")];
    return this.make("take-the-lease", {
      permissions: [
        this.objects(["s3:GetObject", "s3:PutObject"], ...keys),
        this.objects(["s3:PutObject"], layout.noteKey(group.name, "*")),
        this.listing(),
        {
          actions: ["states:DescribeExecution"],
          resources: [arns.executions, arns.cleanupExecutions],
          because: "executions are named at start",
        },
      ],
    });
  }

  private lookAtTheUploads(): PipelineFunction {
    const { name } = this.props.group;
    return this.make("look-at-the-uploads", {
      timeout: Duration.minutes(2),
      permissions: [
        this.listing(),
        this.objects(["s3:GetObject"], `${name}/*`, layout.judgedKey(name), layout.importedKey(name, "*")),
        this.objects(["s3:PutObject"], layout.pinsKey(name, "*")),
        listImportJobs,
        this.births(),
      ],
    });
  }

  private checkTheData(): PipelineFunction {
    const { name, datasets } = this.props.group;
    const adds = Object.values(datasets).some((dataset) => dataset?.importMode === "INCREMENTAL");
    return this.make("check-the-data", {
      timeout: Duration.minutes(15),
      memoryMiB: 2048,
      permissions: [
        this.objects(["s3:GetObject", "s3:GetObjectVersion"], `${name}/*`),
        this.objects(["s3:GetObject"], layout.acceptedKey(name)),
        this.objects(["s3:PutObject"], layout.knownKey(name), layout.importedKey(name, "*")),
        ...(adds ? [this.objects(["s3:PutObject"], `${layout.stagingPrefix(name, "")}*`)] : []),
        this.listing(),
      ],
    });
  }

  private readTheVerdict(): PipelineFunction {
    const permission: Permission = {
      actions: ["glue:GetDataQualityResult"],
      resources: [glueArn("dataQualityRuleset/*")],
      because: "a result has an id, and Glue knows no resource for it",
    };
    const { enabled } = this.props.group.dataQuality;
    return this.make("read-the-verdict", { permissions: enabled ? [permission] : [] });
  }

  private ensureTheResources(): PipelineFunction {
    const { datasetGroup, schemas, datasets, solutions, campaigns, recipes, eventTrackers } = this.props.arns;
    const on = (resources: readonly string[], ...operations: readonly string[]): Permission => ({
      actions: operations.map((operation) => `personalize:${operation}`),
      resources,
      because: generatedNames,
    });
    return this.make("ensure-the-resources", {
      timeout: Duration.minutes(2),
      permissions: [
        on([datasetGroup], "CreateDatasetGroup", "DescribeDatasetGroup"),
        on(schemas, "CreateSchema", "DescribeSchema"),
        on(datasets, "DescribeDataset"),
        on([...datasets, ...schemas], "UpdateDataset"),
        on([...datasets, ...schemas, datasetGroup], "CreateDataset"),
        on(solutions, "DescribeSolution", "UpdateSolution"),
        on([...solutions, ...recipes, datasetGroup], "CreateSolution"),
        on(campaigns, "DescribeCampaign"),
        ...(eventTrackers.length === 0
          ? []
          : [listEventTrackers, on([...eventTrackers, datasetGroup], "CreateEventTracker")]),
        ...this.tagging([datasetGroup, ...datasets, ...solutions, ...eventTrackers]),
        ...(customerKeyOf(this) ? [mayPass(this.props.importRole, "personalize")] : []),
      ],
    });
  }

  private startTheTraining(): PipelineFunction {
    return this.make("start-the-training", {
      timeout: Duration.minutes(2),
      permissions: [
        {
          actions: ["personalize:CreateSolutionVersion", "personalize:DescribeSolutionVersion"],
          resources: this.props.arns.solutions,
          because: generatedNames,
        },
        listSolutionVersions,
        ...this.tagging(this.props.arns.solutions),
      ],
    });
  }

  private judgeTheCandidate(): PipelineFunction {
    const { name } = this.props.group;
    const decisions = layout.decisionKey(name, "arn:solution/*");
    return this.make("judge-the-candidate", {
      timeout: Duration.minutes(2),
      permissions: [
        this.objects(["s3:GetObject"], decisions, layout.championKey(name, "*"), layout.recordKey(name, "*")),
        this.objects(["s3:PutObject"], decisions),
        this.listing(),
        listImportJobs,
        this.births(),
      ],
    });
  }

  private tryTheCampaign(): PipelineFunction {
    const permission = { actions: ["personalize:GetRecommendations"], resources: this.props.arns.campaigns };
    const known = this.objects(["s3:GetObject"], layout.knownKey(this.props.group.name));
    return this.make("try-the-campaign", { permissions: [permission, known, this.listing()] });
  }

  private followUp(): PipelineFunction {
    const { arns, group, importRole } = this.props;
    const { filters, recommenders, batchInferenceJobs, batchSegmentJobs } = arns;
    return this.make("follow-up", {
      timeout: Duration.minutes(2),
      permissions: [
        ...followUpPermissions(arns, group, importRole),
        ...this.tagging([...filters, ...recommenders, ...batchInferenceJobs, ...batchSegmentJobs]),
      ],
    });
  }

  private writeTheRecord(): PipelineFunction {
    const { name } = this.props.group;
    const pointers = [
      layout.championKey(name, "*"),
      layout.judgedKey(name),
      layout.acceptedKey(name),
      layout.historyKey(name),
    ];
    return this.make("write-the-record", {
      environment: { EVENT_BUS: this.props.bus.eventBusName },
      timeout: Duration.minutes(2),
      permissions: [
        this.objects(["s3:GetObject"], ...pointers),
        this.objects(["s3:PutObject"], layout.recordKey(name, "*"), layout.runPageKey(name, "*"), ...pointers),
        this.objects(["s3:PutObject"], layout.groupPageKey(name)),
        this.listing(),
        ...this.reckoning(),
      ],
    });
  }

  /** What the run's cost and the advice in its notice are read from. */
  private reckoning(): readonly Permission[] {
    const { group, arns } = this.props;
    const hours = ["personalize:DescribeSolutionVersion"];
    const billed: Permission = { actions: hours, resources: arns.solutions, because: generatedNames };
    if (!group.advice.enabled) return [billed];
    return [
      billed,
      { actions: ["personalize:DescribeCampaign"], resources: arns.campaigns },
      { actions: ["cloudwatch:GetMetricData"], resources: ["*"], because: "CloudWatch's metrics are no resources" },
    ];
  }

  private releaseTheLease(): PipelineFunction {
    const { group, arns } = this.props;
    const own = [layout.leaseKey(group.name), layout.noteKey(group.name, "*")];
    return this.make("release-the-lease", {
      permissions: [
        this.objects(["s3:GetObject"], ...own, layout.pinsKey(group.name, "*")),
        this.objects(["s3:DeleteObject"], ...own),
        this.listing(),
        { actions: ["states:StartExecution"], resources: [arns.stateMachine] },
      ],
    });
  }
}
