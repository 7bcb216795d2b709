/** A Glue job of one's own turns raw logs into the files of the import: on this machine it is a local command. */
import { CreateJobCommand, GetJobRunsCommand, GlueClient } from "@aws-sdk/client-glue";
import { afterEach, describe, expect, it } from "@jest/globals";
import { communitiesConfig, interactionsCsv } from "../support/communities.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let glue: GlueClient;
afterEach(async () => {
  glue.destroy();
  await stack.close();
});

/** One JSON object a line in, rows of the dataset out. */
const script = `
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const argument = (name) => process.argv[process.argv.indexOf(name) + 1];
const [Bucket, group] = [argument("--BUCKET"), argument("--GROUP")];
const s3 = new S3Client({ forcePathStyle: true });
const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: argument("--clicks") }));
const clicks = (await Body.transformToString()).trim().split("\\n").map((line) => JSON.parse(line));
const rows = clicks.map(({ user, item, at, type }) => [user, item, at, type].join(","));
const text = ["USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE", ...rows].join("\\n");
await s3.send(new PutObjectCommand({ Bucket, Key: group + "/interactions/prepared.csv", Body: text }));
`;

const clicks = interactionsCsv({ users: 100 })
  .trim()
  .split("\n")
  .slice(1)
  .map((row) => row.split(","))
  .map(([user, item, at, type]) => JSON.stringify({ user, item, at, type }))
  .join("\n");

const preparation = { glueJob: "prepare", rawPrefix: "raw/", arguments: { "--clicks": "raw/clicks.jsonl" } };

async function start(): Promise<void> {
  stack = await startStack({ config: communitiesConfig({ group: { preparation } }) });
  glue = new GlueClient({
    ...{ endpoint: stack.cloud.url, region: stack.cloud.region },
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  await stack.drop({ "scripts/prepare.mjs": script });
  const Command = { Name: "pythonshell", ScriptLocation: `s3://${stack.bucket}/scripts/prepare.mjs` };
  const Role = stack.outputs.PreparationRoleClub ?? "";
  await glue.send(new CreateJobCommand({ Name: "prepare", Role, Command }));
}

const jobRuns = async () => (await glue.send(new GetJobRunsCommand({ JobName: "prepare" }))).JobRuns ?? [];

describe("a preparation job", () => {
  it("makes the files of the run from raw logs whose upload started it, once", async () => {
    await start();
    await stack.drop({ "raw/clicks.jsonl": clicks });
    await stack.rest();

    const records = await stack.records("club");
    expect(records.map(({ outcome, inputs }) => [outcome, inputs.map(({ key }) => key)])).toEqual([
      ["PROMOTE", ["club/interactions/prepared.csv"]],
    ]);
    expect(await jobRuns()).toMatchObject([
      { JobRunState: "SUCCEEDED", Arguments: { "--BUCKET": stack.bucket, "--GROUP": "club" } },
    ]);
  });

  it("that fails fails the run, with what the job said", async () => {
    await start();
    await stack.drop({ "raw/clicks.jsonl": "no JSON" });
    await stack.rest();

    const [first] = await stack.executions("club");
    expect(first).toMatchObject({ status: "FAILED", error: "PreparationFailed" });
    expect(first?.cause).toMatch(/The Glue job prepare ended as FAILED \(run jr_\w+\): [^]*SyntaxError/);
  });
});
