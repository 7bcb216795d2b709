/** The same port spoken to by the aws cli and boto3, where they are installed. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { execFile, spawnSync } from "node:child_process";
import { AwsError } from "../../../../local/cloud/ports/aws-error.ts";
import { createCloudWatch } from "../../../../local/cloudwatch/create-cloudwatch.ts";
import { createLogs } from "../../../../local/logs/create-logs.ts";
import { createSns } from "../../../../local/sns/create-sns.ts";
import { createSts } from "../../../../local/sts/create-sts.ts";
import { createCredentials } from "../../../../local/sts/credentials.ts";
import { fakeService, startCloud } from "../../../support/running-cloud.ts";

const installed = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const withCli = installed("aws", "--version") ? { it, note: "" } : { it: it.skip, note: " (skipped: no aws cli)" };
const withBoto3 = installed("python3", "-c", "import boto3")
  ? { it, note: "" }
  : { it: it.skip, note: " (skipped: no boto3)" };

let cloud: Awaited<ReturnType<typeof startCloud>>;

beforeAll(async () => {
  cloud = await startCloud((deps) => [
    createSts({ ...deps, credentials: createCredentials(deps) }).service,
    createSns({ ...deps, setResourcePolicy: async () => {} }).service,
    createCloudWatch(deps).service,
    createLogs(deps).service,
    fakeService("personalize", {
      DescribeCampaign: () => {
        throw new AwsError("ResourceNotFoundException", "Resource Arn X does not exist.");
      },
      ListCampaigns: () => ({ campaigns: [{ name: "c", creationDateTime: new Date(1599000000123) }] }),
    }),
    fakeService("personalize-runtime", { GetRecommendations: () => ({ itemList: [{ itemId: "42" }] }) }),
    fakeService("scheduler", { GetSchedule: ({ Name }: { Name: string }) => ({ Name, CreationDate: new Date(0) }) }),
    fakeService("lambda", { Invoke: () => ({ StatusCode: 200, Payload: Buffer.from('"ok"') }) }),
    fakeService("states", { ListExecutions: () => ({ executions: [] }) }),
  ]);
});
afterAll(() => cloud.close());

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a client against the cloud; never by the shell. */
function run(command: string, args: string[]): Promise<Ran> {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: cloud.url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_PAGER: "",
  };
  return new Promise((resolve) => {
    execFile(command, args, { env }, (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }));
  });
}

describe("the aws cli", () => {
  const aws = (line: string) => run("aws", line.split(" "));

  withCli.it(`is answered in every protocol${withCli.note}`, async () => {
    const [identity, topic, metric, campaigns] = await Promise.all([
      aws("sts get-caller-identity --query Account --output text"),
      aws("sns create-topic --name cli"),
      aws("cloudwatch put-metric-data --namespace Cli --metric-name m --value 1.5"),
      aws("personalize list-campaigns --query campaigns[0].name"),
    ]);
    expect(identity.out).toBe("000000000000\n");
    expect(JSON.parse(topic.out)).toEqual({ TopicArn: "arn:aws:sns:us-east-1:000000000000:cli" });
    expect(metric).toEqual({ code: 0, out: "", err: "" });
    expect(campaigns.out).toBe('"c"\n');
  });

  withCli.it(`shows errors as of AWS${withCli.note}`, async () => {
    const { code, err } = await aws(
      "personalize describe-campaign --campaign-arn arn:aws:personalize:us-east-1:0:campaign/x",
    );
    expect(code).toBeGreaterThan(0);
    expect(err).toContain(
      "An error occurred (ResourceNotFoundException) when calling the DescribeCampaign operation: Resource Arn X does not exist.",
    );
  });
});

describe("boto3", () => {
  const script = `
import boto3, json, time
from botocore.exceptions import ClientError
c = lambda name: boto3.client(name)
out = {}
out["arn"] = c("sts").get_caller_identity()["Arn"]
topic = c("sns").create_topic(Name="boto", Tags=[{"Key": "k", "Value": "v w"}])["TopicArn"]
out["tags"] = c("sns").list_tags_for_resource(ResourceArn=topic)["Tags"]
try:
    c("sns").get_topic_attributes(TopicArn=topic + "x")
except ClientError as e:
    out["sns"] = [e.response["Error"]["Code"], e.response["ResponseMetadata"]["HTTPStatusCode"]]
w = c("cloudwatch")
w.put_metric_data(Namespace="Boto", MetricData=[{"MetricName": "m", "Value": 2.5, "Timestamp": 1767571200}])
stats = w.get_metric_statistics(Namespace="Boto", MetricName="m", StartTime=1767571200, EndTime=1767571260, Period=60, Statistics=["Sum"])
out["points"] = [[p["Timestamp"].timestamp(), p["Sum"]] for p in stats["Datapoints"]]
try:
    w.set_alarm_state(AlarmName="none", StateValue="OK", StateReason="r")
except w.exceptions.ResourceNotFound as e:
    out["alarm"] = e.response["Error"]["Code"]
l = c("logs")
l.create_log_group(logGroupName="g")
try:
    l.create_log_group(logGroupName="g")
except l.exceptions.ResourceAlreadyExistsException as e:
    out["logs"] = str(e)
out["items"] = c("personalize-runtime").get_recommendations(campaignArn="arn:aws:personalize:us-east-1:0:campaign/x")["itemList"]
out["schedule"] = c("scheduler").get_schedule(Name="n.1")["Name"]
out["payload"] = c("lambda").invoke(FunctionName="f")["Payload"].read().decode()
out["executions"] = c("stepfunctions").list_executions(stateMachineArn="arn:aws:states:us-east-1:0:stateMachine:m")["executions"]
try:
    c("personalize").describe_campaign(campaignArn="no arn")
except ClientError as e:
    out["invalid"] = e.response["Error"]["Code"]
print(json.dumps(out))
`;

  withBoto3.it(`is answered in every protocol${withBoto3.note}`, async () => {
    const { out, err } = await run("python3", ["-c", script]);

    expect(err).toBe("");
    expect(JSON.parse(out)).toEqual({
      arn: "arn:aws:iam::000000000000:root",
      tags: [{ Key: "k", Value: "v w" }],
      sns: ["NotFound", 404],
      points: [[1767571200, 2.5]],
      alarm: "ResourceNotFound",
      logs: expect.stringContaining("The specified log group already exists"),
      items: [{ itemId: "42" }],
      schedule: "n.1",
      payload: '"ok"',
      executions: [],
      invalid: "InvalidInputException",
    });
  });
});
