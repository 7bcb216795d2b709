/** boto3, unmodified, where this machine has it: from outside, and inside a job. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { bucket, type GlueCloud, roleArn, startGlueCloud } from "./glue-cloud.ts";

const withBoto3 = spawnSync("python3", ["-c", "import boto3"]).status === 0 ? describe : describe.skip;
const run = promisify(execFile);

let lake: GlueCloud;
beforeAll(async () => {
  lake = await startGlueCloud();
});
afterAll(() => lake.close());

/** The job's own script: turns a raw log into rows, with the role's credentials and nothing configured. */
const jobScript = `
import sys
import boto3
from awsglue.utils import getResolvedOptions

options = getResolvedOptions(sys.argv, ["bucket", "JOB_NAME"])
s3 = boto3.client("s3")
raw = s3.get_object(Bucket=options["bucket"], Key="raw/clicks.log")["Body"].read().decode()
rows = ["USER_ID,ITEM_ID"] + [",".join(line.split(" ")[:2]) for line in raw.splitlines()]
s3.put_object(Bucket=options["bucket"], Key="interactions/rows.csv", Body="\\n".join(rows).encode())
print(boto3.client("sts").get_caller_identity()["Arn"])
`;

const script = `
import json, sys, time, boto3
bucket, role, what = sys.argv[1:4]
glue = boto3.client("glue")
if what == "start":
    glue.create_database(DatabaseInput={"Name": "lake"})
    glue.create_table(DatabaseName="lake", TableInput={
        "Name": "interactions",
        "Parameters": {"skip.header.line.count": "1"},
        "StorageDescriptor": {
            "Location": f"s3://{bucket}/interactions/",
            "Columns": [{"Name": "user_id", "Type": "string"}, {"Name": "item_id", "Type": "string"}],
            "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.OpenCSVSerde"},
        },
    })
    glue.create_data_quality_ruleset(Name="checks", Ruleset='Rules = [ RowCount = 2, IsUnique "item_id" ]')
    glue.create_job(Name="prepare", Role=role, Command={"Name": "pythonshell", "ScriptLocation": f"s3://{bucket}/job.py"})
    run = glue.start_job_run(JobName="prepare", Arguments={"--bucket": bucket})
    print(json.dumps(run["JobRunId"]))
elif what == "evaluate":
    run = glue.start_data_quality_ruleset_evaluation_run(
        DataSource={"GlueTable": {"DatabaseName": "lake", "TableName": "interactions"}},
        Role=role, RulesetNames=["checks"])
    print(json.dumps(run["RunId"]))
else:
    job = glue.get_job_run(JobName="prepare", RunId=sys.argv[4])["JobRun"]
    run = glue.get_data_quality_ruleset_evaluation_run(RunId=sys.argv[5])
    result = glue.get_data_quality_result(ResultId=run["ResultIds"][0])
    print(json.dumps([job["JobRunState"], run["Status"], result["Score"],
                      [(rule["Result"], rule["EvaluatedMetrics"]) for rule in result["RuleResults"]]]))
`;

withBoto3("boto3 (skipped: no boto3)", () => {
  const python = async (...args: string[]) => {
    const keys = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
    const env = { ...process.env, ...keys, AWS_ENDPOINT_URL: lake.cloud.url, AWS_DEFAULT_REGION: "us-east-1" };
    const { stdout } = await run("python3", ["-c", script, bucket, roleArn, ...args], { env });
    await lake.clock.idle();
    return JSON.parse(stdout) as unknown;
  };

  it("prepares data with a job, has it evaluated and reads the result", async () => {
    await lake.put("job.py", jobScript);
    await lake.put("raw/clicks.log", "u1 i1 click\nu2 i2 click\n");

    const jobRun = (await python("start")) as string;
    const evaluation = (await python("evaluate")) as string;

    const metrics = [{ "Dataset.*.RowCount": 2 }, { "Column.item_id.Uniqueness": 1 }];
    const rules = metrics.map((found) => ["PASS", found]);
    expect(await python("look", jobRun, evaluation)).toEqual(["SUCCEEDED", "SUCCEEDED", 1, rules]);
  });
});
