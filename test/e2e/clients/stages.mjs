/**
 * The way of the public Step Functions pipelines, with the SDK for JavaScript: one machine in which every stage creates a thing, a single
 * check describes it, and one Choice sends on, or to a Wait and back; and a machine that takes everything down in order.
 */
import { GetRecommendationsCommand, PersonalizeRuntimeClient } from "@aws-sdk/client-personalize-runtime";
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import * as sfn from "@aws-sdk/client-sfn";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { setTimeout } from "node:timers/promises";

const pollMs = Number(process.env.POLL_SECONDS ?? "60") * 1000;
const name = "stages";
const bucket = "personalize-stages";
const { Account } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
const arn = (kind, tail = name) => `arn:aws:personalize:us-east-1:${Account}:${kind}/${tail}`;
const roleArn = (role) => `arn:aws:iam::${Account}:role/${role}`;

const s3 = new S3Client({ forcePathStyle: true });
await s3.send(new CreateBucketCommand({ Bucket: bucket }));
const Statement = [
  {
    Effect: "Allow",
    Principal: { Service: "personalize.amazonaws.com" },
    Action: ["s3:GetObject", "s3:ListBucket"],
    Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
  },
];
const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
const put = (Key, lines) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: `${lines.join("\n")}\n` }));
// User u has met items 0 to u % 30: item 0 is the most popular, item 1 the next.
const rows = Array.from({ length: 120 }, (_, u) =>
  Array.from({ length: (u % 30) + 1 }, (_, i) => `${u},${i},${1_760_000_000 + u * 100 + i}`),
);
await put("interactions.csv", ["USER_ID,ITEM_ID,TIMESTAMP", ...rows.flat()]);
await put("items.csv", ["ITEM_ID,GENRE", ...Array.from({ length: 30 }, (_, i) => `${i},g${i % 3}`)]);
const { TopicArn } = await new SNSClient({}).send(new CreateTopicCommand({ Name: `${name}-done` }));

const schemaOf = (type, fields) =>
  JSON.stringify({ type: "record", name: type, namespace: "com.amazonaws.personalize.schema", fields, version: "1.0" });
const text = (field) => ({ name: field, type: "string" });
const interactions = schemaOf("Interactions", [text("USER_ID"), text("ITEM_ID"), { name: "TIMESTAMP", type: "long" }]);
const items = schemaOf("Items", [text("ITEM_ID"), { ...text("GENRE"), categorical: true }]);

const sdk = (action) => `arn:aws:states:::aws-sdk:personalize:${action}`;
const retried = {
  Retry: [{ ErrorEquals: ["Personalize.LimitExceededException", "Personalize.ResourceInUseException"] }],
};
const failed = { Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Tell of the failure" }] };

/** Creates a thing whose ARN comes to lie under `$.<member>`, and notes the stage. */
function creating(stage, action, Parameters, member) {
  return {
    [`Create ${stage}`]: {
      ...{ Type: "Task", Resource: sdk(action), Parameters, ...retried, ...failed },
      ...{ ResultSelector: { "Arn.$": `$.${member}Arn` }, ResultPath: `$.${stage}`, Next: `Note ${stage}` },
    },
    [`Note ${stage}`]: { Type: "Pass", Result: stage, ResultPath: "$.stage", Next: "Which stage?" },
  };
}

/** Describes what a stage has made; its status comes to lie under `$.status`. */
const checking = (stage, noun) => ({
  [`Check ${stage}`]: {
    ...{
      Type: "Task",
      Resource: sdk(`describe${noun}`),
      Parameters: { [`${noun}Arn.$`]: `$.${stage}.Arn` },
      ...failed,
    },
    ...{ ResultSelector: { "Status.$": `$.${noun}.Status` }, ResultPath: "$.check", Next: "Is it ready?" },
  },
});

const group = { "DatasetGroupArn.$": "$.group.Arn" };
const importing = (kind) => ({
  "JobName.$": `States.Format('{}-${kind}-import', $.name)`,
  "DatasetArn.$": `$.${kind}.Arn`,
  DataSource: { "DataLocation.$": `States.Format('s3://{}/${kind}.csv', $.bucket)` },
  "RoleArn.$": "$.role",
});
const stages = [
  ["group", "DatasetGroup", { "Name.$": "$.name" }],
  ["interactionsSchema", "Schema", { "Name.$": "States.Format('{}-interactions', $.name)", Schema: interactions }],
  [
    "interactions",
    "Dataset",
    { ...group, Name: "i", DatasetType: "Interactions", "SchemaArn.$": "$.interactionsSchema.Arn" },
  ],
  ["interactionsImport", "DatasetImportJob", importing("interactions")],
  ["itemsSchema", "Schema", { "Name.$": "States.Format('{}-items', $.name)", Schema: items }],
  ["items", "Dataset", { ...group, Name: "m", DatasetType: "Items", "SchemaArn.$": "$.itemsSchema.Arn" }],
  ["itemsImport", "DatasetImportJob", importing("items")],
  ["solution", "Solution", { ...group, "Name.$": "$.name", "RecipeArn.$": "$.recipe", PerformAutoTraining: false }],
  ["version", "SolutionVersion", { "SolutionArn.$": "$.solution.Arn", TrainingMode: "FULL" }],
  ["campaign", "Campaign", { "Name.$": "$.name", "SolutionVersionArn.$": "$.version.Arn", MinProvisionedTPS: 1 }],
];
const described = stages.filter(([, noun]) => noun !== "Schema");
const after = (stage) => stages[stages.findIndex(([each]) => each === stage) + 1]?.[0];
const isAt = (stage) => ({ Variable: "$.stage", StringEquals: stage });
const isStatus = (status) => ({ Variable: "$.check.Status", StringEquals: status });

const training = {
  StartAt: "Create group",
  States: {
    ...Object.assign({}, ...stages.map(([stage, noun, input]) => creating(stage, `create${noun}`, input, noun))),
    "Which stage?": {
      Type: "Choice",
      Choices: stages.map(([stage, noun]) => ({
        ...isAt(stage),
        Next: noun === "Schema" ? `Create ${after(stage)}` : `Check ${stage}`,
      })),
    },
    ...Object.assign({}, ...described.map(([stage, noun]) => checking(stage, noun))),
    "Is it ready?": {
      Type: "Choice",
      Choices: [
        ...described.map(([stage]) => ({
          And: [isAt(stage), isStatus("ACTIVE")],
          Next: after(stage) ? `Create ${after(stage)}` : "Tell that it is done",
        })),
        { ...isStatus("CREATE FAILED"), Next: "Tell of the failure" },
      ],
      Default: "Wait a minute",
    },
    "Wait a minute": { Type: "Wait", Seconds: 60, Next: "Which stage?" },
    "Tell that it is done": {
      ...{ Type: "Task", Resource: "arn:aws:states:::sns:publish", ResultPath: null, End: true },
      Parameters: { TopicArn, "Message.$": "States.JsonToString($)" },
    },
    "Tell of the failure": {
      ...{ Type: "Task", Resource: "arn:aws:states:::sns:publish", ResultPath: null, Next: "Failed" },
      Parameters: { TopicArn, "Message.$": "States.JsonToString($)" },
    },
    Failed: { Type: "Fail", Error: "PipelineFailed" },
  },
};

/** Lists a kind of things, deletes each, and lists again until none is left. */
function emptying(kind, plural, parameters, Next) {
  const one = kind.charAt(0).toLowerCase() + kind.slice(1);
  return {
    [`List ${plural}`]: {
      ...{ Type: "Task", Resource: sdk(`list${kind}s`), Parameters: parameters },
      ...{ ResultPath: "$.listed", Next: `Any ${plural} left?` },
    },
    [`Any ${plural} left?`]: {
      Type: "Choice",
      Choices: [{ Variable: `$.listed.${kind}s[0]`, IsPresent: true, Next: `Delete ${plural}` }],
      Default: Next,
    },
    [`Delete ${plural}`]: {
      ...{ Type: "Map", ItemsPath: `$.listed.${kind}s`, ResultPath: null, Next: `Wait for ${plural}` },
      ItemProcessor: {
        StartAt: `Delete ${one}`,
        States: {
          [`Delete ${one}`]: {
            ...{ Type: "Task", Resource: sdk(`delete${kind}`), Parameters: { [`${kind}Arn.$`]: `$.${kind}Arn` } },
            Catch: [{ ErrorEquals: ["Personalize.ResourceInUseException"], Next: `Leave ${one}` }],
            End: true,
          },
          [`Leave ${one}`]: { Type: "Succeed" },
        },
      },
    },
    [`Wait for ${plural}`]: { Type: "Wait", Seconds: 30, Next: `List ${plural}` },
  };
}

const ofGroup = { "DatasetGroupArn.$": "$.group" };
const cleaning = {
  StartAt: "List campaigns",
  States: {
    ...emptying("Campaign", "campaigns", { "SolutionArn.$": "$.solution" }, "List solutions"),
    ...emptying("Solution", "solutions", ofGroup, "List datasets"),
    ...emptying("Dataset", "datasets", ofGroup, "Delete schemas"),
    "Delete schemas": {
      ...{ Type: "Map", ItemsPath: "$.schemas", ResultPath: null, Next: "Delete group" },
      ItemProcessor: {
        StartAt: "Delete schema",
        States: {
          "Delete schema": {
            Type: "Task",
            Resource: sdk("deleteSchema"),
            Parameters: { "SchemaArn.$": "$" },
            End: true,
          },
        },
      },
    },
    "Delete group": {
      Type: "Task",
      Resource: sdk("deleteDatasetGroup"),
      Parameters: ofGroup,
      ResultPath: null,
      Next: "Wait",
    },
    Wait: { Type: "Wait", Seconds: 30, Next: "Is the group there?" },
    "Is the group there?": {
      ...{
        Type: "Task",
        Resource: sdk("describeDatasetGroup"),
        Parameters: ofGroup,
        ResultPath: "$.left",
        Next: "Wait",
      },
      Catch: [{ ErrorEquals: ["Personalize.ResourceNotFoundException"], ResultPath: "$.gone", Next: "Gone" }],
    },
    Gone: { Type: "Succeed" },
  },
};

const machines = new sfn.SFNClient({});
async function run(title, definition, input) {
  const made = { name: title, roleArn: roleArn("StatesRole"), definition: JSON.stringify(definition) };
  const { stateMachineArn } = await machines.send(new sfn.CreateStateMachineCommand(made));
  const started = new sfn.StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
  const { executionArn } = await machines.send(started);
  for (;;) {
    const found = await machines.send(new sfn.DescribeExecutionCommand({ executionArn }));
    if (found.status === "SUCCEEDED") return { stateMachineArn, executionArn, output: JSON.parse(found.output) };
    if (found.status !== "RUNNING") throw new Error(`${found.status}: ${found.error}: ${found.cause}`);
    await setTimeout(pollMs);
  }
}

const recipe = "arn:aws:personalize:::recipe/aws-popularity-count";
const trained = await run("train", training, { name, bucket, recipe, role: roleArn("PersonalizeRole") });
const asked = new GetRecommendationsCommand({ campaignArn: trained.output.campaign.Arn, userId: "3", numResults: 3 });
const { itemList } = await new PersonalizeRuntimeClient({}).send(asked);
const history = sfn.paginateGetExecutionHistory({ client: machines }, { executionArn: trained.executionArn });
const entered = [];
for await (const page of history) entered.push(...page.events.flatMap((event) => event.stateEnteredEventDetails ?? []));
const again = await run("train-again", training, { name, bucket, recipe, role: "r" }).catch((error) => error.message);

const left = await run("clean", cleaning, {
  ...{ group: arn("dataset-group"), solution: arn("solution") },
  schemas: [arn("schema", `${name}-interactions`), arn("schema", `${name}-items`)],
});
for (const { stateMachineArn } of [trained, left]) {
  await machines.send(new sfn.DeleteStateMachineCommand({ stateMachineArn }));
}
console.log(
  JSON.stringify({
    stage: trained.output.stage,
    items: itemList.map(({ itemId }) => itemId),
    created: entered.filter((state) => state.name.startsWith("Create ")).length,
    again: again.split(":")[1].trim(),
    gone: left.output.gone.Error,
  }),
);
