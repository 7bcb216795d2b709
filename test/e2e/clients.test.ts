import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { begin, canRun, type Finished, outrank, scratch, type Up, up } from "../support/command-line.ts";
import { interactionsCsv, itemsCsv } from "../support/communities.ts";

const place = scratch();
let cloud: Up;
let report: { execution: string; campaignArn: string; candidate: { solutionVersionArn: string } };

beforeAll(async () => {
  const data = place.folder("club", { "interactions.csv": interactionsCsv({ users: 300 }), "items.csv": itemsCsv() });
  const state = join(place.path, "state");
  const options = ["--state", state, "--data", data, "--port", "0", "--time-scale", "600", "--once", "--json"];
  const { code, stdout, stderr } = await outrank("start", ...options);
  if (code !== 0) throw new Error(`${stdout}\n${stderr}`);
  report = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as typeof report;
  cloud = await up("--state", state);
}, 120_000);

afterAll(async () => {
  cloud.child.kill("SIGINT");
  await cloud.finished;
  place.remove();
});

const environment = () => ({
  AWS_ENDPOINT_URL: cloud.url,
  AWS_ACCESS_KEY_ID: "me",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_DEFAULT_REGION: "us-east-1",
});
const machineArn = () => report.execution.replace(":execution:", ":stateMachine:").split(":").slice(0, 7).join(":");

async function answer(running: Promise<Finished>): Promise<unknown> {
  const { code, stdout, stderr } = await running;
  if (code !== 0) throw new Error(`ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

const withCli = canRun("aws", "--version") ? describe : describe.skip;
withCli(`the aws cli${withCli === describe ? "" : " (skipped: no aws cli)"}`, () => {
  const aws = (...args: string[]) => begin("aws", args, place.path, environment()).finished;

  it("lists the executions", async () => {
    const listed = await answer(aws("stepfunctions", "list-executions", "--state-machine-arn", machineArn()));

    expect(listed).toMatchObject({
      executions: expect.arrayContaining([
        expect.objectContaining({ executionArn: report.execution, status: "SUCCEEDED" }),
      ]),
    });
  });

  it("lists the campaigns", async () => {
    const listed = await answer(aws("personalize", "list-campaigns"));

    expect(listed).toMatchObject({ campaigns: [{ campaignArn: report.campaignArn, status: "ACTIVE" }] });
  });

  it("describes the campaign that went live", async () => {
    const { campaignArn, candidate } = report;

    const described = await answer(aws("personalize", "describe-campaign", "--campaign-arn", campaignArn));

    expect(described).toMatchObject({
      campaign: { campaignArn, status: "ACTIVE", solutionVersionArn: candidate.solutionVersionArn },
    });
  });

  it("gets recommendations from the user's own community", async () => {
    const wanted = ["--campaign-arn", report.campaignArn, "--user-id", "u1", "--num-results", "5"];

    const { itemList } = (await answer(aws("personalize-runtime", "get-recommendations", ...wanted))) as {
      itemList: { itemId: string; score: number }[];
    };

    // u1 belongs to community 1, which likes i10 to i19.
    expect(itemList).toHaveLength(5);
    expect(itemList.filter(({ itemId }) => /^i1\d$/.test(itemId)).length).toBeGreaterThanOrEqual(4);
  });

  it("copies a file of several parts there and back", async () => {
    const [there, back] = [join(place.path, "there.bin"), join(place.path, "back.bin")];
    writeFileSync(there, Buffer.alloc(9_000_000, "outrank"));
    const bucket = ((await answer(aws("s3api", "list-buckets"))) as { Buckets: { Name: string }[] }).Buckets[0]?.Name;

    const copies = [
      await aws("s3", "cp", there, `s3://${bucket}/elsewhere/file.bin`),
      await aws("s3", "cp", `s3://${bucket}/elsewhere/file.bin`, back),
    ];

    expect(copies.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
      { code: 0, stderr: "" },
      { code: 0, stderr: "" },
    ]);
    expect(readFileSync(back).equals(readFileSync(there))).toBe(true);
  }, 60_000);
});

const asksPersonalize = `
import boto3, json, sys
arn = sys.argv[1]
campaign = boto3.client("personalize").describe_campaign(campaignArn=arn)["campaign"]
items = boto3.client("personalize-runtime").get_recommendations(campaignArn=arn, userId="u1", numResults=3)["itemList"]
try:
    boto3.client("personalize").describe_campaign(campaignArn=arn + "-not")
except boto3.client("personalize").exceptions.ResourceNotFoundException as error:
    refused = error.response["Error"]["Code"]
print(json.dumps({"status": campaign["status"], "created": campaign["creationDateTime"].year > 2020,
                  "items": len(items), "refused": refused}))
`;

const withBoto = canRun("python3", "-c", "import boto3") ? describe : describe.skip;
withBoto(`boto3${withBoto === describe ? "" : " (skipped: no boto3)"}`, () => {
  it("reads shapes, times and errors as its own", async () => {
    const asked = begin("python3", ["-c", asksPersonalize, report.campaignArn], place.path, environment());

    expect(await answer(asked.finished)).toEqual({
      ...{ status: "ACTIVE", created: true, items: 3, refused: "ResourceNotFoundException" },
    });
  }, 60_000);
});
