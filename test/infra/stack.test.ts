import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { stagingPrefix, triggerKey } from "../../pipeline/naming/bucket-layout.ts";
import { synthesize } from "../../infra/synthesize.ts";
import { listOf, sentence, type Statement, statementsOf } from "../support/statements.ts";
import {
  demoConfig,
  emptyHandlers,
  ofType,
  type Resource,
  type Resources,
  resourcesIn,
} from "../support/synthesized.ts";

const project = join(__dirname, "..", "..");
let folder: string;
let resources: Resources;

const synth = (name: string, validate = false): string =>
  synthesize({
    config: demoConfig(),
    handlers: join(folder, "handlers"),
    outdir: join(folder, name),
    validate,
  });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "outrank-infra-"));
  emptyHandlers(folder);
  resources = resourcesIn(synth("first"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const only = (type: string): Resource => {
  const found = ofType(resources, type);
  expect(found).toHaveLength(1);
  return found[0] as Resource;
};

describe("the synthesized stack", () => {
  it("shows every permission in review", () => {
    expect(statementsOf(resources).map(({ at, statement }) => `${at} ${sentence(statement)}`)).toMatchSnapshot();
  });

  it("names every action", () => {
    const actions = statementsOf(resources)
      .filter(({ statement }) => statement.Effect === "Allow")
      .flatMap(({ statement }) => listOf(statement.Action));

    expect(actions.filter((action) => action.includes("*"))).toEqual([]);
  });

  it("uses a bare star as resource only where AWS knows nothing narrower", () => {
    const stars = statementsOf(resources)
      .filter(({ statement }) => statement.Effect === "Allow" && listOf(statement.Resource).some((on) => on === "*"))
      .flatMap(({ statement }) => listOf(statement.Action));

    // Retraining needs the import jobs and the versions, a cleanup all of them.
    const lists = [
      ...["BatchInferenceJobs", "BatchSegmentJobs", "Campaigns", "DataDeletionJobs", "DatasetExportJobs"],
      ...["DatasetImportJobs", "Datasets", "EventTrackers", "Filters", "MetricAttributions", "Recommenders"],
      ...["Schemas", "SolutionVersions", "Solutions"],
    ].map((kind) => `personalize:List${kind}`);
    expect([...new Set(stars)].filter((action) => !action.startsWith("logs:")).sort()).toEqual([
      "cloudwatch:GetMetricData",
      "cloudwatch:PutMetricData",
      ...lists,
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ]);
  });

  it("passes its roles to Personalize and to Glue, and to nobody else", () => {
    const passes = statementsOf(resources).filter(({ statement }) => listOf(statement.Action).includes("iam:PassRole"));

    expect(passes.map(({ statement }) => statement.Condition)).toEqual([
      { StringEquals: { "iam:PassedToService": "personalize.amazonaws.com" } },
      { StringEquals: { "iam:PassedToService": "glue.amazonaws.com" } },
    ]);
  });

  it("keeps the bucket private, encrypted, versioned, and when the stack goes", () => {
    const { Properties, DeletionPolicy } = only("AWS::S3::Bucket");

    expect(DeletionPolicy).toBe("Retain");
    expect(Properties.VersioningConfiguration).toEqual({ Status: "Enabled" });
    expect(Properties.BucketEncryption).toBeDefined();
    expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    expect(Properties.NotificationConfiguration).toEqual({ EventBridgeConfiguration: { EventBridgeEnabled: true } });
  });

  it("refuses the bucket to plain HTTP and lets Personalize in for this account only", () => {
    const policy: Statement[] = only("AWS::S3::BucketPolicy").Properties.PolicyDocument.Statement;
    const denials = policy.filter(({ Effect }) => Effect === "Deny").map(({ Condition }) => Condition);
    const services = policy.filter(({ Effect }) => Effect === "Allow");

    expect(denials).toContainEqual({ Bool: { "aws:SecureTransport": "false" } });
    expect(services.map(({ Principal }) => Principal)).toEqual(
      services.map(() => ({ Service: "personalize.amazonaws.com" })),
    );
    for (const { Condition } of services) {
      expect(Condition).toEqual({ StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } });
    }
  });

  it("forgets what nobody asks for any more, and nothing else", () => {
    const { Rules: rules } = only("AWS::S3::Bucket").Properties.LifecycleConfiguration;

    expect(rules).toEqual([
      {
        Id: "OldVersions",
        Status: "Enabled",
        NoncurrentVersionExpiration: { NewerNoncurrentVersions: 3, NoncurrentDays: 90 },
      },
      {
        Id: "AbandonedUploads",
        Status: "Enabled",
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
      { Id: "DeleteMarkers", Status: "Enabled", ExpiredObjectDeleteMarker: true },
      {
        Id: "Triggers-shop",
        Status: "Enabled",
        Prefix: triggerKey("shop", "").replace(".json", ""),
        ExpirationInDays: 30,
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      },
      {
        Id: "Staged-shop",
        Status: "Enabled",
        Prefix: stagingPrefix("shop", ""),
        ExpirationInDays: 7,
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      },
    ]);
  });

  it("traces every step, and logs each without the data that it was given", () => {
    for (const { Properties } of ofType(resources, "AWS::StepFunctions::StateMachine")) {
      expect(Properties.LoggingConfiguration).toMatchObject({ Level: "ALL", IncludeExecutionData: false });
      expect(Properties.TracingConfiguration).toEqual({ Enabled: true });
    }
    for (const { Properties } of ofType(resources, "AWS::Lambda::Function")) {
      expect(Properties.TracingConfig).toEqual({ Mode: "Active" });
    }
  });

  it("has no custom resource and no Lambda but our own", () => {
    const types = Object.values(resources).map((resource) => resource.Type);

    expect(types.filter((type) => type.startsWith("Custom::") || type.includes("CustomResource"))).toEqual([]);
    expect(ofType(resources, "AWS::Lambda::Function")).toHaveLength(14);
  });

  it("keeps every log for three months and no longer", () => {
    const days = ofType(resources, "AWS::Logs::LogGroup").map(({ Properties }) => Properties.RetentionInDays);

    expect(days).toHaveLength(16);
    expect(new Set(days)).toEqual(new Set([90]));
  });

  it("starts the machine on uploads of its group, and on Mondays at three in Berlin", () => {
    const { EventPattern } = only("AWS::Events::Rule").Properties;
    const schedule = only("AWS::Scheduler::Schedule").Properties;

    expect(EventPattern.detail.object.key).toEqual(
      ["interactions", "users", "items", "actions", "action-interactions"].map((type) => ({ prefix: `shop/${type}/` })),
    );
    expect([schedule.ScheduleExpression, schedule.ScheduleExpressionTimezone]).toEqual([
      "cron(0 3 ? * MON *)",
      "Europe/Berlin",
    ]);
  });

  it.each([
    { definition: "retrain", name: "outrank-shop" },
    { definition: "cleanup", name: "outrank-shop-cleanup" },
  ])("fills in every placeholder of the definition $definition and no other", ({ definition, name }) => {
    const text = readFileSync(join(project, "state-machines", `${definition}.asl.json`), "utf8");
    const wanted = new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, placeholder]) => placeholder));
    const machine = ofType(resources, "AWS::StepFunctions::StateMachine").find(
      ({ Properties }) => Properties.StateMachineName === name,
    );

    expect(Object.keys(machine?.Properties.DefinitionSubstitutions).sort()).toEqual([...wanted].sort());
  });

  it("passes CloudFormation's own rules, as CDK knows them", () => {
    const report = JSON.parse(readFileSync(join(synth("validated", true), "validation-report.json"), "utf8"));

    expect(report.pluginReports).toEqual([]);
  });

  it("is the same to the byte when synthesized again", () => {
    const files = (root: string): string[] =>
      readdirSync(root, { recursive: true, withFileTypes: true })
        .map((entry) => relative(root, join(entry.parentPath, entry.name)))
        .sort();
    const [first, second] = [join(folder, "first"), synth("second")];

    expect(files(second)).toEqual(files(first));
    for (const file of files(first).filter((name) => statSync(join(first, name)).isFile())) {
      expect(readFileSync(join(second, file)).equals(readFileSync(join(first, file)))).toBe(true);
    }
  });

  it("is the same when cdk synth makes it, with the feature flags of cdk.json", () => {
    const { context } = JSON.parse(readFileSync(join(project, "cdk.json"), "utf8"));
    process.env["CDK_CONTEXT_JSON"] = JSON.stringify(context);
    try {
      expect(resourcesIn(synth("flagged"))).toEqual(resources);
    } finally {
      delete process.env["CDK_CONTEXT_JSON"];
    }
  });
});
